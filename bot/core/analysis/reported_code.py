"""The OpenSSL code in the gateway's message about a certificate that it could not verify."""

import re

from bot.core.analysis.health_message import MEANING, MessageClass, classify, normalise
from bot.core.analysis.openssl_codes import VerifyCode, verify_code
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.health import ServerHealth, SimulatedHealth

_NUMBER = re.compile(r"error code\W*(\d{1,3})\b")


@asked_once
def reported_code(view: BackendView) -> VerifyCode | None:
    """The code that the gateway gives as the reason why it calls the backend unhealthy; None if it gives none.

    It is about the certificate, so on paper it stands until the server is supposed to show another one.
    """
    health = told_health(view)
    if health is None or health.state != "unhealthy" or classify(health.message) != "verify_failed":
        return None
    found = _NUMBER.search(normalise(health.message or ""))
    return verify_code(int(found[1])) if found else None


def reported_meaning(view: BackendView, says: MessageClass) -> str:
    """What the gateway's message means, with the code decoded that it quotes."""
    code = reported_code(view)
    if code is None:
        return MEANING[says]
    return f"{MEANING[says]}: a certificate of its chain {code.says} (OpenSSL error {code.label})"


def told_health(view: BackendView) -> ServerHealth | None:
    """What the gateway says of it; on paper what it said before, unless the server is to show another chain."""
    known = view.case.health
    if not isinstance(known, SimulatedHealth):
        return view.server_health
    server = view.case.resolve_alias(view.attempt).server
    if any(view.case.assumed_at(it) for it in (server, view.server)):
        return None
    return known.before.of_server(server)
