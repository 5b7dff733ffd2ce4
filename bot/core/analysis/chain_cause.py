"""Why OpenSSL does not accept a chain: its code and depth decide, and the certificates say what lies behind it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from bot.core.analysis.openssl_codes import CodeKind, VerifyCode, verify_code
from bot.core.model.certificate import Certificate
from bot.core.model.observation import Trust

CauseKind = Literal[
    "root_not_trusted",
    "intermediate_missing",
    "issuer_rekeyed",
    "trusted_root_not_a_root",
    "issuer_not_ca",
    "path_length_exceeded",
    "certificate_purpose_unfit",
    "name_constraint_violated",
    "signature_invalid",
    "certificate_too_weak",
    "certificate_revoked",
    "chain_check_failed",
]

KIND_OF: dict[CodeKind, CauseKind] = {
    "signature": "signature_invalid",
    "revoked": "certificate_revoked",
    "not_a_ca": "issuer_not_ca",
    "path_length": "path_length_exceeded",
    "purpose": "certificate_purpose_unfit",
    "name_constraint": "name_constraint_violated",
    "weak": "certificate_too_weak",
}
"""The causes that a code names by itself; what is not here is told by number and name."""

_SIGNATURE_FAILURE = 7
_ISSUER_OF_TRUSTED = 2


@dataclass(frozen=True, slots=True)
class Cause:
    """What is behind a code. `culprit` is the certificate at its depth, `namesake` one that has the name of its issuer.

    `culprit` None: the certificate is not known here, such as one of a public CA.
    """

    kind: CauseKind
    code: VerifyCode
    depth: int | None = None
    culprit: Certificate | None = None
    namesake: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """The certificates by which a cause is told: the chain as sent, the way up in it, and the roots that count.

    `elsewhere` are the names of roots that were seen anywhere else.
    """

    sent: tuple[Certificate, ...]
    path: tuple[Certificate, ...]
    roots: tuple[Certificate, ...]
    elsewhere: frozenset[str]

    def at(self, verdict: Trust) -> Certificate | None:
        """The certificate that a verdict is about."""
        everything = (*self.sent, *self.roots)
        return next((it for it in everything if it.sha256 == verdict.certificate), None)


def cause_of(verdict: Trust, known: Known, *, ends_somewhere: bool) -> Cause:
    """The cause of a verdict that is not `ok`; `ends_somewhere`: the chain is accepted below some other root."""
    code, culprit = verify_code(verdict.code), known.at(verdict)
    if code.number == _SIGNATURE_FAILURE or code.kind == "issuer_unknown":
        namesake = culprit and _namesake(culprit, (*known.roots, *known.sent))
        if namesake is not None:
            return Cause("issuer_rekeyed", code, verdict.depth, culprit, namesake)
    kind = KIND_OF.get(code.kind, "chain_check_failed")
    if code.number == _ISSUER_OF_TRUSTED and culprit in known.roots:
        kind = "trusted_root_not_a_root"
    elif code.kind == "issuer_unknown":
        kind = _lacking(known, ends_somewhere=ends_somewhere)
    return Cause(kind, code, verdict.depth, culprit)


def _lacking(known: Known, *, ends_somewhere: bool) -> CauseKind:
    top = known.path[-1]
    if ends_somewhere or top.self_issued or len(known.path) > 1 or top.issuer in known.elsewhere:
        return "root_not_trusted"
    return "intermediate_missing"


def _namesake(below: Certificate, others: Iterable[Certificate]) -> Certificate | None:
    """A certificate with the name of the issuer, but not with its key.

    OpenSSL passes over one whose key identifier is another than the one that is named (X509_check_issued), and where
    nothing is named it finds a signature that does not fit.
    """
    for it in others:
        if it.subject == below.issuer and it.is_ca and _other_key(below, it):
            return it
    return None


def _other_key(below: Certificate, above: Certificate) -> bool:
    if below.self_signed:
        # The root itself, and one of the same name.
        return None not in (below.public_key, above.public_key) and (
            below.public_key != above.public_key
        )
    if below.issuer_key_id is None or above.key_id is None:
        return above.public_key is not None
    return below.issuer_key_id != above.key_id
