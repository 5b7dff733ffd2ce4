"""Healthy gateways with more than one way through them."""

from bot.lab.azure.build import PathTo, Site, certificate, http_settings, https_settings, probe
from bot.lab.pki import leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
    DOMAIN,
    HOST,
    IP,
    LISTENER,
    OTHER_HOST,
    OTHER_IP,
    PRIVATE_SITE,
    PUBLIC_SITE,
    ROOT,
    any_host,
    document,
    members,
    one_site,
    scenario_of,
    web_server,
)

_WILDCARD = leaf(f"*.{DOMAIN}", issuer=PUBLIC_ISSUING)

HEALTHY_ROUTES: tuple[Scenario, ...] = (
    scenario_of(
        "healthy-wildcard-listener",
        "Healthy: a wildcard listener, and a wildcard certificate behind it",
        "Every name of the domain is accepted, and the certificate covers them all.",
        gateway=one_site("wildcard-listener", host=f"*.{DOMAIN}"),
        backends=[any_host(_WILDCARD.path[:2])],
    ),
    scenario_of(
        "healthy-basic-listener",
        "Healthy: a basic listener, with the host name in the HTTP settings",
        "The site is on a shared platform, and every request is sent with its own name.",
        gateway=one_site("basic-listener", host="", settings={"hostName": HOST}),
        backends=[web_server(PUBLIC_SITE.path[:2])],
    ),
    scenario_of(
        "healthy-multi-site",
        "Healthy: two sites with a pool each, a redirect, and an empty pool that nobody uses",
        "Each site has its own pool, HTTP settings and probe.",
        gateway=document(
            "multi-site",
            pools=[members("shop", IP), members("news", OTHER_IP), members("spare")],
            settings=[
                https_settings("shop", probe="shop", trusted_roots=["root"]),
                http_settings("news", probe="news"),
            ],
            probes=[probe("shop", host=HOST), probe("news", host=OTHER_HOST, protocol="Http")],
            trusted_roots=[certificate("root", ROOT)],
            sites=[
                Site("shop", HOST, "shop", "shop", LISTENER),
                Site("news", OTHER_HOST, "news", "news", LISTENER),
                Site("shop-http", HOST, redirect_to="shop"),
            ],
        ),
        backends=[
            web_server(PRIVATE_SITE.path),
            web_server(address=OTHER_IP, knows=[OTHER_HOST]),
        ],
    ),
    scenario_of(
        "healthy-path-map",
        "Healthy: paths lead to different pools",
        "/images/* goes to a different server from the rest of the site.",
        gateway=document(
            "path-map",
            pools=[members("web", IP), members("images", OTHER_IP)],
            settings=[http_settings("web", probe="site"), http_settings("images", port=8080)],
            probes=[probe("site", host=HOST, protocol="Http")],
            sites=[
                Site(
                    "site",
                    HOST,
                    "web",
                    "web",
                    LISTENER,
                    paths=(PathTo("/images/*", "images", "images"),),
                )
            ],
        ),
        backends=[web_server(), any_host(address=OTHER_IP, port=8080)],
    ),
    scenario_of(
        "healthy-redirects-only",
        "Healthy: a gateway that only redirects",
        "There is no backend to be healthy or not.",
        gateway=document(
            "redirects-only",
            pools=[],
            settings=[],
            sites=[
                Site("old-http", HOST, redirect_to="old"),
                Site("old", HOST, certificate=LISTENER, redirect_to=f"https://{OTHER_HOST}"),
            ],
        ),
        backends=[],
    ),
)
