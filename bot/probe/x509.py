"""Certificates from bytes and texts of many kinds: a `Certificate`, or why not.

Real gateways hold base64 of DER, base64 of PEM, and sometimes something that is no certificate at all; real
certificates break rules (serial numbers below one, wrong string types). One odd certificate must not stop a diagnosis,
so what `cryptography` refuses is read through OpenSSL, which is less strict.

How long that takes is up to whoever wrote the text, so sizes and numbers are bounded, and it is done aside from the
event loop.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import NameOID
from OpenSSL import crypto

from bot.core.arm.certificates_reader import Certificates
from bot.core.model.certificate import Bundle, Certificate, Unreadable
from bot.probe.keys import read_key
from bot.probe.quiet import quiet
from bot.probe.self_signed import TooCostly, check_exponent, signed_itself

Kind = TypeVar("Kind", bound=x509.ExtensionType)

REFUSED = (
    ValueError,
    TypeError,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What `cryptography` may raise about a certificate that breaks the rules."""

LONGEST_CERTIFICATE = 100 * 1024
"""Bytes of one certificate: what OpenSSL takes of a whole chain
(https://docs.openssl.org/3.0/man3/SSL_CTX_set_max_cert_list/). With 100 names, as public CAs allow, one has 5,000."""

MOST_REMEMBERED = 2048
LONGEST_REMEMBERED = 8 * 1024
"""Certificates that are remembered once they were read, and bytes of each: a pool may have 1,200 servers."""

LONGEST_TEXT = 1024 * 1024
"""Characters of a certificate's text in a gateway's document. All public CAs in one PEM file are 300,000."""

MOST_IN_TEXT = 200
"""PEM blocks that are looked at in one text; there are some 150 public CAs."""

_BEGIN = re.compile(rb"-----BEGIN ([A-Z0-9 ]{1,40})-----")
_PEM_CERTIFICATE = (b"CERTIFICATE", b"X509 CERTIFICATE")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_PFX = bytes.fromhex("020103")
_SPECIAL = re.compile(r'([,+"\\<>;])')
_ESCAPED = r"\\\1"


def read_certificates(data: Iterable[str]) -> Certificates:
    """Each text of a gateway's document with the certificate in it."""
    return {text: read_certificate(text) for text in data}


def read_certificate(text: str) -> Certificate | Unreadable:
    """One certificate: base64 of DER or PEM, as ARM has it, or plain PEM. Never raises."""
    if len(text) > LONGEST_TEXT:
        return Unreadable(f"it is longer than {LONGEST_TEXT} characters")
    raw = text.strip().encode("utf-8", "replace")
    if not raw:
        return Unreadable("it is empty")
    if b"-----BEGIN" not in raw:
        try:
            raw = base64.b64decode(b"".join(raw.split()), validate=True)
        except binascii.Error:
            return Unreadable("it is neither base64 nor PEM")
    if b"-----BEGIN" in raw:
        return _read_pem(raw)
    return _read_der_or_say(raw)


def read_der(der: bytes) -> Certificate:
    """The certificate with this DER.

    Raises:
        TooCostly: it is so large, or made so, that looking at it takes unreasonably long.
        ValueError: neither `cryptography` nor OpenSSL can read it.
    """
    if len(der) > LONGEST_CERTIFICATE:
        raise TooCostly(f"it is longer than {LONGEST_CERTIFICATE} bytes")
    return _read_again(der) if len(der) <= LONGEST_REMEMBERED else _read(der)


def _read(der: bytes) -> Certificate:
    with quiet():
        try:
            return _from_cryptography(x509.load_der_x509_certificate(der), der)
        except TooCostly:
            raise
        except REFUSED:
            return _from_openssl(der)


_read_again = lru_cache(maxsize=MOST_REMEMBERED)(_read)
"""The same, remembered: what a certificate says depends on its bytes alone, and every connection shows it again."""


def forget() -> None:
    """Forget what certificates say, as if none had been read."""
    _read_again.cache_clear()


def _read_pem(raw: bytes) -> Certificate | Unreadable:
    """The first certificate in the PEM text, with the others behind it."""
    label = b""
    found: list[Certificate | Unreadable] = []
    for label, body in _blocks(raw):
        if label in _PEM_CERTIFICATE:
            try:
                found.append(_read_der_or_say(base64.b64decode(b"".join(body.split()))))
            except binascii.Error:
                found.append(Unreadable("it is PEM, but damaged"))
    if found:
        first, *others = found
        if isinstance(first, Unreadable):
            return first
        readable = tuple(it for it in others if isinstance(it, Certificate))
        facts = {it.name: getattr(first, it.name) for it in fields(Certificate)}
        return Bundle(**facts, others=readable) if readable else first
    if label:
        return Unreadable(f"it is PEM of a {label.decode('ascii').lower()}")
    return Unreadable("it is PEM, but damaged")


