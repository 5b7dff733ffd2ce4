"""Certificates of every kind that people upload, and what is none."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    pkcs12,
)
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arm.certificates_reader import certificate_data
from bot.core.model.certificate import Bundle, Certificate, Unreadable
from bot.core.model.observation import PUBLIC
from bot.lab.pki import authority, leaf, rsa_key, signed_with
from bot.probe import NetworkProber
from bot.probe.trust import Anchors, PublicRoots
from bot.probe.x509 import LONGEST_REMEMBERED, read_certificate, read_der
from tests.probe.conftest import Pki

REAL = Path(__file__).parents[3] / "shared" / "real" / "gateways"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def wrapped(text: str) -> str:
    return "\r\n".join(text[at : at + 64] for at in range(0, len(text), 64)) + "\r\n"


@pytest.mark.parametrize(
    "form",
    [
        pytest.param(lambda site: b64(site.der), id="base64 of DER"),
        pytest.param(lambda site: wrapped(b64(site.der)), id="base64 in lines"),
        pytest.param(lambda site: b64(site.pem), id="base64 of PEM"),
        pytest.param(
            lambda site: b64(site.pem.replace(b"\n", b"\r\n")), id="base64 of Windows PEM"
        ),
        pytest.param(lambda site: b64(b"\xef\xbb\xbf" + site.pem), id="base64 of PEM with a BOM"),
        pytest.param(lambda site: site.pem.decode("ascii"), id="PEM"),
        pytest.param(lambda site: b64(b"Bag Attributes\n" + site.pem), id="PEM after words"),
        pytest.param(lambda site: b64(site.key_pem + site.pem), id="PEM after a key"),
        pytest.param(lambda site: b64(site.pem + site.issuer.pem), id="PEM of a chain"),
    ],
)
def test_forms_of_a_certificate(pki: Pki, form: object) -> None:
    assert callable(form)
    found = read_certificate(form(pki.site))
    assert isinstance(found, Certificate)
    assert found.sha256 == pki.site.sha256


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it is empty"),
        (" \r\n", "it is empty"),
        ("*****", "it is neither base64 nor PEM"),
        ("straße", "it is neither base64 nor PEM"),
        ("\ud800", "it is neither base64 nor PEM"),
        (b64(b"hello"), "it is not a certificate"),
        (b64(b"\x30\x03\x02\x01\x05"), "it is not a certificate, or a damaged one"),
        ("-----BEGIN CERTIFICATE-----", "it is PEM, but damaged"),
        ("-----BEGIN CERTIFICATE-----A-----END CERTIFICATE-----", "it is PEM, but damaged"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "it is not a certificate"),
    ],
)
def test_what_is_no_certificate_is_told(text: str, reason: str) -> None:
    assert read_certificate(text) == Unreadable(reason)


def test_files_that_are_taken_for_certificates(pki: Pki) -> None:
    site = pki.site
    pfx = pkcs12.serialize_key_and_certificates(
        b"site", site.key, site.certificate, None, BestAvailableEncryption(b"secret")
    )
    key = site.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert read_certificate(b64(pfx)) == Unreadable(
        "it is a PKCS#12 file (.pfx), not a certificate"
    )
    assert read_certificate(b64(key)) == Unreadable("it is PEM of a private key")
    assert read_certificate(site.base64_pkcs7) == Unreadable(
        "it is a PKCS#7 bundle (.p7b), not a certificate"
    )


def test_the_facts_of_a_certificate(pki: Pki) -> None:
    issued = leaf(
        "shop.contoso.com", dns_names=["shop.contoso.com", "*.contoso.com"], issuer=pki.root
    )
    found = read_der(issued.der)
    assert found.subject == "CN=shop.contoso.com"
    assert found.issuer == "CN=Contoso Root CA"
    assert found.common_name == "shop.contoso.com"
    assert found.dns_names == ("shop.contoso.com", "*.contoso.com")
    assert found.has_san
    assert found.sha256 == issued.sha256
    assert found.der == issued.der
    assert found.not_before == issued.certificate.not_valid_before_utc
    assert found.not_after == issued.certificate.not_valid_after_utc
    assert (found.is_ca, found.self_signed, found.is_root) == (False, False, False)


def test_a_root_and_a_certificate_without_alternative_name(pki: Pki) -> None:
    root, bare = read_der(pki.root.der), read_der(leaf("a.b", dns_names=()).der)
    assert root.is_root
    assert (bare.has_san, bare.dns_names, bare.common_name) == (False, (), "a.b")
    assert (bare.is_ca, bare.self_signed) == (False, True)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(rsa_key(), id="RSA"),
        pytest.param(ec.generate_private_key(ec.SECP384R1()), id="EC"),
        pytest.param(ed25519.Ed25519PrivateKey.generate(), id="Ed25519"),
    ],
)
def test_self_signed_is_proved_by_the_signature(
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey,
) -> None:
    der = signed("CN=Root", key)
    assert read_der(der).self_signed
    forged = der[:-1] + bytes([der[-1] ^ 1])
    assert read_der(forged).self_issued
    assert not read_der(forged).self_signed


def signed(
    name: str, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
) -> bytes:
    """A self-signed certificate, without any extension."""
    subject = x509.Name.from_rfc4514_string(name)
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2027, 1, 1, tzinfo=UTC))
        .sign(key, digest)
    )
    return made.public_bytes(Encoding.DER)


def test_same_name_and_other_key_is_not_self_signed() -> None:
    twin = leaf("Twin", issuer=authority("Twin"))
    assert read_der(twin.der).self_issued
    assert not read_der(twin.der).self_signed


def test_the_last_common_name_counts() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    found = read_der(signed("CN=most specific,O=Contoso\\, Ltd,CN=least specific", key))
    assert found.common_name == "most specific"
    assert found.subject == "CN=most specific,O=Contoso\\, Ltd,CN=least specific"


@pytest.mark.parametrize("serial", [b"\x00", b"\xff", b"\x80"])
def test_a_serial_number_below_one_stops_nothing(serial: bytes) -> None:
    # Real gateways hold such; `cryptography` warns of them, and the tests turn warnings into errors.
    der = signed("CN=odd.contoso.com", ec.generate_private_key(ec.SECP256R1()))
    odd = der.replace(b"\x02\x01\x01", b"\x02\x01" + serial, 1)
    assert odd != der
    assert read_der(odd).subject == "CN=odd.contoso.com"


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        pytest.param(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x07", id="version 8"),
        pytest.param(b"\x55\x1d\x25", b"\x55\x1d\x11", id="an extension twice"),
        pytest.param(b"\x82\x10shop", b"\x82\x10\xffhop", id="a DNS name that is not ASCII"),
        pytest.param(b"\x82\x10shop", b"\xa5\x10shop", id="a name of an unknown kind"),
        pytest.param(b"\x0c\x12Contoso", b"\x03\x12\x00ontoso", id="a name as a bit string"),
    ],
)
def test_what_cryptography_refuses_is_read_by_openssl(pki: Pki, good: bytes, bad: bytes) -> None:
    assert good in pki.site.der
    found = read_der(pki.site.der.replace(good, bad))
    assert found.subject == "CN=shop.contoso.com"
    assert found.issuer.startswith("CN=")
    assert found.common_name == "shop.contoso.com"
    assert found.not_before == pki.site.certificate.not_valid_before_utc
    assert found.not_after == pki.site.certificate.not_valid_after_utc
    assert (found.dns_names, found.is_ca, found.self_signed) == ((), False, False)


def test_both_readers_spell_a_name_alike() -> None:
    der = signed("CN=a.b,OU=x\\+y,O=Contoso\\, Ltd", ec.generate_private_key(ec.SECP256R1()))
    by_openssl = read_der(der.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x07"))
    assert by_openssl.subject == read_der(der).subject == "CN=a.b,OU=x\\+y,O=Contoso\\, Ltd"


def test_what_openssl_refuses_is_read_and_not_tried_as_an_anchor(pki: Pki) -> None:
    # A name of the type GeneralizedTime.
    name = b"\x06\x03\x55\x04\x03"
    odd = read_der(pki.root.der.replace(name + b"\x0c", name + b"\x18"))
    assert odd.subject == "CN=Contoso Root CA"
    assert not odd.self_signed
    (found,) = Anchors([odd], PublicRoots().store).judge([read_der(pki.site.der)])
    assert found.anchor == PUBLIC


def test_a_date_that_is_none_is_never_in_date(pki: Pki) -> None:
    ends = pki.site.certificate.not_valid_after_utc.strftime("%y%m%d%H%M%SZ").encode()
    assert ends in pki.site.der
    found = read_der(pki.site.der.replace(ends, b"269999999999Z"))
    assert not found.valid_at(datetime.now(UTC))


MANGLED = leaf("mangled.contoso.com", issuer=authority("Mangled CA")).der


@given(st.lists(st.tuples(st.integers(0, len(MANGLED) - 1), st.integers(0, 255)), max_size=4))
def test_a_damaged_certificate_never_raises(changes: list[tuple[int, int]]) -> None:
    der = bytearray(MANGLED)
    for at, byte in changes:
        der[at] = byte
    assert isinstance(read_certificate(b64(bytes(der))), Certificate | Unreadable)


@given(st.binary() | st.binary().map(lambda rest: b"\x30\x82\x01\x0a" + rest))
def test_random_bytes_never_raise(data: bytes) -> None:
    assert isinstance(read_certificate(b64(data)), Unreadable)


@given(st.text() | st.text().map(lambda text: f"-----BEGIN CERTIFICATE-----{text}"))
def test_random_text_never_raises(text: str) -> None:
    assert isinstance(read_certificate(text), Unreadable)


def real_documents() -> Iterator[Path]:
    yield from sorted(REAL.glob("*.json"))


@pytest.mark.skipif(not REAL.is_dir(), reason="no recorded gateways beside the repository")
def test_every_recorded_certificate_is_read_or_told() -> None:
    texts = [
        text
        for path in real_documents()
        for text in certificate_data(json.loads(path.read_text("utf-8")))
    ]
    found = NetworkProber({}, loopback_only=True).read_certificates(texts)
    assert set(found) == set(texts)
    assert any(isinstance(one, Certificate) for one in found.values())


def test_key_and_signature_are_facts_too(pki: Pki) -> None:
    site, issuing = read_der(pki.site.der), read_der(pki.issuing.der)
    assert site.issuer_key_id == issuing.key_id
    assert issuing.key_id is not None
    assert (site.key_kind, site.key_bits, site.signature_hash) == ("EC", 256, "sha256")
    spki = pki.site.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert site.public_key == sha256(spki).hexdigest()
    weak = read_der(signed_with("md5", leaf("shop.contoso.com", key=rsa_key(1024))).der)
    assert (weak.key_kind, weak.key_bits, weak.signature_hash) == ("RSA", 1024, "md5")
    bare = read_der(leaf("shop.contoso.com", key_ids=False).der)
    assert (bare.key_id, bare.issuer_key_id) == (None, None)


def test_a_bundle_is_its_first_certificate_and_knows_the_others(pki: Pki) -> None:
    damaged = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    found = read_certificate((pki.issuing.pem + damaged + pki.root.pem).decode())
    assert isinstance(found, Bundle)
    assert found.first == read_der(pki.issuing.der)
    assert [it.sha256 for it in found.others] == [pki.root.sha256]
    alone = read_certificate((pki.issuing.pem + damaged).decode())
    assert alone == read_der(pki.issuing.der)
    assert isinstance(read_certificate((damaged + pki.root.pem).decode()), Unreadable)


def test_what_a_certificate_says_is_read_once_unless_it_is_very_long(pki: Pki) -> None:
    der = leaf("once.contoso.com", issuer=pki.root).der
    assert read_der(bytes(bytearray(der))) is read_der(bytes(bytearray(der)))
    names = [f"site-with-a-long-name-{number}.contoso.com" for number in range(300)]
    wide = leaf("wide.contoso.com", dns_names=names, issuer=pki.root).der
    assert len(wide) > LONGEST_REMEMBERED
    assert read_der(wide) == read_der(wide)
    assert read_der(wide) is not read_der(wide)
