"""Rewrite rule sets: Microsoft's own examples, and what they make of requests to real servers."""

from typing import Any

import pytest

from bot.lab.azure import ClientExchange, ClientResponse
from bot.lab.azure.build import PathTo, Site, http_settings, part, pool
from bot.lab.azure.rewrites import Rewritten, rewrite, rewrite_location
from bot.lab.backends import ANY_HOST, Answer, BackendSpec, Route
from bot.lab.values import Json
from tests.lab.azure.conftest import OpenLab
from tests.lab.azure.world import HOST, IP, V1, V2, v1_gateway, v2_gateway

OTHER_IP = "10.1.5.12"


def when(variable: str, pattern: str, **more: bool) -> Json:
    return {"variable": variable, "pattern": pattern, **more}


def header(name: str, value: str) -> list[Json]:
    return [{"headerName": name, "headerValue": value}]


def rule(*conditions: Json, sequence: int = 100, **actions: Any) -> Json:
    return {"ruleSequence": sequence, "conditions": list(conditions), "actionSet": actions}


def rules(*every: Json) -> Json:
    return {"rewriteRules": list(every)}


def target_of(every: Json, target: str, host: str = HOST) -> str:
    return rewrite(every, "https", host, target).target


CATEGORY = rules(
    rule(
        when("var_uri_path", "/(.+)/(.+)"),
        urlConfiguration={
            "modifiedPath": "buy.aspx",
            "modifiedQueryString": "category={var_uri_path_1}&product={var_uri_path_2}",
        },
    )
)
LOCATION = rules(
    rule(
        when("http_resp_Location", r"(https?):\/\/.*azurewebsites\.net(.*)$"),
        responseHeaderConfigurations=header(
            "Location", "{http_resp_Location_1}://contoso.com{http_resp_Location_2}"
        ),
    )
)


def test_the_query_of_the_pages_example() -> None:
    assert target_of(CATEGORY, "/fashion/shirts") == "/buy.aspx?category=fashion&product=shirts"
    assert target_of(CATEGORY, "/fashion") == "/fashion"


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://contoso.azurewebsites.net/path2", "https://contoso.com/path2"),
        ("https://elsewhere.test/path2", "https://elsewhere.test/path2"),
    ],
)
def test_the_location_of_the_pages_example(location: str, expected: str) -> None:
    assert rewrite_location(LOCATION, "https", HOST, "/", location) == expected


def test_a_host_may_be_text_or_made_of_variables() -> None:
    fixed = rules(rule(requestHeaderConfigurations=header("Host", "app.test")))
    made = rules(
        rule(
            when("var_host", r"^(\w+)\."),
            requestHeaderConfigurations=header("host", "{var_host_1}.internal"),
        )
    )
    assert rewrite(fixed, "http", HOST, "/").host == "app.test"
    assert rewrite(made, "http", HOST, "/x?y=1") == Rewritten("app.internal", "/x", "y=1")
    other = rules(rule(requestHeaderConfigurations=header("X-Forwarded-Host", "{var_host}")))
    assert rewrite(other, "http", HOST, "/").host == HOST


@pytest.mark.parametrize(
    ("conditions", "holds"),
    [
        ([], True),
        ([when("var_uri_path", "^/a")], True),
        ([when("var_uri_path", "^/A")], False),
        ([when("var_uri_path", "^/A", ignoreCase=True)], True),
        ([when("var_uri_path", "^/a", negate=True)], False),
        ([when("var_query_string", "x=2", negate=True)], True),
        ([when("var_uri_path", "^/a"), when("var_query_string", "x=2")], False),
        ([when("http_req_Authorization", "^Bearer")], False),
        ([when("var_ssl_enabled", "On")], True),
    ],
)
def test_every_condition_has_to_hold(conditions: list[Json], holds: bool) -> None:
    every = rules(rule(*conditions, urlConfiguration={"modifiedPath": "/b"}))
    assert target_of(every, "/a?x=1") == ("/b?x=1" if holds else "/a?x=1")


def test_rules_go_by_their_sequence_and_the_last_one_counts() -> None:
    first = rule(sequence=1, urlConfiguration={"modifiedPath": "/first", "modifiedQueryString": ""})
    last = rule(sequence=2, urlConfiguration={"modifiedPath": "/last{var_uri_path}"})
    assert target_of(rules(last, first), "/a?x=1") == "/last/a"


