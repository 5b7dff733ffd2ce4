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
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import attempts_to_judge, try_options
from bot.core.routing.client_request import ClientRequest
from bot.core.rules import RULES
from tests.core.make import (
    APP,
    SERVER,
    case,
    document,
    handshake,
    item,
    probe,
    ref,
    rule,
    settings,
    what_if,
)

SECOND = "10.1.5.12"

Page = Callable[[Attempt], int | Response | NoResponse | Outcome]
"""What comes of a request: a status alone, an answer, none, or the whole outcome."""


def looked_at(
    made: Json,
    page: Page,
    *,
    seconds: float = 0.1,
    state: Any = "healthy",
    rounds: int = ROUNDS,
    **changes: Any,
) -> Case:
    """The gateway was looked at, with all that the first look gives a reason for (in so many `rounds`)."""
    found = case(made, state=state, **changes)
    wanted = wanted_attempts(found)
    for _ in range(1 + rounds):
        seen = tuple(Observation(it, _outcome(it, page(it)), seconds) for it in wanted)
        found = replace(found, observations=(*found.observations, *seen))
        wanted = further_attempts(found)
    return found


def also_on_paper(made: Case, base: Json, page: Page) -> Case:
    """The same with what the trials of its options ask for."""
    paper = what_if(made, base)
    tried = try_options(paper, diagnose(made, RULES), OPTIONS)
    further = attempts_to_judge(paper, tried)
    seen = tuple(Observation(it, _outcome(it, page(it)), 0.1) for it in further)
    return replace(made, observations=(*made.observations, *seen))


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


def http(*, tier: str = "Standard", top: Any = None, **changes: Any) -> Any:
    """A gateway that speaks plain HTTP to its server, with the probe at `/health`.

    `changes` are those of its HTTP settings, `top` those of the document.
    """
    way: Any = {"port": 80, "protocol": "Http", "authenticationCertificates": []}
    found: Any = {
        "backendHttpSettingsCollection": [settings(**(way | changes))],
        "probes": [probe(protocol="Http", path="/health")],
    }
    return document(tier=tier, **(found | (top or {})))


def path_map(*patterns: str, pool: str = "api") -> Json:
    """A path map whose rule for these patterns leads to this pool, and whose default to the pool named `pool`."""
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


def hidden(
    *,
    tier: str = "Standard_v2",
    wide: tuple[str, ...] = ("*.contoso.com",),
    own_pool: str = "api",
    first: str = "wide",
    paths: tuple[str, ...] = (),
    default: bool = True,
    highest: int = 10,
    taken: tuple[int, ...] = (),
) -> Any:
    """Rule `wide`, to pool `pool`, comes before rule `shop`, to pool `api`, of the site shop.contoso.com.

    `paths`: rule `shop` has a path map that leads them to its pool, and all else too if it has a `default`.
    `highest` is the priority of the first rule on v2, `taken` are priorities of rules for other sites.
    """
    hosts = {"wide": list(wide), "shop": ["shop.contoso.com"]}
    listening: Any = {"protocol": "Https", "frontendPort": ref("frontendPorts", "p443")}
    order = ("wide", "shop") if first == "wide" else ("shop", "wide")
    priorities = (
        dict(zip(order, (highest, highest + 10), strict=True)) if tier.endswith("v2") else {}
    )
    pools = {"wide": "pool", "shop": own_pool}
    rules = [
        rule(
            name,
            httpListener=ref("httpListeners", name),
            backendAddressPool=ref("backendAddressPools", pools[name]),
            **({"priority": priorities[name]} if priorities else {}),
        )
        for name in order
    ]
    hosts |= {f"other{it}": [f"other{it}.example"] for it in taken}
    rules += [
        rule(f"r{it}", httpListener=ref("httpListeners", f"other{it}"), priority=it) for it in taken
    ]
    top = {
        "httpListeners": [
            item("httpListeners", name, hostNames=hosts[name], **listening) for name in hosts
        ],
        "requestRoutingRules": rules,
    }
    if paths:
        made = path_map(*paths, pool=own_pool)
        own = made["properties"]
        own["defaultBackendAddressPool"] = ref("backendAddressPools", own_pool) if default else None
        (shop,) = (it["properties"] for it in rules if it["name"] == "shop")
        del shop["backendAddressPool"], shop["backendHttpSettings"]
        shop["urlPathMap"] = ref("urlPathMaps", "paths")
        top["urlPathMaps"] = [made]
    return http(tier=tier, top=two_pools(**top))
