"""A certificate that a person hands in: exactly one, and nothing else with it.

People export from a browser, from Windows' certificate manager or with OpenSSL: DER, Base-64 (PEM), PEM among other
lines, bare base64, and texts that a Windows shell has written as UTF-16. Whoever exports the wrong thing may hand in a
private key: such a file is refused as a whole, and nothing of it is kept or repeated.
"""

import base64
import binascii
import codecs
import re

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_der_private_key

from bot.core.model.certificate import MOST_HANDED_IN, Bundle, Certificate, Unreadable
from bot.probe.x509 import read_certificate

PRIVATE_KEY = (
    "it holds a private key, which belongs to the server alone. Nothing of it was kept here; delete it wherever you"
    " sent it, let the key be replaced, and export the certificate without its key"
)

_KEY = re.compile(rb"PRIVATE[ _]KEY")
_PFX = bytes.fromhex("020103")
"""The version that a PKCS#12 file begins with (RFC 7292, section 4); such a file is made to hold a key."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_handed(content: bytes) -> Certificate | Unreadable:
    """The one certificate in a file or a pasted text, or why it is not taken. Never raises, and quotes nothing."""
    if len(content) > MOST_HANDED_IN:
        return Unreadable(
            f"it is longer than {MOST_HANDED_IN // 1024} kB: export one certificate alone"
        )
    content = _as_bytes(content)
    if content[:1] != b"\x30":
        # In binary form the last byte may be any.
        content = content.strip(b" \t\r\n")
    der = _der(content)
    if _KEY.search(content) or _is_key(der):
        return Unreadable(PRIVATE_KEY)
    if der[:1] == b"\x30" and len(der) != _length(der):
        return Unreadable(
            "it is cut off, or there is something behind it: export the certificate again"
        )
    text = base64.b64encode(content) if content[:1] == b"\x30" else content
    found = read_certificate(text.decode("utf-8", "replace"))
    if isinstance(found, Bundle):
        more = {it.sha256 for it in found.others} - {found.sha256}
        if more:
            return Unreadable(
                f"it holds {len(more) + 1} certificates, and which is meant is not clear: hand in one"
            )
        return found.first
    return found


def _as_bytes(content: bytes) -> bytes:
    """A text without its byte order mark, in UTF-8."""
    for begin, encoding in _MARKS:
        if content.startswith(begin):
            return content[len(begin) :].decode(encoding, "replace").encode("utf-8", "replace")
    return content


def _der(content: bytes) -> bytes:
    """What is there in binary form: the content, or what it is base64 of; PEM stays as it is."""
    if content[:1] == b"\x30" or b"-----BEGIN" in content:
        return content
    try:
        return base64.b64decode(b"".join(content.split()), validate=True)
    except (binascii.Error, ValueError):
        return content


def _length(der: bytes) -> int:
    """Bytes of the one value with which it begins, by its own account (X.690, 8.1.3)."""
    first = der[1] if len(der) > 1 else 0
    if first < 0x80:
        return 2 + first
    more = first & 0x7F
    return 2 + more + int.from_bytes(der[2 : 2 + more], "big")


def _is_key(der: bytes) -> bool:
    if der[:1] != b"\x30":
        return False
    if _PFX in der[2:8]:
        return True
    try:
        load_der_private_key(der, None)
    except TypeError:
        return True  # Encrypted, so it is one.
    except (ValueError, UnsupportedAlgorithm):
        return False
    return True
