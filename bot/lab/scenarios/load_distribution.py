"""One rule, several pools: load distribution policies choose among them."""

from typing import Any

from bot.lab.azure.build import (
    PathTo,
    Site,
    http_settings,
    https_settings,
    load_distribution,
    probe,
)
from bot.lab.backends import Refusing
from bot.lab.pki import leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
    HOST,
    IP,
    LISTENER,
    OTHER_HOST,
    OTHER_IP,
    PRIVATE_SITE,
    PUBLIC_SITE,
    any_host,
    document,
    members,
    scenario_of,
    web_server,
)
from bot.lab.values import Json

_WRONG = leaf(OTHER_HOST, issuer=PUBLIC_ISSUING)


def _spread(name: str, blue: tuple[str, ...] = (IP,), **more: Any) -> Json:
    """A site whose rule leads to the pools blue and green through a policy only."""
    return document(
        name,
        **{
            "pools": [members("blue", *blue), members("green", OTHER_IP)],
            "settings": [https_settings("site", probe="site")],
            "probes": [probe("site", host=HOST)],
            "loadDistributionPolicies": [load_distribution("canary", blue=9, green=1)],
            "sites": [Site("site", HOST, "", "site", LISTENER, policy="canary")],
            **more,
        },
    )


LOAD_DISTRIBUTION: tuple[Scenario, ...] = (
    scenario_of(
        "healthy-load-distribution",
        "Healthy: a load distribution policy spreads requests over two pools",
        "The rule names no pool itself: nine of ten requests go to blue, the others to green.",
        gateway=_spread("load-distribution"),
        backends=[
            web_server(PUBLIC_SITE.path[:2]),
            web_server(PUBLIC_SITE.path[:2], address=OTHER_IP),
        ],
    ),
    scenario_of(
        "healthy-load-distribution-empty-pool",
        "Healthy: one of the pools of a load distribution policy is empty",
        "Requests go to the other one: weights are for each server.",
        gateway=_spread("ldp-empty", blue=()),
        backends=[web_server(PUBLIC_SITE.path[:2], address=OTHER_IP)],
    ),
    scenario_of(
        "load-distribution-root",
        "Pools behind a load distribution policy have a private certificate",
        "Only the policy leads to the pools, and their servers' root is not trusted.",
        gateway=_spread("ldp-root"),
        backends=[web_server(PRIVATE_SITE.path), web_server(PRIVATE_SITE.path, address=OTHER_IP)],
        cause="root_not_trusted",
        option="upload_root_certificate",
        heals=True,
    ),
    scenario_of(
        "load-distribution-one-refuses",
        "One pool of a load distribution policy is down",
        "The canary's server is stopped; the other pool still answers.",
        gateway=_spread("ldp-one-down"),
        backends=[
            web_server(PUBLIC_SITE.path[:2]),
            web_server(PUBLIC_SITE.path[:2], address=OTHER_IP, behaviour=Refusing()),
        ],
        cause="port_refused",
        option="remove_cause",
    ),
    scenario_of(
        "load-distribution-path-name",
        "A path leads through a load distribution policy to a server with another name",
        "/api/* is spread over two pools, of which one has a certificate for another site.",
        gateway=_spread(
            "ldp-path",
            pools=[members("web", "10.4.0.12"), members("blue", IP), members("green", OTHER_IP)],
            settings=[http_settings("web", probe="web"), https_settings("site", probe="site")],
            probes=[probe("web", host=HOST, protocol="Http"), probe("site", host=HOST)],
            sites=[
                Site(
                    "site",
                    HOST,
                    "web",
                    "web",
                    LISTENER,
                    paths=(PathTo("/api/*", "", "site", policy="canary"),),
                )
            ],
        ),
        backends=[
            any_host(address="10.4.0.12"),
            web_server(PUBLIC_SITE.path[:2]),
            web_server(_WRONG.path[:2], address=OTHER_IP),
        ],
        cause="certificate_name_mismatch",
        option="replace_backend_certificate",
    ),
)
