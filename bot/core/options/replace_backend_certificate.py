"""Install a certificate on the backend that the gateway accepts: for faults that no setting of a gateway mends."""

from datetime import timedelta

from bot.core import making
from bot.core.backend import Backend
from bot.core.behind_ilb import distrusted
from bot.core.case import Case, Served
from bot.core.certificate import Certificate
from bot.core.chain_fault import ChainFault, chain_fault
from bot.core.hostname import covers
from bot.core.looking import not_seen
from bot.core.observation import Handshake
from bot.core.option import NotApplicable, Option, Proposal
from bot.core.reading import Document


def propose(case: Case, document: Document, backend: Backend) -> Proposal | NotApplicable:
    """Suppose that the backend served a valid certificate for the name that the gateway asks for."""
    if case.sent(backend).protocol != "https":
        return NotApplicable("the backend is not spoken to over TLS")
    attempt = case.probe_attempt(backend)
    handshake = case.handshake(attempt)
    if handshake is None or handshake.leaf is None:
        return NotApplicable(
            f"the certificate could not be read: {not_seen(case.connection(attempt))}"
        )
    doubt = distrusted(case, backend)
    if doubt is not None:
        return doubt
    fault = _fault(case, backend, handshake)
    if fault is None:
        return NotApplicable("the certificate that it serves is in order by itself")
    issuer = _issuer(case, backend, handshake)
    if issuer is None:
        return NotApplicable("none of the roots that the settings trust is valid any more")
    wanted = _supposed(case, handshake.leaf, attempt.sni, issuer)
    allow = (
        making.allow(document, backend.settings, "authenticationCertificates", (), wanted)
        if case.gateway.generation == "v1"
        else ()
    )
    return Proposal(
        summary=f"install a correct certificate on {backend.server}, because the one there {fault}",
        edits=allow,
        served=(Served(backend.server, case.sent(backend).port, wanted),),
        certificates=(wanted,) if allow else (),
        steps=_steps(backend, wanted, uploaded=bool(allow)),
    )


def _fault(case: Case, backend: Backend, handshake: Handshake) -> str | None:
    """What is wrong with what is served, whatever the gateway trusts."""
    v2 = case.gateway.generation == "v2"
    chain = handshake.chain if v2 else handshake.chain[:1]
    sni = case.sent(backend).sni
    broken = chain_fault(case, backend)
    if any(not it.valid_at(case.now) for it in chain):
        return "is out of date"
    if isinstance(broken, ChainFault) and broken.kind != "root_not_trusted":
        return "does not come with a complete chain in the right order"
    if sni is not None and not covers(chain[0], sni):
        return f"is not for {sni}"
    return None


def _issuer(case: Case, backend: Backend, handshake: Handshake) -> str | None:
    """Who may issue the new one: with roots listed only those count (ssl-overview), preferably today's."""
    stored = case.gateway.roots(backend.settings)
    if not stored:
        return "a public CA"
    roots = [it.certificate for it in stored if isinstance(it.certificate, Certificate)]
    valid = [root for root in roots if root.valid_at(case.now)]
    of_today = {trust.anchor for trust in handshake.trust if trust.code == 0}
    ordered = sorted(valid, key=lambda root: root.sha256 not in of_today)
    return ordered[0].subject if ordered else None


def _supposed(case: Case, leaf: Certificate, sni: str | None, issuer: str) -> Certificate:
    names = (sni,) if sni else leaf.dns_names or tuple(filter(None, (leaf.common_name,)))
    return Certificate(
        subject=f"CN={names[0]}" if names else leaf.subject,
        issuer=issuer,
        common_name=names[0] if names else leaf.common_name,
        dns_names=names,
        sha256="supposed",
        not_before=case.now - timedelta(days=1),
        not_after=case.now + timedelta(days=365),
        is_ca=False,
        self_signed=False,
        der=b"supposed",
        has_san=True,
    )


def _steps(backend: Backend, wanted: Certificate, *, uploaded: bool) -> tuple[str, ...]:
    names = ", ".join(wanted.dns_names) or wanted.subject
    upload = (
        "Before the exchange, upload its public part (.cer) to the HTTP settings: a v1 gateway compares"
        " the certificate itself."
    )
    return (
        f"Get a certificate for {names}, issued by {wanted.issuer}, or renew the one there is.",
        *((upload,) if uploaded else ()),
        f"Install it on {backend.server} with its whole chain, in this order: its own certificate, the"
        " intermediates, the root (which may be left out).",
        "Diagnose again: the gateway sees it at its next health probe.",
    )


OPTION = Option(
    id="replace_backend_certificate",
    title="Install a correct certificate on the backend",
    button="Install certificate",
    automated=False,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/certificates-for-backend-authentication",
    ),
    propose=propose,
)
