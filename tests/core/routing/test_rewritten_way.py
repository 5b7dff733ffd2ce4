"""Where clients' requests go after their rewrites: to the same pool, to another one, or in a circle."""

from typing import Any

from bot.core.arm.document import Json
from bot.core.model.marked import plain
from bot.core.routing.client_request import ClientRequest
from bot.core.routing.client_way import ClientWay, DeadEnd, client_ways, dead_ends, is_reached
from tests.core.clients import SECOND, by_path, http
from tests.core.make import HOST, SERVER, case, item, ref, rule, settings
from tests.core.rewriting import V2, a_set, header, on_paths, rewrite, rewritten, when

START = when("var_uri_path", "^/$")
OF_A_CLIENT = when("http_req_Authorization", "^Bearer")


def ways(made: Any) -> tuple[ClientWay, ...]:
    return client_ways(case(made).gateway)


def requests(made: Any) -> tuple[ClientRequest, ...]:
    return case(made).clients


def sent(made: Any) -> list[tuple[str, str, str, str]]:
    """The path that a client asks for; the server, the host and the path that are asked."""
    return [
        (it.way.path, it.backend.server, it.attempt.host, it.attempt.path or "")
        for it in requests(made)
    ]


def way(made: Any, path: str = "/") -> ClientWay:
    (found,) = (it for it in ways(made) if it.path == path)
    return found


def circles(made: Any) -> tuple[DeadEnd, ...]:
    return dead_ends(case(made).gateway)


def test_a_server_is_asked_for_the_rewritten_host_and_path() -> None:
    made = rewritten(rewrite("r", host="app.example", path="/v1{var_uri_path}", query="a=b"))
    assert sent(made) == [
        ("/health", SERVER, "app.example", "/v1/health?a=b"),
        ("/", SERVER, "app.example", "/v1/?a=b"),
    ]
    (first, _) = requests(made)
    assert plain(first.changed_by or "") == (
        "rewrite rule r of set set changes the request to Host app.example and path /v1/health?a=b"
    )
    assert [it.site for it in ways(made)] == [HOST, HOST]


def test_several_rules_are_named_together_and_one_without_effect_is_not() -> None:
    made = rewritten(rewrite("a", path="/a"), rewrite("b", query="b"))
    assert "rewrite rules a, b of set set change the request to" in plain(
        requests(made)[0].changed_by or ""
    )
    assert requests(rewritten(rewrite("r", path="{var_uri_path}")))[0].changed_by is None
    assert requests(rewritten())[0].changed_by is None
    assert requests(http())[0].changed_by is None


def test_v1_rewrites_nothing() -> None:
    assert [it[3] for it in sent(rewritten(rewrite("r", path="/x"), tier="Standard"))] == [
        "/health",
        "/",
    ]


def test_a_query_of_the_client_is_kept() -> None:
    probes = [item("probes", "probe", protocol="Http", host=HOST, path="/health?deep=1")]
    made = rewritten(rewrite("r", path="/x"), top={"probes": probes})
    assert sent(made)[0] == ("/health?deep=1", SERVER, HOST, "/x?deep=1")


def test_a_set_that_is_not_there_leaves_the_request_open() -> None:
    lost = [rule(rewriteRuleSet=ref("rewriteRuleSets", "gone"))]
    made = rewritten(top={"requestRoutingRules": lost})
    (one, two) = requests(made)
    assert (
        plain(one.way.unknown or "")
        == "it depends on rewrite rule set gone, which cannot be read whole"
    )
    assert (one.can_be_made, two.can_be_made) == (False, False)


def test_a_redirect_of_the_gateways_own_is_not_rewritten() -> None:
    away = [
        rule(
            rewriteRuleSet=ref("rewriteRuleSets", "set"),
            redirectConfiguration=ref("redirectConfigurations", "r"),
            backendAddressPool=None,
        )
    ]
    made = rewritten(rewrite("r", path="/x", reroute=True), top={"requestRoutingRules": away})
    assert (ways(made), circles(made)) == ((), ())


def test_a_path_map_is_asked_again_and_the_request_goes_to_the_other_pool() -> None:
    made = on_paths(rewrite("start", START, path="/api/start", reroute=True))
    assert sent(made) == [
        ("/health", SERVER, HOST, "/health"),
        ("/", SECOND, HOST, "/api/start"),
        ("/api/", SECOND, HOST, "/api/"),
    ]
    found = way(made)
    assert (found.pattern, found.taken_by, found.site) == (None, "/api/*", HOST)


def test_without_reroute_the_pool_stays_the_same() -> None:
    made = on_paths(rewrite("start", START, path="/api/start"))
    assert ("/", SERVER, HOST, "/api/start") in sent(made)


def test_the_default_may_be_where_a_rewritten_path_leads() -> None:
    made = on_paths(rewrite("r", path="/old{var_uri_path}", reroute=True), at_path=True)
    found = way(made, "/api/")
    assert (found.route.pool.name, found.taken_by, found.pattern) == ("pool", None, "/api/*")


def test_the_override_stands_for_the_pattern_that_takes_the_new_path() -> None:
    made = on_paths(rewrite("start", START, path="/api/start", reroute=True))
    made["properties"]["backendHttpSettingsCollection"] = [
        settings(port=80, protocol="Http", path="/base/", authenticationCertificates=[])
    ]
    assert ("/", SECOND, HOST, "/base/start") in sent(made)


