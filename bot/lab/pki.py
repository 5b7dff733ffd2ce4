"""Certificates made in memory: authorities, leaves, and leaves with one defined fault.

    root = authority("Contoso Root CA")
    issuing = authority("Contoso Issuing CA", issuer=root)
    site = leaf("shop.contoso.com", issuer=issuing)
    late = leaf("shop.contoso.com", issuer=issuing, validity=EXPIRED)
    bare = leaf("shop.contoso.com", issuer=issuing, dns_names=())     a CN and no SAN
    alone = leaf("shop.contoso.com")                                  self-signed, not a CA
    weak = signed_with("sha1", leaf("shop.contoso.com", issuer=authority("Old CA", key=rsa_key())))

Nothing here is a secret: the keys exist as long as the process and protect nothing.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Extension = tuple[x509.ExtensionType, bool]
"""An extension, and whether it is critical."""

# sha256WithRSAEncryption and its like, without their last byte.
_RSA_WITH = bytes.fromhex("06092a864886f70d0101")


@dataclass(frozen=True, slots=True)
class Validity:
    """A validity period, in days from now; negative days are in the past."""

    starts: int
    ends: int


LONG = Validity(-400, 3250)
CURRENT = Validity(-30, 335)
EXPIRED = Validity(-400, -35)
NOT_YET_VALID = Validity(10, 375)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key, and the authority that signed it (None: it signed itself)."""

    certificate: x509.Certificate
    key: PrivateKey
    issuer: "Issued | None"

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())

    @property
    def sha256(self) -> str:
        """Lower-case hex of the SHA-256 of the DER."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def base64_der(self) -> str:
        """The form in which a gateway keeps `data` of an authentication or root certificate."""
        return base64.b64encode(self.der).decode("ascii")

    @property
    def base64_pkcs7(self) -> str:
        """The form in which ARM answers `publicCertData` of a listener's certificate."""
        bundle = pkcs7.serialize_certificates([self.certificate], Encoding.DER)
        return base64.b64encode(bundle).decode("ascii")

    @property
    def path(self) -> tuple["Issued", ...]:
        """This certificate, then its issuers upwards, the root last."""
        return (self, *self.issuer.path) if self.issuer else (self,)


def authority(
    common_name: str,
    *,
    issuer: Issued | None = None,
    validity: Validity = LONG,
    key: PrivateKey | None = None,
    extensions: Sequence[Extension] = (),
    key_ids: bool = True,
) -> Issued:
    """A certification authority: a root, or an intermediate if `issuer` is given.

    `extensions` are added, or replace the usual one of their kind; without `key_ids` it neither
    names its own key nor that of its issuer.
    """
    usual: list[Extension] = [(x509.BasicConstraints(ca=True, path_length=None), True)]
    return _issue(common_name, validity, [*usual, *extensions], key, issuer, key_ids=key_ids)


def leaf(
    common_name: str,
    *,
    dns_names: Sequence[str] | None = None,
    issuer: Issued | None = None,
    validity: Validity = CURRENT,
    key: PrivateKey | None = None,
    extensions: Sequence[Extension] = (),
    key_ids: bool = True,
) -> Issued:
    """A server's certificate; without `issuer` it is self-signed and not a CA.

    `dns_names` are the SAN's DNS names, by default only the common name; an empty sequence
    omits the SAN, so that only the CN counts. With an empty common name the subject is empty.
    `extensions` and `key_ids`: see `authority`.
    """
    names = (common_name,) if dns_names is None else tuple(dns_names)
    usual: list[Extension] = [
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
    ]
    if names:
        usual.append((x509.SubjectAlternativeName([x509.DNSName(n) for n in names]), False))
    return _issue(common_name, validity, [*usual, *extensions], key, issuer, key_ids=key_ids)


def signed_with(digest: Literal["md5", "sha1"], issued: Issued) -> Issued:
    """The same certificate, signed with a hash that `cryptography` does not sign certificates with any more.

    It must have been signed with RSA and SHA-256: only the last byte of that algorithm's OID differs
    (1.2.840.113549.1.1.x, RFC 8017, appendix C).
    """
    signer = (issued.issuer or issued).key
    assert isinstance(signer, rsa.RSAPrivateKey)
    algorithm, last = {"md5": (hashes.MD5(), 4), "sha1": (hashes.SHA1(), 5)}[digest]
    old, new = (_RSA_WITH + bytes([it]) for it in (11, last))
    signed = issued.certificate.tbs_certificate_bytes.replace(old, new)
    signature = signer.sign(signed, padding.PKCS1v15(), algorithm)
    end = issued.der.removeprefix(issued.der[:4] + issued.certificate.tbs_certificate_bytes)
    whole = signed + end.replace(old, new).replace(issued.certificate.signature, signature)
    return replace(issued, certificate=x509.load_der_x509_certificate(issued.der[:4] + whole))


def damaged(issued: Issued) -> Issued:
    """The same certificate with another last bit, which belongs to its signature."""
    changed = issued.der[:-1] + bytes([issued.der[-1] ^ 1])
    return replace(issued, certificate=x509.load_der_x509_certificate(changed))


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """An RSA key for the few certificates that must have one; the default is P-256, for speed."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _issue(
    common_name: str,
    validity: Validity,
    extensions: Iterable[Extension],
    key: PrivateKey | None,
    issuer: Issued | None,
    *,
    key_ids: bool,
) -> Issued:
    """Sign a certificate; of two extensions of one kind the later one counts."""
    own_key = key or ec.generate_private_key(ec.SECP256R1())
    signer = issuer.key if issuer else own_key
    parts = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)] if common_name else []
    subject = x509.Name(parts)
    now = datetime.now(UTC).replace(microsecond=0)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(own_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=validity.starts))
        .not_valid_after(now + timedelta(days=validity.ends))
    )
    key_identifiers: tuple[Extension, ...] = (
        (x509.SubjectKeyIdentifier.from_public_key(own_key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False),
    )
    wanted = {it.oid: (it, critical) for it, critical in extensions}
    for extension, critical in (*wanted.values(), *(key_identifiers if key_ids else ())):
        builder = builder.add_extension(extension, critical)
    return Issued(builder.sign(signer, hashes.SHA256()), own_key, issuer)
