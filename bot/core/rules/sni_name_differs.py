"""v2: the SNI that the HTTP settings fix is not one that the backend has a certificate for."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.analysis import commands
from bot.core.analysis.chain_fault import leaf_elsewhere
from bot.core.analysis.reported_health import probe_handshake, why_not_reached
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said, each_backend
from bot.core.model.hostname import covers, names
from bot.core.model.observation import Answered, Attempt, Handshake, HandshakeFailed
from bot.core.routing.gateway_request import fixed_sni, name_or_none
from bot.core.routing.routes import Backend


def check(case: Case, backend: Backend) -> Iterator[Said]:
    """One finding for the probe and live traffic, for both ask for `sniName`, perhaps on different ports."""
    name = name_or_none(fixed_sni(case.gateway, backend.settings))
    if name is None or leaf_elsewhere(case, backend):
        return
    seen = probe_handshake(case, backend) if backend.settings.validate_sni else None
    if isinstance(seen, Undecided):
        yield seen
        return
    for attempt in _asked(case, backend, name):
        contrary = _contrary(case, backend, attempt, name)
        if contrary is not None:
            yield _seen(case, backend, name, Evidence(contrary, commands.openssl(attempt)))
            return


def _asked(case: Case, backend: Backend, name: str) -> Iterator[Attempt]:
    """The connections with this SNI: the probe's, and that of live traffic."""
    probe, settings = case.probe_attempt(backend), backend.settings
    if probe.tls:
        yield probe
    if settings.protocol == "https":
        yield replace(probe, port=settings.port, tls=True, sni=name)


def _contrary(case: Case, backend: Backend, attempt: Attempt, name: str) -> str | None:
    probe = case.probe_attempt(backend)
    match case.connection(attempt):
        # A probe whose handshake fails has rules of its own.
        case HandshakeFailed() as failed if case.handshake(probe):
            return why_not_reached(failed)
        case Answered(handshake=Handshake(chain=(leaf, *_))) if backend.settings.validate_sni:
            carried = ", ".join(names(leaf)) or "no name at all"
            return None if covers(leaf, name) else f"with SNI {name} it carries: {carried}"
    return None


def _seen(case: Case, backend: Backend, name: str, contrary: Evidence) -> Match:
    settings = backend.settings.name
    return Match(
        f"{settings} makes the gateway ask {backend.server} for {name}, which the backend has no"
        " certificate for.",
        (
            contrary,
            Evidence(
                f"sniName of {settings} is {name}", commands.show_settings(case.gateway, backend)
            ),
        ),
        backend,
    )


RULE = Rule(
    id="sni_name_differs",
    severity="error",
    symptom="The SNI name of the HTTP settings fits no certificate of the backend (v2).",
    cause="sniName is sent on live traffic and on periodic probes, whatever their hosts, and compared with the"
    " certificate; the portal's test probe leaves it out, so it may succeed all the same.",
    remedy="Set sniName to a name in the backend's certificate, or clear it so that the request's host is sent.",
    sources=("https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",),
    check=each_backend(check),
)
