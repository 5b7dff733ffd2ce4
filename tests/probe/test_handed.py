"""What people export and hand in: exactly one certificate, in whatever form, and never a key."""

import base64
import codecs

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
    pkcs12,
)

from bot.core.model.certificate import MOST_HANDED_IN, Certificate, Unreadable
from bot.lab.pki import authority, leaf
from bot.probe.handed import read_handed

ROOT = authority("Contoso Root CA")
SITE = leaf("shop.contoso.com", issuer=ROOT)
DER = SITE.certificate.public_bytes(Encoding.DER)
WHOLE = SITE.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
LOCKED = SITE.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, BestAvailableEncryption(b"x"))
OLD_FORM = SITE.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
AS_PEM = SITE.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "content",
    [
        DER,
        SITE.pem,
        base64.b64encode(DER),
        b"\r\n".join(base64.encodebytes(DER).split()),
        b"depth=0 CN = shop\n" + SITE.pem + b"subject=CN = shop\n",
        codecs.BOM_UTF8 + SITE.pem,
        codecs.BOM_UTF16_LE + SITE.pem.decode().encode("utf-16-le"),
        codecs.BOM_UTF16_BE + SITE.pem.decode().encode("utf-16-be"),
        SITE.pem + SITE.pem,
    ],
    ids=["der", "pem", "base64", "lines", "among lines", "utf-8", "utf-16", "utf-16 be", "twice"],
)
def test_every_form_in_which_people_export_one(content: bytes) -> None:
    found = read_handed(content)
    assert isinstance(found, Certificate)
    assert found.der == DER
    assert type(found) is Certificate


@pytest.mark.parametrize(
    "content",
    [
        AS_PEM,
        SITE.pem + AS_PEM,
        b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA",
        WHOLE,
        LOCKED,
        OLD_FORM,
        base64.b64encode(WHOLE),
        base64.b64encode(OLD_FORM),
        pkcs12.serialize_key_and_certificates(
            b"n", SITE.key, SITE.certificate, None, NoEncryption()
        ),
    ],
    ids=["pem", "beside", "cut", "pkcs8", "locked", "pkcs1", "base64", "base64 pkcs1", "pfx"],
)
def test_a_private_key_is_refused_and_not_repeated(content: bytes) -> None:
    found = read_handed(content)
    assert isinstance(found, Unreadable)
    assert "it holds a private key" in found.reason
    assert "Nothing of it was kept here" in found.reason
    assert base64.b64encode(WHOLE).decode()[40:60] not in found.reason


@pytest.mark.parametrize("last", [b" ", b"\t", b"\r", b"\n"])
def test_in_binary_form_the_last_byte_may_look_like_an_empty_line(last: bytes) -> None:
    """It is the end of a random signature; a byte less, and the length would not fit any more."""
    found = read_handed(DER[:-1] + last)
    assert isinstance(found, Certificate)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "it is empty"),
        (b"hello", "it is neither base64 nor PEM"),
        (b"<html>", "it is neither base64 nor PEM"),
        (bytes(range(256)), "it is neither base64 nor PEM"),
        (b"0", "it is cut off"),
        (DER[:-10], "it is cut off, or there is something behind it"),
        (DER + b"more", "it is cut off, or there is something behind it"),
        (SITE.pem + ROOT.pem, "it holds 2 certificates"),
        (SITE.pem[:-60], "it is PEM, but damaged"),
        (b"x" * (MOST_HANDED_IN + 1), "it is longer than 64 kB"),
        (b"0\x03\x02\x01\x01", "it is not a certificate, or a damaged one"),
        (
            pkcs7.serialize_certificates([SITE.certificate, ROOT.certificate], Encoding.DER),
            "it is a PKCS#7 bundle",
        ),
    ],
)
def test_what_is_no_single_certificate_is_said(content: bytes, why: str) -> None:
    found = read_handed(content)
    assert isinstance(found, Unreadable)
    assert why in found.reason
