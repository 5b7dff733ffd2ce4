"""Cases in which everything that a diagnosis asks for is answered, by what is asked alone."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.core.analysis.follow_up_probes import ROUNDS, further_attempts
from bot.core.arm.document import Json
from bot.core.case.attempts import wanted_attempts
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Finding
from bot.core.case.view import BackendView
from bot.core.model.observation import (
    Answered,
    Attempt,
    HandshakeFailed,
    NoResponse,
    Observation,
    Outcome,
    Response,
)
from bot.core.routing.client_request import ClientRequest
from bot.core.rules import RULES
from tests.core.make import APP, SERVER, case, document, handshake, item, probe, ref, rule, settings

SECOND = "10.1.5.12"

Page = Callable[[Attempt], int | Response | NoResponse | Outcome]
"""What comes of a request: a status alone, an answer, none, or the whole outcome."""


def looked_at(
    made: Json, page: Page, *, seconds: float = 0.1, state: Any = "healthy", **changes: Any
) -> Case:
    """The gateway was looked at, with all that the first look gives a reason for."""
    found = case(made, state=state, **changes)
    wanted = wanted_attempts(found)
    for _ in range(1 + ROUNDS):
        seen = tuple(Observation(it, _outcome(it, page(it)), seconds) for it in wanted)
        found = replace(found, observations=(*found.observations, *seen))
        wanted = further_attempts(found)
    return found


def _outcome(asked: Attempt, said: int | Response | NoResponse | Outcome) -> Outcome:
    match said:
        case int():
            return _outcome(asked, Response(said, None, ""))
        case Response() | NoResponse():
            return Answered(asked.server, handshake(APP) if asked.tls else None, said)
    return said


def plain(page: Page) -> Page:
    """The same server, on ports that do not speak TLS."""
    no_tls = HandshakeFailed("not_tls", SERVER, None, "it does not speak TLS")
    return lambda it: no_tls if it.tls else page(it)


def views(made: Case) -> list[BackendView]:
    """One for each request of a client."""
    return [BackendView(made, it.backend, it) for it in made.clients]


def view_of(made: Case, path: str = "/", host: str | None = None) -> BackendView:
    """The first request of a client for this path, and for this host if it matters."""
    return next(
        it for it in views(made) if asks(it.client).path == path and host in (None, it.request.host)
    )


def asks(client: ClientRequest | None) -> Any:
    """What the client asked for."""
    assert client is not None
    return client.way


def errors(made: Case) -> list[Finding]:
    """What the diagnosis as a whole finds at fault."""
    return list(diagnose(made, RULES).errors)


def http(*, tier: str = "Standard", **changes: Any) -> Any:
    """A gateway that speaks plain HTTP to its server, with the probe at `/health`; `changes` are of its settings."""
    plain = settings(
        **({"port": 80, "protocol": "Http", "authenticationCertificates": []} | changes)
    )
    asked = probe(protocol="Http", path="/health")
    return document(tier=tier, backendHttpSettingsCollection=[plain], probes=[asked])


def path_map(*patterns: str, pool: str = "api") -> Json:
    """A path map whose rule for these patterns leads to `pool`, and everything else to `pool` named pool."""
    ends = {"backendHttpSettings": ref("backendHttpSettingsCollection", "https")}
    return item(
        "urlPathMaps",
        "paths",
        defaultBackendAddressPool=ref("backendAddressPools", "pool"),
        defaultBackendHttpSettings=ends["backendHttpSettings"],
        pathRules=[
            {
                "name": "api",
                "properties": {
                    "paths": list(patterns),
                    "backendAddressPool": ref("backendAddressPools", pool),
                    **ends,
                },
            }
        ],
    )


def two_pools(**changes: Any) -> Any:
    """The collections of a gateway with a second pool, `api`, whose member is `SECOND`."""
    found = [
        item("backendAddressPools", name, backendAddresses=[{"ipAddress": address}])
        for name, address in (("pool", SERVER), ("api", SECOND))
    ]
    return {"backendAddressPools": found, **changes}


def by_path(*patterns: str) -> Any:
    """The collections of a gateway with a path map and a second pool."""
    return two_pools(
        urlPathMaps=[path_map(*patterns)],
        requestRoutingRules=[rule(urlPathMap=ref("urlPathMaps", "paths"))],
    )
