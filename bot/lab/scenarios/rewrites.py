"""Rewrite rule sets: they break a site, keep it, send it elsewhere, or correct where it redirects to.

Rebuilt from https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-rewrite-rules and the
examples of https://learn.microsoft.com/azure/application-gateway/rewrite-http-headers-url
"""

from typing import Any

from bot.lab.azure.build import PathTo, Site, http_settings, part, probe
from bot.lab.backends import Answer, Route
from bot.lab.pki import leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
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

_APP = "shop-app.azurewebsites.net"
_GONE = Answer(404, b"No such page.\n")
_MOVED = Answer(302, b"", (("Location", f"https://{_APP}/home"),))
_SITE = [Site("site", HOST, "web", "backend", LISTENER, rewrites="rewrites")]


def rewriting(name: str, *conditions: Json, sequence: int = 100, **actions: Any) -> Json:
    """One rewrite rule."""
    conditions_ = {"conditions": list(conditions)} if conditions else {}
    return {"name": name, "ruleSequence": sequence, **conditions_, "actionSet": actions}


def when(variable: str, pattern: str, **more: bool) -> Json:
    """A condition of a rewrite rule."""
    return {"variable": variable, "pattern": pattern, "ignoreCase": True, "negate": False, **more}


def header(name: str, value: str) -> list[Json]:
    """A header, as rewrite rules set it."""
    return [{"headerName": name, "headerValue": value}]


def _set(*rules: Json) -> list[Json]:
    return [part("rewrites", rewriteRules=list(rules))]


def _one(name: str, *rules: Json, secure: bool = False, **more: Any) -> Json:
    """One site with these rewrite rules, whose probe asks for `/health`."""
    made: dict[str, Any] = {"checks": {"path": "/health"}, "sites": _SITE, **more}
    return one_site(name, secure=secure, rewriteRuleSets=_set(*rules), **made)


def _paths(name: str, *rules: Json, pattern: str, at_path: bool = False) -> Json:
    """Two pools: the pattern leads to the second one; the rewrite rules are of the default, or of that path."""
    path = PathTo(pattern, "new", "backend", rewrites="rewrites" if at_path else "")
    default = "" if at_path else "rewrites"
    return document(
        name,
        pools=[members("web", IP), members("new", OTHER_IP)],
        settings=[http_settings("backend", probe="site")],
        probes=[probe("site", protocol="Http", host=HOST, path="/health")],
        sites=[Site("site", HOST, "web", "backend", LISTENER, paths=(path,), rewrites=default)],
        rewriteRuleSets=_set(*rules),
    )