def test_what_was_not_captured_is_empty() -> None:
    path = "/{var_uri_path_3}{var_query_string_1}{http_req_Cookie}b"
    every = rules(rule(when("var_uri_path", "(a)|(b)"), urlConfiguration={"modifiedPath": path}))
    assert target_of(every, "/a") == "/b"
    optional = {"modifiedPath": "/x{var_uri_path_2}"}
    assert (
        target_of(rules(rule(when("var_uri_path", "(a)|(b)"), urlConfiguration=optional)), "/a")
        == "/x"
    )


def gateway(every: Json, *, on_path: bool = False, v1: bool = False) -> Json:
    """Two pools: /new/* leads to the second one; the rules stand at the default, or at that path."""
    build = v1_gateway if v1 else v2_gateway
    trust: dict[str, Any] = {"authentication_certificates": []} if v1 else {"trusted_roots": []}
    document = build(
        pools=[pool("pool", ips=[IP]), pool("new", ips=[OTHER_IP])],
        settings=[http_settings("http")],
        probes=[],
        sites=[Site("site", HOST, "pool", "http", paths=(PathTo("/new/*", "new", "http"),))],
        rewriteRuleSets=[part("set", **every)],
        **trust,
    )
    reference = {"id": f"{document['id']}/rewriteRuleSets/set"}
    path_map = document["properties"]["urlPathMaps"][0]["properties"]
    if on_path:
        path_map["pathRules"][0]["properties"]["rewriteRuleSet"] = reference
    else:
        path_map["defaultRewriteRuleSet"] = reference
    return document


def server(address: str, *routes: Route) -> BackendSpec:
    return BackendSpec(address, 80, routes=(Route("127.0.0.1"), *routes))


async def exchange(
    open_lab: OpenLab, document: Json, path: str, *routes: Route
) -> tuple[ClientExchange, list[tuple[str, str]], list[tuple[str, str]]]:
    """What a client gets, and what each server was asked for, probes aside."""
    servers = server(IP, *routes), server(OTHER_IP, *routes)
    async with open_lab([document], servers) as lab:
        (found,) = await lab.azure.client_sees(document["name"], f"http://{HOST}{path}")
        first, second = (
            [it for it in lab.backends.at(address, 80).requests if it[0] != "127.0.0.1"]
            for address in (IP, OTHER_IP)
        )
    return found, first, second


EVERYTHING = Route(ANY_HOST)
MOVED = rules(
    rule(
        requestHeaderConfigurations=header("Host", "app.test"),
        urlConfiguration={"modifiedPath": "/new/{var_uri_path}", "modifiedQueryString": "a=b"},
    )
)
REROUTED = rules(
    rule(
        when("var_query_string", "category=shoes"),
        urlConfiguration={"modifiedPath": "/new/shoes", "reroute": True},
    )
)


async def test_a_server_is_sent_the_rewritten_request(open_lab: OpenLab) -> None:
    found, first, second = await exchange(open_lab, gateway(MOVED), "/x", EVERYTHING)
    assert (found.served, first, second) == (True, [("app.test", "/new//x?a=b")], [])


async def test_a_path_map_may_be_asked_again(open_lab: OpenLab) -> None:
    path = "/list?category=shoes"
    found, first, second = await exchange(open_lab, gateway(REROUTED), path, EVERYTHING)
    assert (found.served, first, second) == (True, [], [(HOST, "/new/shoes?category=shoes")])
    other = await exchange(open_lab, gateway(REROUTED), "/list?category=any", EVERYTHING)
    assert other[1:] == ([(HOST, "/list?category=any")], [])


async def test_the_rules_of_a_path_are_for_that_path_only(open_lab: OpenLab) -> None:
    document = gateway(MOVED, on_path=True)
    assert (await exchange(open_lab, document, "/x", EVERYTHING))[1] == [(HOST, "/x")]
    second = (await exchange(open_lab, document, "/new/x", EVERYTHING))[2]
    assert second == [("app.test", "/new//new/x?a=b")]


