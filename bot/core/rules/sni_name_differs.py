"""v2: the SNI set for live traffic is not one that the backend has a certificate for."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core import commands
from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.finding import Evidence, Seen
from bot.core.hostname import covers, names
from bot.core.looking import not_seen
from bot.core.observation import Answered, Attempt, Handshake, HandshakeFailed
from bot.core.rule import Rule, each_backend
from bot.core.sending import name_or_none


def check(case: Case, backend: Backend) -> Iterator[Seen]:
    """`sniName` counts for live traffic only, so the health probe may be content all the same."""
    name = name_or_none(backend.settings.sni_name)
    if case.gateway.generation != "v2" or backend.settings.protocol != "https" or name is None:
        return
    sent = case.sent(backend)
    if sent.protocol == "https" and (sent.sni, sent.port) == (name, backend.settings.port):
        return  # The probe asks for the same, so its own rules say it.
    live = replace(case.probe_attempt(backend), port=backend.settings.port, tls=True, sni=name)
    contrary = _contrary(case, backend, live, name)
    if contrary is not None:
        yield Seen(
            f"Live traffic to {backend.server} asks for {name}, which the backend has no certificate"
            " for, whatever the health probe says.",
            (
                Evidence(contrary, commands.openssl(live)),
                Evidence(
                    f"sniName of {backend.settings.name} is {name}",
                    commands.show_settings(case.gateway, backend),
                ),
            ),
            backend,
        )


def _contrary(case: Case, backend: Backend, live: Attempt, name: str) -> str | None:
    match case.connection(live):
        case HandshakeFailed() as failed if case.handshake(case.probe_attempt(backend)):
            return not_seen(failed)
        case Answered(handshake=Handshake(chain=(leaf, *_))) if backend.settings.validate_sni:
            carried = ", ".join(names(leaf)) or "no name at all"
            return None if covers(leaf, name) else f"with SNI {name} it carries: {carried}"
    return None


RULE = Rule(
    id="sni_name_differs",
    severity="error",
    symptom="The SNI name of the HTTP settings fits no certificate of the backend (v2).",
    cause="sniName is sent on live traffic and compared with the certificate, but not by the health probe: the"
    " backend looks healthy while clients get 502.",
    remedy="Set sniName to a name in the backend's certificate, or clear it so that the request's host is sent.",
    sources=("https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",),
    check=each_backend(check),
)
