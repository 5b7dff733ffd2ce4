"""Does the gateway accept the certificates a backend presented?

v1 compares the leaf, byte by byte, with the authentication certificates of the setting. v2
requires leaf, intermediates and root in that order, ending in a root that the setting refers to
or, if it refers to none, in a well-known CA.
https://learn.microsoft.com/azure/application-gateway/ssl-overview and
https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from bot.lab.azure.messages import Symptom
from bot.lab.azure.openssl import DATES, ISSUER_UNKNOWN, OK, Verdict, verify
from bot.lab.azure.targets import Trust
from bot.lab.values import as_ascii

# Names that only Microsoft's own services have: trusted without an upload on v1 too.
PLATFORM_SUFFIXES = (".azurewebsites.net", ".appserviceenvironment.net")


@dataclass(frozen=True, slots=True)
class Distrust:
    """Why the certificates were not accepted; `code` is OpenSSL's, for NOT_VERIFIED."""

    symptom: Symptom
    code: int = 0


def judge_certificates(
    presented: Sequence[x509.Certificate],
    trust: Trust,
    well_known: Sequence[x509.Certificate],
    now: datetime,
    revoked: Set[str] = frozenset(),
) -> Distrust | None:
    """None: accepted. `presented` is the chain as it was sent, leaf first if it is in order.

    `revoked` are the certificates (SHA-256) that their CA has taken back, as far as the gateway knows.
    """
    if trust.v1:
        return _judge_v1(presented, trust, well_known, now)
    if trust.check_chain:
        distrust = _judge_chain(presented, trust, well_known, now, revoked)
        if distrust:
            return distrust
    if trust.expected_name and not covers(presented[0], trust.expected_name):
        return Distrust(Symptom.NAME_V2)
    return None


def _judge_v1(
    presented: Sequence[x509.Certificate],
    trust: Trust,
    well_known: Sequence[x509.Certificate],
    now: datetime,
) -> Distrust | None:
    leaf = presented[0]
    listed = leaf.public_bytes(Encoding.DER) in trust.certificates
    if not listed and not _is_platform_service(presented, well_known):
        return Distrust(Symptom.NOT_ALLOW_LISTED)
    if not _in_date(leaf, now):
        return Distrust(Symptom.EXPIRED)
    if trust.expected_name and not covers(leaf, trust.expected_name):
        return Distrust(Symptom.NAME_V1)
    return None


def _is_platform_service(
    presented: Sequence[x509.Certificate], well_known: Sequence[x509.Certificate]
) -> bool:
    names = dns_names(presented[0])
    is_platform = bool(names) and all(name.endswith(PLATFORM_SUFFIXES) for name in names)
    return is_platform and _anchor(presented[-1], well_known) is not None


def _judge_chain(
    presented: Sequence[x509.Certificate],
    trust: Trust,
    well_known: Sequence[x509.Certificate],
    now: datetime,
    revoked: Set[str],
) -> Distrust | None:
    order = _judge_order(presented)
    if order:
        return Distrust(order)
    roots = [x509.load_der_x509_certificate(der) for der in trust.certificates]
    verdict = verify(presented, roots or well_known, now, revoked)
    if verdict.code == OK:
        return None
    if verdict.code in DATES:
        return Distrust(Symptom.EXPIRED)
    if verdict.code in ISSUER_UNKNOWN:
        return Distrust(_no_anchor(presented, verdict, uploaded=bool(roots)))
    return Distrust(Symptom.NOT_VERIFIED, verdict.code)


def _judge_order(presented: Sequence[x509.Certificate]) -> Symptom | None:
    """Leaf first, each one issued by the next, by their names."""
    first, rest = presented[0], presented[1:]
    if not is_ca(first) and signed_by(first, first):
        # Treated as a leaf whose issuer is missing, uploaded or not: see the note on self-signed
        # certificates in the page above.
        return Symptom.INTERMEDIATE_MISSING
    # A CA certificate alone is a self-signed root that serves as the leaf, which v2 allows.
    if rest and is_ca(first):
        has_leaf = not all(is_ca(each) for each in rest)
        return Symptom.LEAF_NOT_FIRST if has_leaf else Symptom.LEAF_MISSING
    if not all(below.issuer == above.subject for below, above in pairwise(presented)):
        return Symptom.INTERMEDIATE_MISSING
    return None


def _no_anchor(
    presented: Sequence[x509.Certificate], verdict: Verdict, *, uploaded: bool
) -> Symptom:
    """Which message fits: that depends on what the backend sent, and whether roots are uploaded."""
    if verdict.depth == 0 and not is_ca(presented[0]):
        return Symptom.INTERMEDIATE_MISSING
    sends_root = signed_by(presented[-1], presented[-1])
    if uploaded:
        return Symptom.ROOT_MISMATCH if sends_root else Symptom.INTERMEDIATE_NOT_SIGNED_BY_ROOT
    return Symptom.UNKNOWN_CA if sends_root else Symptom.INTERMEDIATE_UNKNOWN_CA


def _anchor(top: x509.Certificate, roots: Sequence[x509.Certificate]) -> x509.Certificate | None:
    """The root that is, or that signed, the chain's last certificate."""
    return next((root for root in roots if root == top or signed_by(top, root)), None)


def signed_by(below: x509.Certificate, above: x509.Certificate) -> bool:
    """Whether `above` is named as the issuer of `below`, and its key signed it."""
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def is_ca(certificate: x509.Certificate) -> bool:
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    except x509.ExtensionNotFound:
        return False
    return constraints.value.ca


def dns_names(certificate: x509.Certificate) -> list[str]:
    """The names in a certificate: its SAN's, or without a SAN its CN (RFC 6125, 6.4.4)."""
    try:
        san = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        common_names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return [str(each.value).lower() for each in common_names]
    return [name.lower() for name in san.value.get_values_for_type(x509.DNSName)]


def covers(certificate: x509.Certificate, host: str) -> bool:
    """Whether one of its names is `host`; a wildcard stands for one whole left label."""
    host = as_ascii(host).lower().rstrip(".")
    wildcard = f"*.{host.partition('.')[2]}"
    return any(name in (host, wildcard) for name in dns_names(certificate))


def _in_date(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc
