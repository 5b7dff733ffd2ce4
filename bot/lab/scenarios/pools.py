"""Routing rules that lead to the servers of another site."""

from typing import Any

from bot.lab.azure.build import PathTo, Site, http_settings, https_settings, probe
from bot.lab.backends import BackendSpec, Route
from bot.lab.pki import leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
    ANYBODY,
    HOST,
    IP,
    LISTENER,
    OTHER_HOST,
    OTHER_IP,
    PUBLIC_SITE,
    V1,
    V2,
    any_host,
    document,
    members,
    scenario_of,
    web_server,
)
from bot.lab.values import Json

_NEWS_SITE = leaf(OTHER_HOST, issuer=PUBLIC_ISSUING)
_CAUSE = "rule_to_wrong_pool"
_OPTION = "send_to_other_pool"


def _two_sites(
    name: str, tier: str, *, shop: str, news: str, secure: bool = False, probed: bool = True
) -> Json:
    """Shop and news, each with a pool of its own; `shop` and `news` are the pools that their rules lead to."""
    make: Any = https_settings if secure else http_settings
    hosts = {"shop": HOST, "news": OTHER_HOST}
    protocol = "Https" if secure else "Http"
    return document(
        name,
        tier,
        pools=[members("shop", IP), members("news", OTHER_IP)],
        settings=[make(each, probe=each if probed else None) for each in hosts],
        probes=[
            probe(each, protocol=protocol, host=host) for each, host in hosts.items() if probed
        ],
        sites=[
            Site("shop", HOST, shop, "shop", LISTENER),
            Site("news", OTHER_HOST, news, "news", LISTENER),
        ],
    )


def _servers(*, secure: bool) -> list[BackendSpec]:
    shop, news = (PUBLIC_SITE.path[:2], _NEWS_SITE.path[:2]) if secure else (None, None)
    return [web_server(shop), web_server(news, address=OTHER_IP, knows=[OTHER_HOST])]


POOLS: tuple[Scenario, ...] = (
    scenario_of(
        "pools-exchanged",
        "The pools of two sites were swapped",
        "Each site is sent to the servers of the other one, which serve their own certificate.",
        gateway=_two_sites("pools-exchanged", V2, shop="news", news="shop", secure=True),
        backends=_servers(secure=True),
        cause=_CAUSE,
        option=_OPTION,
    ),
    scenario_of(
        "v1-rule-to-wrong-pool",
        "v1: a rule leads to the pool of another site",
        "Nobody sends anything to the shop's own servers.",
        gateway=_two_sites("v1-rule-to-wrong-pool", V1, shop="news", news="news"),
        backends=_servers(secure=False),
        cause=_CAUSE,
        option=_OPTION,
    ),
    scenario_of(
        "wrong-pool-behind-default-probe",
        "A rule leads to the pool of another site, and the default probe does not notice",
        "The servers answer the probe's 127.0.0.1; only clients learn that there is no such site.",
        gateway=_two_sites(
            "wrong-pool-behind-default-probe", V2, shop="news", news="news", probed=False
        ),
        backends=[
            web_server(knows=[HOST, *ANYBODY]),
            web_server(address=OTHER_IP, knows=[OTHER_HOST, *ANYBODY]),
        ],
        cause=_CAUSE,
        option=_OPTION,
        hidden=True,
    ),
    scenario_of(
        "site-nowhere",
        "A site that no pool's servers know",
        "Its servers lost it, and those of the other pool never had it.",
        gateway=_two_sites("site-nowhere", V2, shop="shop", news="news"),
        backends=[web_server(knows=["old.contoso.com"]), _servers(secure=False)[1]],
        cause="probe_host_or_path_unknown",
        option="remove_cause",
    ),
    scenario_of(
        "other-pool-answers-anything",
        "A site that its servers lost, and a server elsewhere that answers to any host",
        "That the other server answers does not make it the site's server.",
        gateway=_two_sites("other-pool-answers-anything", V2, shop="shop", news="news"),
        backends=[web_server(knows=["old.contoso.com"]), any_host(address=OTHER_IP)],
        cause="probe_host_or_path_unknown",
        option="remove_cause",
    ),
    scenario_of(
        "path-of-another-pool",
        "The page that one path's servers are probed for does not exist, and the site's other servers answer any page",
        "Both pools belong to one site, by its paths.",
        gateway=document(
            "path-of-another-pool",
            pools=[members("web", IP), members("api", OTHER_IP)],
            settings=[http_settings("web", probe="web"), http_settings("api", probe="api")],
            probes=[
                probe("web", protocol="Http", host=HOST),
                probe("api", protocol="Http", host=HOST, path="/api/health"),
            ],
            sites=[
                Site("shop", HOST, "web", "web", LISTENER, paths=(PathTo("/api/*", "api", "api"),))
            ],
        ),
        backends=[
            web_server(),
            web_server(address=OTHER_IP, knows=(), routes=(Route(HOST, "/api/orders"),)),
        ],
        cause="probe_host_or_path_unknown",
        option="remove_cause",
    ),
    scenario_of(
        "site-beside-a-known-one",
        "Two sites on the same servers, which know one of them only",
        "The probe asks for the known one; clients of the other learn that there is no such site.",
        gateway=document(
            "site-beside-a-known-one",
            pools=[members("web", IP)],
            settings=[http_settings("web", probe="web")],
            probes=[probe("web", protocol="Http", host=HOST)],
            sites=[
                Site("shop", HOST, "web", "web", LISTENER),
                Site("news", OTHER_HOST, "web", "web", LISTENER),
            ],
        ),
        backends=[web_server()],
        cause="live_host_unknown",
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "pools-alike",
        "Healthy: two sites, and each server knows both",
        "It does not matter which pool a rule leads to.",
        gateway=_two_sites("pools-alike", V2, shop="news", news="shop"),
        backends=[
            web_server(knows=[HOST, OTHER_HOST]),
            web_server(address=OTHER_IP, knows=[HOST, OTHER_HOST]),
        ],
    ),
)
