"""v2: the backend has no certificate for the SNI that the HTTP settings fix."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.analysis import commands
from bot.core.analysis.chain_fault import leaf_elsewhere
from bot.core.analysis.guides import tls
from bot.core.analysis.reported_health import probe_handshake, why_not_reached
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said, each_backend
from bot.core.case.view import BackendView
from bot.core.model.hostname import certificate_names, covers
from bot.core.model.marked import mark, mark_all
from bot.core.model.observation import Answered, Attempt, Handshake, HandshakeFailed
from bot.core.routing.gateway_request import fixed_sni, name_or_none


def check(view: BackendView) -> Iterator[Said]:
    """One finding for the probe and live traffic: both ask for `sniName`, perhaps on different ports."""
    name = name_or_none(fixed_sni(view.gateway, view.settings))
    if name is None or leaf_elsewhere(view):
        return
    seen = probe_handshake(view) if view.settings.validate_sni else None
    if isinstance(seen, Undecided):
        yield seen
        return
    for attempt in _asked(view, name):
        contrary = _contrary(view, attempt, name)
        if contrary is not None:
            yield _seen(view, name, Evidence(contrary, commands.openssl(attempt)))
            return


def _asked(view: BackendView, name: str) -> Iterator[Attempt]:
    """The connections with this SNI: the probe's, and that of live traffic."""
    probe, settings = view.probe_attempt, view.settings
    if probe.tls:
        yield probe
    if settings.protocol == "https":
        yield replace(probe, port=settings.port, tls=True, sni=name)


def _contrary(view: BackendView, attempt: Attempt, name: str) -> str | None:
    probe = view.probe_attempt
    match view.case.connection(attempt):
        # A probe whose handshake fails has rules of its own.
        case HandshakeFailed() as failed if view.case.handshake(probe):
            return why_not_reached(failed)
        case Answered(handshake=Handshake(chain=(leaf, *_))) if view.settings.validate_sni:
            carried = mark_all(certificate_names(leaf)) or "no name at all"
            return (
                None
                if covers(leaf, name)
                else f"with SNI {mark(name)} the certificate is for: {carried}"
            )
    return None


def _seen(view: BackendView, name: str, contrary: Evidence) -> Match:
    settings = mark(view.settings.name)
    return Match(
        f"{settings} makes the gateway ask {mark(view.server)} for {mark(name)}, for which the backend has no"
        " certificate.",
        (
            contrary,
            Evidence(
                f"sniName of {settings} is {mark(name)}",
                commands.show_settings(view.gateway, view.backend),
            ),
        ),
        view.backend,
    )


RULE = Rule(
    id="sni_name_differs",
    severity="error",
    symptom="The SNI name of the HTTP settings matches no certificate of the backend (v2).",
    cause="sniName is sent with live traffic and periodic probes, whatever their hosts, and compared with the"
    " certificate; the portal's test probe omits it, so it may succeed all the same.",
    remedy="Set sniName to a name in the backend's certificate, or clear it so that the request's host is sent.",
    sources=("https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",),
    check=each_backend(check),
    guide=tls.SEND_KNOWN_NAME,
)