REWRITES: tuple[Scenario, ...] = (
    scenario_of(
        "rewrite-host-unknown",
        "A rewrite rule gives clients' requests a host that the server does not know",
        "The server knows the site; the rule has a typo. The health probe is not rewritten.",
        gateway=_one(
            "rewrite-host-unknown",
            rewriting(
                "to-the-app", requestHeaderConfigurations=header("Host", "shop-ap.contoso.com")
            ),
        ),
        backends=[web_server()],
        cause="rewrite_breaks_request",
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "rewrite-path-gone",
        "A rewrite rule sends clients to a folder that is gone",
        "The rule is left over from an older release; its folder answers 404.",
        gateway=_one(
            "rewrite-path-gone",
            rewriting("to-folder", urlConfiguration={"modifiedPath": "/v1{var_uri_path}"}),
        ),
        backends=[web_server(routes=(Route(HOST, "/v1", _GONE), Route(HOST)))],
        cause="rewrite_breaks_request",
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "rewrite-to-a-page-that-is-not-there",
        "A rewrite rule sends every request of a path to one page, and there is none",
        "The page of the rule is misspelt. What clients ask for is not there either: it is only a name for it.",
        gateway=_paths(
            "rewrite-to-a-page-that-is-not-there",
            rewriting("reports", urlConfiguration={"modifiedPath": "/buy.aspx"}),
            pattern="/reports/*",
            at_path=True,
        ),
        backends=[
            web_server(),
            web_server(address=OTHER_IP, routes=(Route(HOST, "/health"), Route(HOST, "/", _GONE))),
        ],
        cause="rewrite_breaks_request",
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "rewrite-in-a-circle",
        "A rewrite rule leads back to its own path, and has the path map asked again",
        "The gateway answers 500 by itself; its servers are never asked.",
        gateway=_paths(
            "rewrite-in-a-circle",
            rewriting(
                "again", urlConfiguration={"modifiedPath": "/shop{var_uri_path}", "reroute": True}
            ),
            pattern="/shop/*",
            at_path=True,
        ),
        backends=[web_server(), web_server(address=OTHER_IP)],
        cause="rewrite_loop",
        option="remove_cause",
        hidden=True,
    ),
    scenario_of(
        "rewrite-depends-on-client",
        "A rewrite rule sends clients that have signed in to a page that is not there",
        "Whether clients send that header, only they know; all others are served.",
        gateway=_one(
            "rewrite-depends-on-client",
            rewriting(
                "signed-in",
                when("http_req_Authorization", "^Bearer"),
                urlConfiguration={"modifiedPath": "/members"},
            ),
        ),
        backends=[web_server(routes=(Route(HOST, "/members", _GONE), Route(HOST)))],
        undecided=["rewrite_breaks_request"],
    ),
    scenario_of(
        "rewritten-host-and-its-sni",
        "A rewrite rule sends the server's own name, and the certificate is for that name only",
        "No page of Microsoft's says which SNI goes with it, and against which name the certificate is checked.",
        gateway=_one(
            "rewritten-host-and-its-sni",
            rewriting("own-name", requestHeaderConfigurations=header("Host", OTHER_HOST)),
            secure=True,
            asks=OTHER_HOST,
        ),
        backends=[
            web_server(leaf(OTHER_HOST, issuer=PUBLIC_ISSUING).path[:2], knows=(OTHER_HOST,))
        ],
        undecided=["live_name_mismatch"],
    ),
    scenario_of(
        "healthy-rewrites",
        "Healthy: rewrite rules that the server is made for",
        "The path gets a folder; what depends on clients' headers leads to a page that is there as well.",
        gateway=_one(
            "healthy-rewrites",
            rewriting("folder", urlConfiguration={"modifiedPath": "/v2{var_uri_path}"}),
            rewriting(
                "signed-in",
                when("http_req_Authorization", "^Bearer"),
                sequence=200,
                urlConfiguration={"modifiedPath": "/v2/members"},
            ),
            rewriting(
                "address",
                sequence=300,
                requestHeaderConfigurations=header("X-Forwarded-For", "{var_client_ip}"),
            ),
        ),
        backends=[
            web_server(
                routes=(Route(HOST, "/health"), Route(HOST, "/v2/"), Route(HOST, "/", _GONE))
            )
        ],
    ),
    scenario_of(
        "healthy-rewritten-host",
        "Healthy: a rewrite rule sends the server's own name",
        "One certificate is for both names, so the SNI does not matter, of which no page says which it is.",
        gateway=_one(
            "healthy-rewritten-host",
            rewriting("own-name", requestHeaderConfigurations=header("Host", OTHER_HOST)),
            secure=True,
            checks={"path": "/health", "host": OTHER_HOST},
        ),
        backends=[
            web_server(
                leaf(HOST, dns_names=(HOST, OTHER_HOST), issuer=PUBLIC_ISSUING).path[:2],
                knows=(OTHER_HOST,),
            )
        ],
    ),
    scenario_of(
        "healthy-path-map-asked-again",
        "Healthy: a rewrite rule sends a path to another pool",
        "The default's servers do not have the page; the path map is asked again, and leads to those that do.",
        gateway=_paths(
            "healthy-path-map-asked-again",
            rewriting(
                "start-page",
                when("var_uri_path", "^/$"),
                urlConfiguration={"modifiedPath": "/new/start", "reroute": True},
            ),
            pattern="/new/*",
        ),
        backends=[
            web_server(
                routes=(Route(HOST, "/health"), Route(HOST, "/", Answer(503, b"Closed.\n")))
            ),
            web_server(address=OTHER_IP),
        ],
    ),
    scenario_of(
        "healthy-redirect-rewritten",
        "Healthy: the application redirects past the gateway, and a rewrite rule corrects that",
        "The application uses its own name, as it is sent; the rule gives the site's name back.",
        gateway=_one(
            "healthy-redirect-rewritten",
            rewriting(
                "back",
                when("http_resp_Location", r"https?://.*azurewebsites\.net(.*)$"),
                responseHeaderConfigurations=header(
                    "Location", "https://{var_host}{http_resp_Location_1}"
                ),
            ),
            settings={"hostName": _APP},
            asks=_APP,
        ),
        backends=[
            any_host(
                routes=(
                    Route(_APP, "/health"),
                    Route(_APP, "/home"),
                    Route(_APP, "/", _MOVED),
                )
            ),
            web_server(leaf(_APP, issuer=PUBLIC_ISSUING).path[:2], knows=(_APP,)),
        ],
    ),
    scenario_of(
        "redirect-not-rewritten",
        "The application redirects past the gateway, and no rewrite rule corrects that",
        "The rule of the healthy twin asks for another name than the application's.",
        gateway=_one(
            "redirect-not-rewritten",
            rewriting(
                "back",
                when("http_resp_Location", r"https?://.*\.internal(.*)$"),
                responseHeaderConfigurations=header(
                    "Location", "https://{var_host}{http_resp_Location_1}"
                ),
            ),
            settings={"hostName": _APP},
            asks=_APP,
        ),
        backends=[
            any_host(
                routes=(
                    Route(_APP, "/health"),
                    Route(_APP, "/home"),
                    Route(_APP, "/", _MOVED),
                )
            ),
            web_server(leaf(_APP, issuer=PUBLIC_ISSUING).path[:2], knows=(_APP,)),
        ],
        cause="redirect_leaves_gateway",
        option="correct_port",
        hidden=True,
    ),
)
