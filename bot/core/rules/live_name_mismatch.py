"""v2: the certificate served for clients' requests is not for their host name."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import tls
from bot.core.analysis.tls_fault import tls_fault
from bot.core.case.audiences import each_client
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.gateway import HttpSettings
from bot.core.model.hostname import certificate_names, covers
from bot.core.model.marked import mark, mark_all
from bot.core.model.observation import Answered, Handshake
from bot.core.routing.client_request import ClientRequest
from bot.core.routing.gateway_request import sni_in_words


def check(view: BackendView) -> Iterator[Match]:
    """Where the settings fix no SNI, the host name of the request is sent, and the certificate has to cover it."""
    settings, client = view.settings, view.client
    checked = view.gateway.traits.verifies_chain and settings.protocol == "https"
    if client is None or not checked or not settings.validate_sni or settings.sni_name is not None:
        return
    probe = view.of_probe
    if tls_fault(probe) is not None or client.request.sni in (None, probe.request.sni):
        return  # Then the probe notices too.
    match view.connection:
        case Answered(handshake=Handshake(chain=(leaf, *_))) if not covers(
            leaf, client.request.sni
        ):
            carried = mark_all(certificate_names(leaf)) or "no name at all"
            yield _seen(view, client, f"serves a certificate for {carried}")


def _seen(view: BackendView, client: ClientRequest, found: str) -> Match:
    settings = view.settings
    asked = sni_in_words(view.probe_request.sni)
    sent = mark(client.request.sni or "")
    return Match(
        f"{mark(view.server)} {found} when requests for {mark(client.way.site)} are forwarded with SNI {sent};"
        f" the health probe, with {asked}, does not notice.",
        (
            Evidence(
                f"with SNI {sent} it {found}",
                commands.openssl(client.attempt),
            ),
            Evidence(
                f"{mark(settings.name)} has {_host(settings)}",
                commands.show_settings(view.gateway, view.backend),
            ),
        ),
        view.backend,
    )


def _host(settings: HttpSettings) -> str:
    name = settings.host_name
    return f"the host name {mark(name)}" if name else "no host name, so that the client's is sent"


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
    check=each_client(check),
    guide=tls.MATCH_CLIENTS,
)
