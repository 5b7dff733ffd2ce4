"""v2: the certificate served for clients' requests is not for their host name."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.client_requests import ClientRequest, client_requests
from bot.core.analysis.guides import tls
from bot.core.analysis.reported_health import why_not_reached
from bot.core.analysis.tls_fault import tls_fault
from bot.core.case.case import Case
from bot.core.case.finding import Confidence, Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.gateway import HttpSettings, is_ip
from bot.core.model.hostname import certificate_names, covers
from bot.core.model.marked import mark, mark_all
from bot.core.model.observation import Answered, Handshake, HandshakeFailed
from bot.core.routing.routes import Backend


def check(view: BackendView) -> Iterator[Match]:
    """Where the settings fix no SNI, the host name of the request is sent, and the certificate has to cover it."""
    settings = view.settings
    checked = view.gateway.traits.verifies_chain and settings.protocol == "https"
    if not checked or not settings.validate_sni or settings.sni_name is not None:
        return
    if tls_fault(view) is not None:
        return  # Then the probe notices too.
    told = {view.probe_request.sni, None}
    for live in client_requests(view):
        if live.request.sni in told:
            continue
        told.add(live.request.sni)
        found = _wrong(view.case, live)
        if found:
            yield _seen(view, live, found)


def _wrong(case: Case, live: ClientRequest) -> str | None:
    match case.connection(live.attempt):
        case Answered(handshake=Handshake(chain=(leaf, *_))):
            carried = mark_all(certificate_names(leaf)) or "no name at all"
            covered = covers(leaf, live.request.sni or "")
            return None if covered else f"serves a certificate for {carried}"
        case HandshakeFailed() as failed:
            return f"does not complete the TLS handshake ({why_not_reached(failed)})"
    return None


def _seen(view: BackendView, live: ClientRequest, found: str) -> Match:
    settings = view.settings
    probed = view.probe_request.sni
    asked = f"SNI {mark(probed)}" if probed else "no SNI"
    sent = mark(live.request.sni or "")
    return Match(
        f"{mark(view.server)} {found} when requests for {mark(live.client_host)} are forwarded with SNI {sent};"
        f" the health probe, with {asked}, does not notice.",
        (
            Evidence(
                f"with SNI {sent} it {found}",
                commands.openssl(live.attempt),
            ),
            Evidence(
                f"{mark(settings.name)} has {_host(settings)}",
                commands.show_settings(view.gateway, view.backend),
            ),
        ),
        view.backend,
        _confidence(view.backend),
    )


def _host(settings: HttpSettings) -> str:
    name = settings.host_name
    return f"the host name {mark(name)}" if name else "no host name, so that the client's is sent"


def _confidence(backend: Backend) -> Confidence:
    # For a named member without a host name in the settings ssl-overview says in one row that the member's
    # name is sent, in others that the client's is.
    settings = backend.settings
    fixed = settings.host_name or settings.pick_host_from_address or is_ip(backend.server)
    return "high" if fixed else "medium"


RULE = Rule(
    id="live_name_mismatch",
    severity="error",
    symptom="The certificate matches the health probe's host name, but not that of clients' requests (v2).",
    cause="Probe and HTTP settings have different host names, or the settings have none, so that the client's host"
    " name is sent as SNI and compared with the certificate.",
    remedy="Give the backend a certificate for the client's host name, or set the host name of the settings to one"
    " that its certificate is for.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
    ),
    check=each_backend(check),
    guide=tls.MATCH_CLIENTS,
)