async def test_v1_rewrites_nothing(open_lab: OpenLab) -> None:
    document = gateway(MOVED, v1=True)
    assert (await exchange(open_lab, document, "/x", EVERYTHING))[1] == [(HOST, "/x")]
    assert (document["name"], gateway(MOVED)["name"]) == (V1, V2)


async def test_a_redirect_is_followed_as_it_was_rewritten(open_lab: OpenLab) -> None:
    moved = Answer(302, headers=(("Location", "https://x.azurewebsites.net/home"),))
    routes = Route(HOST, "/home"), Route(HOST, "/", moved)
    to_itself = rules(
        rule(
            when("http_resp_Location", r"azurewebsites\.net(.*)$"),
            responseHeaderConfigurations=header(
                "Location", "http://{var_host}{http_resp_Location_1}"
            ),
        )
    )
    found, _, _ = await exchange(open_lab, gateway(to_itself), "/", *routes)
    assert found.got == (ClientResponse(302, "server", f"http://{HOST}/home"),)
    assert found.served
    assert (await exchange(open_lab, gateway(LOCATION), "/", *routes))[0].served is None


LOOPING = rules(
    rule(urlConfiguration={"modifiedPath": "/new{var_uri_path}", "reroute": True}),
)
ONCE = rules(
    rule(
        when("var_uri_path", "^/new/$"),
        urlConfiguration={"modifiedPath": "/new/start", "reroute": True},
    ),
)


async def test_who_comes_back_to_the_same_path_rule_for_ever_gets_500(open_lab: OpenLab) -> None:
    found, first, second = await exchange(
        open_lab, gateway(LOOPING, on_path=True), "/new/", EVERYTHING
    )
    assert (found.served, first, second) == (False, [], [])
    assert found.got == (ClientResponse(500, "gateway"),)


async def test_a_condition_that_the_new_path_does_not_meet_ends_the_circle(
    open_lab: OpenLab,
) -> None:
    found, _, second = await exchange(open_lab, gateway(ONCE, on_path=True), "/new/", EVERYTHING)
    assert (found.served, second) == (True, [(HOST, "/new/start")])


SIGNED_IN = rules(
    rule(when("http_req_Authorization", "^Bearer"), urlConfiguration={"modifiedPath": "/members"})
)


async def test_what_only_clients_know_is_tried_both_ways(open_lab: OpenLab) -> None:
    gone = Route(HOST, "/members", Answer(404))
    found, first, _ = await exchange(open_lab, gateway(SIGNED_IN), "/x", gone, EVERYTHING)
    assert found.served is None
    assert [it.doubtful for it in found.members] == [True, True]
    assert sorted(first) == [(HOST, "/members"), (HOST, "/x")]
    same, _, _ = await exchange(open_lab, gateway(SIGNED_IN), "/x", EVERYTHING)
    assert (same.served, [it.doubtful for it in same.members]) == (True, [False])


async def test_a_redirect_of_the_gateway_is_not_rewritten(open_lab: OpenLab) -> None:
    document = gateway(MOVED, on_path=True)
    (path,) = document["properties"]["urlPathMaps"][0]["properties"]["pathRules"]
    away = part("away", redirectType="Found", targetUrl="http://away.test", includePath=True)
    document["properties"]["redirectConfigurations"] = [away | {"id": "/away"}]
    path["properties"] |= {"redirectConfiguration": {"id": "/away"}}
    found, _, second = await exchange(open_lab, document, "/new/x", EVERYTHING)
    assert (found.got, second) == ((ClientResponse(302, "gateway", "http://away.test/new/x"),), [])


@pytest.mark.parametrize(
    ("settings", "knows", "doubtful"),
    [
        ({}, "app.test", False),
        ({"hostName": "own.test"}, "own.test", True),
        ({"path": "/base"}, "app.test", False),
    ],
)
async def test_what_no_page_says_of_a_rewritten_host_is_in_doubt(
    open_lab: OpenLab, settings: dict[str, str], knows: str, doubtful: bool
) -> None:
    document = gateway(MOVED)
    for each in document["properties"]["backendHttpSettingsCollection"]:
        each["properties"] |= settings
    found, _, _ = await exchange(open_lab, document, "/x", Route(knows))
    assert [it.doubtful for it in found.members] == [doubtful]
