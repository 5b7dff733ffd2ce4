"""Certificates of the lab, judged by the openssl command."""

import base64
import re
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from bot.lab.pki import EXPIRED, NOT_YET_VALID, Issued, authority, leaf, rsa_key

ROOT = authority("Root")
ISSUING = authority("Issuing", issuer=ROOT)


def verify_code(folder: Path, issued: Issued) -> int:
    """The code of `openssl verify` against ROOT, 0 for none."""
    files = {"root": ROOT, "issuing": ISSUING, "leaf": issued}
    for name, each in files.items():
        (folder / name).write_bytes(each.pem)
    result = subprocess.run(
        ["openssl", "verify", "-CAfile", "root", "-untrusted", "issuing", "leaf"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    found = re.search(r"error (\d+) at", result.stderr)
    return int(found.group(1)) if found else result.returncode


@pytest.mark.parametrize(
    ("issued", "code"),
    [
        pytest.param(leaf("a.example.com", issuer=ISSUING), 0, id="in order"),
        pytest.param(
            leaf("a.example.com", issuer=ISSUING, validity=NOT_YET_VALID), 9, id="not yet valid"
        ),
        pytest.param(leaf("a.example.com", issuer=ISSUING, validity=EXPIRED), 10, id="expired"),
        pytest.param(leaf("a.example.com"), 18, id="self-signed"),
        pytest.param(leaf("a.example.com", issuer=authority("Stranger")), 20, id="unknown issuer"),
    ],
)
def test_openssl_finds_the_fault_that_was_asked_for(
    tmp_path: Path, issued: Issued, code: int
) -> None:
    assert verify_code(tmp_path, issued) == code


def test_names() -> None:
    both = leaf("a.example.com", dns_names=["a.example.com", "*.b.example.com"])
    san = both.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    assert san.value.get_values_for_type(x509.DNSName) == ["a.example.com", "*.b.example.com"]
    bare = leaf("a.example.com", dns_names=())
    with pytest.raises(x509.ExtensionNotFound):
        bare.certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)


def test_path_goes_from_the_leaf_to_the_root() -> None:
    issued = leaf("a.example.com", issuer=ISSUING)
    assert issued.path == (issued, ISSUING, ROOT)


def test_forms_in_which_a_gateway_keeps_certificates() -> None:
    assert base64.b64decode(ROOT.base64_der) == ROOT.der
    assert pkcs7.load_der_pkcs7_certificates(base64.b64decode(ROOT.base64_pkcs7)) == [
        ROOT.certificate
    ]


def test_a_key_may_be_rsa() -> None:
    issued = leaf("a.example.com", issuer=ISSUING, key=rsa_key())
    assert isinstance(issued.certificate.public_key(), rsa.RSAPublicKey)
