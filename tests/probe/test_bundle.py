"""What Azure shows of a listener's certificate, whichever form it has."""

import base64

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from bot.core.model.certificate import Certificate, Unreadable
from bot.lab.pki import Issued, authority, leaf
from bot.probe.bundle import read_bundle, read_bundles

ROOT = authority("Contoso Root CA")
ISSUING = authority("Contoso Issuing CA", issuer=ROOT)
SITE = leaf("shop.contoso.com", issuer=ISSUING)


def bundle(*chain: Issued) -> str:
    """The chain as PKCS#7, in this order."""
    made = pkcs7.serialize_certificates([it.certificate for it in chain], Encoding.DER)
    return base64.b64encode(made).decode()


@pytest.mark.parametrize(
    "chain", [(SITE, ISSUING, ROOT), (ROOT, ISSUING, SITE), (ISSUING, SITE), (SITE,)]
)
def test_the_leaf_is_found_wherever_it_stands(chain: tuple[Issued, ...]) -> None:
    found = read_bundle(bundle(*chain))
    assert isinstance(found, Certificate)
    assert found.sha256 == SITE.sha256


def test_of_authorities_alone_the_lowest_is_taken() -> None:
    found = read_bundle(bundle(ROOT, ISSUING))
    assert isinstance(found, Certificate)
    assert found.sha256 == ISSUING.sha256


def test_a_certificate_without_a_bundle_is_read_as_it_is() -> None:
    for text in (SITE.base64_der, SITE.pem.decode()):
        assert isinstance(read_bundle(text), Certificate)


def test_a_certificate_of_x509_v2_in_a_bundle_is_said_to_be_one() -> None:
    """No version but v1 and v3 is in use; `cryptography` refuses the whole bundle for it."""
    whole = base64.b64decode(bundle(SITE, ISSUING))
    v3, v2 = bytes.fromhex("a003020102"), bytes.fromhex("a003020101")
    assert whole.count(v3) == 2
    found = read_bundle(base64.b64encode(whole.replace(v3, v2, 1)).decode())
    assert isinstance(found, Unreadable)
    assert found.reason == (
        "its PKCS#7 bundle holds a certificate that breaks the rules: 1 is not a valid X509 version"
    )


@pytest.mark.parametrize("text", ["", "*****", "bm8gY2VydGlmaWNhdGU=", bundle(SITE)[:200]])
def test_what_is_none_is_said_to_be_none(text: str) -> None:
    assert isinstance(read_bundles([text])[text], Unreadable)
