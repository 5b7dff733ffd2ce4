"""Attempts and probers with what most tests want; a test names only what matters to it."""

from bot.core.model.endpoint import Endpoint
from bot.core.model.observation import (
    Answered,
    Attempt,
    Handshake,
    Hello,
    NoResponse,
    Outcome,
    Response,
)
from bot.probe import NetworkProber

BACKEND = "10.1.5.11"
HOST = "shop.contoso.com"


def attempt(
    *,
    server: str = BACKEND,
    port: int = 443,
    tls: bool = True,
    sni: str | None = HOST,
    host: str = HOST,
    path: str | None = "/",
    hello: Hello = "small",
) -> Attempt:
    """A request as a health probe makes it; `path` None for the handshake alone."""
    return Attempt(server, port, tls, sni if tls else None, host, path, hello)


async def outcome(wanted: Attempt, endpoint: Endpoint, timeout: float = 10) -> Outcome:
    """What comes of one attempt whose server really listens at `endpoint`."""
    prober = NetworkProber({(wanted.server, wanted.port): endpoint}, loopback_only=True)
    (observation,) = await prober.observe([wanted], [], timeout)
    return observation.outcome


def handshake(found: Outcome) -> Handshake:
    """The handshake of an outcome that has to have one."""
    assert isinstance(found, Answered), found
    assert found.handshake is not None
    return found.handshake


def response(found: Outcome) -> Response | NoResponse:
    """The HTTP side of an outcome that has to have one."""
    assert isinstance(found, Answered), found
    return found.http
