"""One wildcard certificate on the server (ILB and apps alike), so that it does not matter what SNI is sent."""

from collections.abc import Iterator
from datetime import timedelta

from bot.core.analysis import commands
from bot.core.analysis.ilb_comparison import environment_at
from bot.core.arm.document import Document
from bot.core.case.attempts import candidate_names
from bot.core.case.case import AssumedCertificate, Case
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.hostname import parent
from bot.core.model.marked import mark, mark_all, mark_command
from bot.core.model.unavailable import Unavailable
from bot.core.remedies import edit_builder
from bot.core.remedies.ilb_trust import reason_not_to_trust
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Assume that the backend serves one certificate for every name below a common domain."""
    if view.probe_request.protocol != "https":
        return NotApplicable("the gateway does not use TLS to this backend")
    doubt = reason_not_to_trust(view)
    if doubt is not None:
        return doubt
    served = {handshake.leaf for _, handshake in view.handshakes}
    if not served:
        return NotApplicable("no certificate of the backend was seen")
    if len(served) == 1:
        return NotApplicable("it already serves one certificate for every name")
    hosts = candidate_names(view.gateway, view.backend)
    domain = parent(hosts)
    if domain is None:
        shown = mark_all(hosts) or "no host name"
        return NotApplicable(f"a wildcard covers only the names of one domain; known here: {shown}")
    wildcard = _supposed(view.case, f"*.{domain}")
    allow = (
        edit_builder.trust_certificate(
            document, view.settings, view.gateway.traits.trust_collection, (), wildcard
        )
        if not view.gateway.traits.verifies_chain
        else ()
    )
    ilb = " (as the ILB certificate) and on the apps behind it" if _may_be_environment(view) else ""
    return Proposal(
        summary=f"one certificate for {mark(f'*.{domain}')} on {mark(view.server)}{ilb}"
        + (", allow-listed in the HTTP settings" if allow else ", from a public CA"),
        edits=allow,
        assumptions=(AssumedCertificate(view.server, view.probe_request.port, wildcard),),
        certificates=(wildcard,) if allow else (),
        steps=tuple(_steps(view, domain)),
    )


def _may_be_environment(view: BackendView) -> bool:
    """Whether it is an App Service Environment, or that is not known."""
    return isinstance(view.case.environments, Unavailable) or environment_at(view) is not None


def _steps(view: BackendView, domain: str) -> Iterator[str]:
    wildcard = mark(f"*.{domain}")
    if _may_be_environment(view):
        yield f"Get a certificate for {wildcard} (and {mark(f'*.scm.{domain}')}, if the scm sites are used)."
        yield from _allowed_before(view)
        yield (
            "Install it as the ILB certificate of the App Service Environment, and bind it to each app;"
            " the environment takes 20 to 40 minutes to use it."
        )
    else:
        yield f"Get a certificate for {wildcard}."
        yield from _allowed_before(view)
        yield (
            f"Install it on {mark(view.server)} for every name, and as its default certificate, with its chain; then"
            " let the service read it (reload or restart)."
        )
    yield f"It is done when this shows it: {mark_command(commands.openssl(view.probe_attempt))}"


def _allowed_before(view: BackendView) -> Iterator[str]:
    if not view.gateway.traits.verifies_chain:
        yield "Before you replace the old one, upload the public part (.cer) of the new one to the HTTP settings."


def _supposed(case: Case, name: str) -> Certificate:
    subject = f"CN={name}"
    return Certificate(
        subject=subject,
        issuer="CN=supposed public CA",
        common_name=name,
        dns_names=(name,),
        sha256="supposed",
        not_before=case.now - timedelta(days=1),
        not_after=case.now + timedelta(days=365),
        is_ca=False,
        self_signed=False,
        der=subject.encode(),
        has_san=True,
    )


OPTION = Option(
    id="wildcard_certificate",
    title="One wildcard certificate for all names",
    automated=False,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment",
        "https://learn.microsoft.com/azure/app-service/environment/certificates",
    ),
    propose=propose,
)
