"""What one request of a client may become at a server, where nobody can say for certain."""

from typing import Any

from bot.core.model.marked import plain
from bot.core.routing.readings import (
    HOST_OF_SETTINGS,
    MOST_READINGS,
    PATH_OF_SETTINGS,
    SNI_AFTER_REWRITE,
    TWO_SNIS,
)
from tests.core.make import HOST, case, document, v2_settings
from tests.core.rewriting import V2, a_set, rewrite, rewritten, when

OF_A_CLIENT = when("http_req_Authorization", "^Bearer")
APP = "app.example"


def over_tls(*rules: Any, servers: tuple[str, ...] = ("10.1.5.11",), **changes: Any) -> Any:
    made = rewritten(*rules)["properties"]
    return document(
        tier=V2,
        servers=servers,
        rewriteRuleSets=[a_set(*rules)],
        requestRoutingRules=made["requestRoutingRules"],
        backendHttpSettingsCollection=[v2_settings(**changes)],
    )


def readings(made: Any, path: str = "/") -> list[tuple[str, str | None, str | None, str]]:
    """Host, SNI, path and doubt of each reading of the request for this path."""
    (it,) = (one for one in case(made).clients if one.way.path == path)
    every = [(it.request, ""), *((one.request, one.doubt) for one in it.others)]
    return [(one.host, one.sni, one.path, plain(doubt)) for one, doubt in every]


def test_no_page_says_which_sni_goes_with_a_rewritten_host() -> None:
    made = over_tls(rewrite("r", host=APP))
    assert readings(made) == [(APP, APP, "/", ""), (APP, HOST, "/", SNI_AFTER_REWRITE)]


def test_a_port_of_a_rewritten_host_is_no_part_of_the_sni() -> None:
    assert readings(over_tls(rewrite("r", host=f"{HOST}:443"))) == [(f"{HOST}:443", HOST, "/", "")]


def test_a_named_member_adds_its_own_name() -> None:
    made = over_tls(rewrite("r", host=APP), servers=("pool.example",))
    assert readings(made) == [
        (APP, APP, "/", ""),
        (APP, "pool.example", "/", TWO_SNIS),
        (APP, HOST, "/", SNI_AFTER_REWRITE),
    ]


def test_a_fixed_sni_leaves_no_doubt() -> None:
    assert readings(over_tls(rewrite("r", host=APP), sniName="fixed")) == [(APP, "fixed", "/", "")]


def test_no_page_says_whether_the_settings_host_or_the_rewritten_one_is_sent() -> None:
    made = over_tls(rewrite("r", host=APP), hostName="own.example")
    assert readings(made) == [
        ("own.example", "own.example", "/", ""),
        (APP, APP, "/", HOST_OF_SETTINGS),
    ]
    fixed = over_tls(rewrite("r", host=APP), hostName="own.example", sniName="fixed")
    assert [it[1] for it in readings(fixed)] == ["fixed", "fixed"]


def test_a_host_that_stays_what_it_is_leaves_no_doubt() -> None:
    assert len(readings(over_tls(rewrite("r", host="{var_host}"), hostName="own.example"))) == 1


def test_no_page_says_what_an_override_makes_of_a_rewritten_path() -> None:
    made = rewritten(rewrite("r", path="/x"), path="/base/")
    assert [(it[2], it[3]) for it in readings(made)] == [
        ("/base/x", ""),
        ("/x", PATH_OF_SETTINGS),
    ]
    same = rewritten(rewrite("r", path="{var_uri_path}"), path="/base/")
    assert len(readings(same)) == 1


def test_what_depends_on_the_client_is_a_reading_of_its_own() -> None:
    made = rewritten(rewrite("r", OF_A_CLIENT, path="/in"))
    when_so = "only where the request header Authorization matches ^Bearer"
    assert [(it[2], it[3]) for it in readings(made)] == [
        ("/", ""),
        ("/in", f"rewrite rule r of set set counts {when_so}"),
    ]
    two = rewritten(rewrite("r", OF_A_CLIENT, path="/in"), rewrite("s", OF_A_CLIENT, host=APP))
    assert readings(two)[1][3] == f"rewrite rules r, s of set set count {when_so}"


def test_only_so_many_readings_are_looked_at() -> None:
    rules = [rewrite(f"r{n}", when(f"http_req_X-{n}", "."), host=f"{n}.example") for n in range(3)]
    made = over_tls(*rules, servers=("pool.example",))
    assert len(readings(made)) == MOST_READINGS