def test_a_basic_rule_asks_no_path_map() -> None:
    assert sent(rewritten(rewrite("r", path="/x", reroute=True)))[1] == ("/", SERVER, HOST, "/x")


def test_what_comes_back_to_its_own_path_rule_goes_in_a_circle() -> None:
    made = on_paths(rewrite("again", path="/api{var_uri_path}", reroute=True), at_path=True)
    (found,) = circles(made)
    assert (found.path, found.loops, found.site) == ("/api/", ("again",), f"{HOST}/api/*")
    assert found.rewrites is not None
    assert "/api/" not in [it.path for it in ways(made)]


def test_whether_a_condition_ends_a_circle_is_open() -> None:
    """By one page `uri_path` keeps the original path; by the other a condition may leave rewritten ones alone."""
    once = when("var_uri_path", "^/api/$")
    made = on_paths(rewrite("once", once, path="/api/x", reroute=True), at_path=True)
    assert circles(made) == ()
    assert plain(way(made, "/api/").unknown or "") == (
        "Microsoft's pages disagree on what conditions see once the path map is asked again"
    )


def test_whether_the_next_path_rules_own_set_counts_is_open() -> None:
    made = on_paths(rewrite("start", START, path="/api/start", reroute=True), also=True)
    assert plain(way(made).unknown or "") == (
        "no page of Microsoft's says whether other counts once the path map is asked again"
    )


def test_a_set_of_the_next_path_rule_that_changes_nothing_does_not_matter() -> None:
    made = on_paths(rewrite("start", START, path="/api/start", reroute=True), also=True)
    made["properties"]["rewriteRuleSets"][1] = a_set(
        rewrite("r", path="{var_uri_path}"), name="other"
    )
    assert way(made).unknown is None
    back: Json = rewrite("r", responseHeaderConfigurations=header("Location", "/"))
    made["properties"]["rewriteRuleSets"][1] = a_set(back, name="other")
    assert way(made).unknown is not None


def test_how_an_advanced_routing_map_is_asked_again_is_open() -> None:
    found = item(
        "advancedRoutingMaps",
        "map",
        defaultBackendAddressPool=ref("backendAddressPools", "pool"),
        defaultBackendHttpSettings=ref("backendHttpSettingsCollection", "https"),
        defaultRewriteRuleSet=ref("rewriteRuleSets", "set"),
        advancedRoutingRules=[],
    )
    by_map = rule(
        advancedRoutingMap=ref("advancedRoutingMaps", "map"),
        backendAddressPool=None,
        backendHttpSettings=None,
    )
    top = {"advancedRoutingMaps": [found], "requestRoutingRules": [by_map]}
    made = rewritten(rewrite("r", path="/x", reroute=True), top=top)
    assert plain(way(made).unknown or "") == (
        "no page of Microsoft's says how an advanced routing map is asked again"
    )


def test_where_a_request_goes_may_depend_on_the_client() -> None:
    made = on_paths(rewrite("r", START, OF_A_CLIENT, path="/api/in", reroute=True))
    found = [it for it in ways(made) if it.path == "/"]
    assert [(it.route.pool.name, plain(it.condition or "")) for it in found] == [
        ("pool", "the request header Authorization does not match ^Bearer"),
        ("api", "the request header Authorization matches ^Bearer"),
    ]


def test_a_circle_that_only_some_clients_meet_is_open() -> None:
    made = on_paths(rewrite("r", OF_A_CLIENT, path="/api/", reroute=True), at_path=True)
    assert circles(made) == ()
    unknown = [it.unknown for it in ways(made) if it.path == "/api/"]
    assert unknown == [None, "the gateway answers such requests with 500: they go in a circle"]


def test_a_path_rule_whose_requests_all_go_elsewhere_still_gets_them() -> None:
    made = on_paths(rewrite("r", path="/old", reroute=True), at_path=True)
    gateway = case(made).gateway
    (one,) = gateway.rules
    for entry in gateway.path_maps[0].rules:
        assert is_reached(gateway, one, entry)


def test_a_rewritten_request_may_lead_nowhere() -> None:
    made = on_paths(rewrite("start", START, path="/api/start", reroute=True))
    first = made["properties"]["urlPathMaps"][0]["properties"]["pathRules"][0]["properties"]
    del first["backendAddressPool"]
    assert {(it.path, it.loops) for it in circles(made)} == {("/", ()), ("/api/", ())}


def test_of_a_wildcard_listener_the_host_is_not_known() -> None:
    listener = item("httpListeners", "site", protocol="Http", hostNames=["*.example"])
    made = rewritten(
        rewrite("r", host="x.{var_host}"), top={"httpListeners": [listener], "probes": []}
    )
    assert [it.unknown for it in ways(made) if it.host == "*.example"] == [
        "it depends on the host that clients ask for"
    ]


def test_a_map_of_paths_only_is_followed_as_before() -> None:
    plain_map = http(tier=V2, top=by_path("/api/*"))
    assert [(it.path, it.taken_by, it.rewritten) for it in ways(plain_map)] == [
        ("/health", None, ()),
        ("/", None, ()),
        ("/api/", "/api/*", ()),
    ]
