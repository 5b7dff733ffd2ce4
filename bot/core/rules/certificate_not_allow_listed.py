"""v1: the certificate that the backend serves is not one that the HTTP settings allow-list."""

from collections.abc import Iterator

from bot.core.analysis.allow_list import NotListed, not_listed
from bot.core.analysis.guides import tls
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match, Undecided
from bot.core.case.rule import Rule, Said
from bot.core.case.view import BackendView
from bot.core.model.gateway import is_ip
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Said]:
    """Everything but a renewal, which has a rule of its own; it also says that nothing was seen."""
    fault = not_listed(view)
    if isinstance(fault, Undecided):
        yield fault
    elif fault is not None and fault.predecessor is None:
        yield Match(_summary(view, fault), fault.evidence, view.backend)


def _summary(view: BackendView, fault: NotListed) -> str:
    if is_ip(view.server) and fault.name_with_listed:
        return (
            f"{mark(view.server)} does not serve the allow-listed certificate, because a v1 gateway"
            f" sends no SNI to an IP member; with SNI {mark(fault.name_with_listed)} it would."
        )
    if not view.gateway.allow_list(view.settings):
        return (
            f"{mark(view.server)} serves a certificate that has to be allow-listed, and"
            f" {mark(view.settings.name)} allow-lists none."
        )
    return f"{mark(view.server)} serves a certificate that {mark(view.settings.name)} does not allow-list."


RULE = Rule(
    id="certificate_not_allow_listed",
    severity="error",
    symptom="The backend's certificate is not allow-listed in the HTTP settings (v1).",
    cause="A v1 gateway accepts only the certificates that the settings refer to. It sends no SNI to an IP member,"
    " so a server with several certificates answers with its default one.",
    remedy="Upload the served certificate to the gateway, or put the host name in the pool.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment",
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
    ),
    check=each_request(check),
    guide=tls.ALLOW_CERTIFICATE,
)