def _blocks(raw: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Label and content of each PEM block that has its end."""
    at = 0
    for _ in range(MOST_IN_TEXT):
        begin = _BEGIN.search(raw, at)
        if begin is None:
            return
        mark = b"-----END %b-----" % begin[1]
        end = raw.find(mark, begin.end())
        at = begin.end() if end < 0 else end + len(mark)
        if end >= 0:
            yield begin[1], raw[begin.end() : end]


def _read_der_or_say(der: bytes) -> Certificate | Unreadable:
    try:
        return read_der(der)
    except TooCostly as error:
        return Unreadable(str(error))
    except ValueError:
        return Unreadable(_what_else(der))


def _what_else(der: bytes) -> str:
    """What kind of file it is instead of a certificate, by its first bytes."""
    if der[:1] != b"\x30":
        return "it is not a certificate"
    if _PFX in der[2:8]:
        return "it is a PKCS#12 file (.pfx), not a certificate"
    if _SIGNED_DATA in der[2:20]:
        return "it is a PKCS#7 bundle (.p7b), not a certificate"
    return "it is not a certificate, or a damaged one"


def _from_cryptography(found: x509.Certificate, der: bytes) -> Certificate:
    extensions = found.extensions
    constraints = _extension(extensions, x509.BasicConstraints)
    alternative = _extension(extensions, x509.SubjectAlternativeName)
    own_id = _extension(extensions, x509.SubjectKeyIdentifier)
    issuer_id = _extension(extensions, x509.AuthorityKeyIdentifier)
    key = read_key(found)
    check_exponent(key.exponent_bits)
    own_name = found.subject
    names = own_name.get_attributes_for_oid(NameOID.COMMON_NAME)
    subject, issuer = own_name.rfc4514_string(), found.issuer.rfc4514_string()
    return Certificate(
        subject=subject,
        issuer=issuer,
        # The most specific one is the last (RFC 6125, 1.8).
        common_name=str(names[-1].value) if names else None,
        dns_names=tuple(alternative.get_values_for_type(x509.DNSName)) if alternative else (),
        sha256=sha256(der).hexdigest(),
        not_before=found.not_valid_before_utc,
        not_after=found.not_valid_after_utc,
        is_ca=constraints.ca if constraints else False,
        # Of two names there are two certificates, so no signature needs to be verified.
        self_signed=_compared(subject) == _compared(issuer) and signed_itself(der),
        der=der,
        has_san=alternative is not None,
        public_key=key.digest,
        key_id=own_id.digest.hex() if own_id else None,
        issuer_key_id=_hex(issuer_id.key_identifier) if issuer_id else None,
        key_kind=key.kind,
        key_bits=key.bits,
        signature_hash=_signature_hash(found),
    )


def _compared(name: str) -> str:
    """A name without what OpenSSL overlooks when it compares two (X509_NAME_cmp): case, and how many spaces."""
    return "".join(name.split()).casefold()


def _hex(found: bytes | None) -> str | None:
    return None if found is None else found.hex()


def _signature_hash(found: x509.Certificate) -> str | None:
    """None: there is none (Ed25519), or it is not known."""
    try:
        used = found.signature_hash_algorithm
    except UnsupportedAlgorithm:
        return None
    return used.name if used else None


def _from_openssl(der: bytes) -> Certificate:
    """What OpenSSL reads of a certificate that `cryptography` refuses; pyOpenSSL exposes no extensions.

    Raises:
        ValueError: OpenSSL refuses it too.
    """
    try:
        found = crypto.load_certificate(crypto.FILETYPE_ASN1, der)
    except crypto.Error as error:
        raise ValueError("not a certificate") from error
    subject = found.get_subject().get_components()
    common_names = [value for key, value in subject if key == b"CN"]
    return Certificate(
        subject=_rfc4514(subject),
        issuer=_rfc4514(found.get_issuer().get_components()),
        common_name=common_names[-1].decode("utf-8", "replace") if common_names else None,
        dns_names=(),
        sha256=sha256(der).hexdigest(),
        not_before=_moment(found.get_notBefore),
        not_after=_moment(found.get_notAfter),
        is_ca=False,
        self_signed=signed_itself(der),
        der=der,
    )


def _rfc4514(components: Sequence[tuple[bytes, bytes]]) -> str:
    """A name with its most specific part first, special characters escaped (RFC 4514, 2.1 and 2.4)."""
    return ",".join(
        f"{key.decode('ascii')}={_SPECIAL.sub(_ESCAPED, value.decode('utf-8', 'replace'))}"
        for key, value in reversed(components)
    )


def _moment(read: Callable[[], bytes | None]) -> datetime:
    """An ASN.1 time as OpenSSL returns it; an unreadable one becomes so early a time that it is never valid."""
    try:
        text = (read() or b"").decode("ascii")
        return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except (ValueError, crypto.Error):
        return datetime.min.replace(tzinfo=UTC)


def _extension(extensions: x509.Extensions, kind: type[Kind]) -> Kind | None:
    try:
        return extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
