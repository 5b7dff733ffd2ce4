"""What only a comparison of two requests shows, and what looks like a fault by one of them alone."""

from dataclasses import replace
from typing import Any

from bot.lab.azure.build import Site, http_settings, probe
from bot.lab.backends import Answer, Denying, Refusing, Route
from bot.lab.pki import authority, leaf, rsa_key, signed_with
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import OPTIONS
from bot.lab.scenarios.shapes import (
    DOMAIN,
    HOST,
    IP,
    LISTENER,
    OTHER_HOST,
    OTHER_IP,
    any_host,
    document,
    members,
    one_site,
    scenario_of,
    web_server,
)
from bot.lab.values import Json

_APP = "app.contoso.net"
_HERE = Route(_APP), Route(HOST, answer=Answer(403, b"Forbidden.\n"))
_ELSEWHERE: dict[str, Any] = {"secure": False, "asks": _APP, "checks": {"path": "/health"}}
_MOVED = Answer(301, b"", (("Location", f"http://{HOST}/"),))
_BOT, _GATEWAY = "127.0.0.1", "127.0.0.2"
_APART = replace(OPTIONS, source=_GATEWAY)
_RSA = rsa_key()
_ROOT = authority("Contoso RSA Root CA", key=_RSA)
_SHA1 = signed_with("sha1", leaf(HOST, issuer=_ROOT))


def _behind_wildcard(name: str, *shop: str) -> Json:
    """The wildcard's rule comes before the shop's."""
    return document(
        name,
        pools=[members("web", IP), members("shop", *shop)],
        settings=[http_settings("web", probe="news"), http_settings("shop", probe="shop")],
        probes=[
            probe("news", host=OTHER_HOST, protocol="Http"),
            probe("shop", host=HOST, protocol="Http"),
        ],
        sites=[
            Site("all", f"*.{DOMAIN}", "web", "web", LISTENER),
            Site("shop", HOST, "shop", "shop", LISTENER),
        ],
    )


COMPARED: tuple[Scenario, ...] = (
    scenario_of(
        "clients-host-forbidden",
        "The server answers the probe's host, and 403 the clients'",
        "Its site for clients is forbidden to everybody; the probe asks for another one.",
        gateway=one_site("clients-host-forbidden", **_ELSEWHERE),
        backends=[web_server(routes=_HERE)],
        cause="live_host_unknown",
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "clients-host-and-path-wrong",
        "The HTTP settings have a misspelt host name, and a path override that leads nowhere",
        "Either alone would be enough; the probe has a host and a path of its own.",
        gateway=one_site(
            "clients-host-and-path-wrong",
            settings={"hostName": "app.contoso.ner", "path": "/old/"},
            **_ELSEWHERE,
        ),
        backends=[web_server(routes=(Route(_APP, "/old/", Answer(404)), Route(_APP)))],
        cause="live_host_unknown",
        option="set_host_name",
        heals=True,
        also=["path_override_unknown"],
        hidden=True,
    ),
    scenario_of(
        "clients-redirected-to-no-listener",
        "The application redirects clients to plain HTTP, for which the gateway has no listener",
        "It builds the address from the request that it gets, which is plain HTTP.",
        gateway=one_site("clients-redirected-to-no-listener", secure=False),
        backends=[any_host(answer=_MOVED)],
        cause="redirect_leaves_gateway",
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "clients-sent-to-a-kept-server",
        "One of two servers is down, and minServers keeps both in rotation",
        "So every other request fails, and the gateway calls both healthy.",
        gateway=one_site(
            "clients-sent-to-a-kept-server",
            servers=(IP, OTHER_IP),
            secure=False,
            checks={"minServers": 2},
        ),
        backends=[web_server(behaviour=Refusing()), web_server(address=OTHER_IP)],
        cause="port_refused",
        option="remove_cause",
        notes=["min_servers_hides_failures"],
        hidden=True,
    ),
    scenario_of(
        "root-missing-below-sha1",
        "The root is not uploaded, and what it issued is signed with SHA-1",
        "With the root, the gateway would refuse the signature: nothing promises otherwise.",
        gateway=one_site("root-missing-below-sha1"),
        backends=[web_server(_SHA1.path)],
        cause="root_not_trusted",
        option="remove_cause",
        notes=["weak_certificate"],
    ),
    scenario_of(
        "bot-denied-before-a-site",
        "Healthy: a wildcard comes first, and its server turns the bot away",
        "Clients get their page from it; what the bot gets says nothing of that.",
        gateway=_behind_wildcard("bot-denied-before-a-site", OTHER_IP),
        backends=[
            any_host(behaviour=Denying((_BOT,), Answer(403, b"Forbidden.\n"))),
            web_server(address=OTHER_IP),
        ],
        options=_APART,
        notes=["rule_order", "gateway_disagrees"],
    ),
    scenario_of(
        "empty-pool-that-nobody-reaches",
        "Healthy: a pool without members behind a wider rule",
        "The wildcard's rule comes first, and its server answers to the shop's name as well.",
        gateway=_behind_wildcard("empty-pool-that-nobody-reaches"),
        backends=[any_host()],
        notes=["rule_order"],
    ),
)
