"""One wildcard certificate on the ILB and on the apps, so that it does not matter what SNI is sent."""

from datetime import timedelta

from bot.core.analysis import commands
from bot.core.arm.document import Document
from bot.core.case.attempts import candidate_names
from bot.core.case.case import AssumedCertificate, Case
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.hostname import parent
from bot.core.model.marked import mark, mark_all
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
    return Proposal(
        summary=f"one certificate for {mark(f'*.{domain}')} on {mark(view.server)} (as the ILB certificate) and on the"
        " apps behind it"
        + (", allow-listed in the HTTP settings" if allow else ", from a public CA"),
        edits=allow,
        assumptions=(AssumedCertificate(view.server, view.probe_request.port, wildcard),),
        certificates=(wildcard,) if allow else (),
        steps=(
            f"Get a certificate for {mark(f'*.{domain}')} (and {mark(f'*.scm.{domain}')}, if the scm sites are used).",
            "Install it as the ILB certificate of the App Service Environment, and bind it to each app;"
            " the environment takes 20 to 40 minutes to use it.",
            "On a v1 gateway, upload its public part (.cer) to the HTTP settings before you replace the old one.",
            f"It is done when this shows it: {commands.openssl(view.probe_attempt)}",
        ),
    )


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
    title="One wildcard certificate on ILB and apps",
    button="Wildcard certificate",
    automated=False,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment",
        "https://learn.microsoft.com/azure/app-service/environment/certificates",
    ),
    propose=propose,
)
