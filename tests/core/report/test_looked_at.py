"""How much a diagnosis looked at: in the headline, in the public document, and over every mixture of servers."""

from dataclasses import replace
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.health import BackendHealth, HealthState, ServerHealth
from bot.core.model.observation import Attempt, NoResponse, NotConnected, NotTried, Outcome
from bot.core.report.client_facts import client_facts
from bot.core.report.looked_at import LookedAt, looked_at, scope_words, verdict_word
from bot.core.report.report import Report, to_json
from bot.core.report.reporting import make_report
from bot.core.report.suffering import site_standings
from bot.core.routing.client_request import MOST_CLIENT_REQUESTS
from bot.core.rules import RULES
from tests.core.clients import http, plain
from tests.core.clients import looked_at as seen
from tests.core.make import (
    APP,
    HOST,
    NOW,
    SERVER,
    answered,
    case,
    document,
    item,
    probe,
    ref,
    rule,
    v2_settings,
)
from tests.core.plainly import plainly
from tests.sizes import examples

SILENT = NotConnected("timeout", SERVER, "no answer within 5.0 s")
SKIPPED = NotTried("time ran out before its turn")


def pool(*servers: str) -> Any:
    addresses = [{"ipAddress": it} for it in servers]
    return {
        "backendAddressPools": [item("backendAddressPools", "pool", backendAddresses=addresses)]
    }


def reported(made: Case) -> Report:
    report: Report = plainly(make_report(made, diagnose(made, RULES), (), RULES, NOW))
    return report


def test_where_everything_was_asked_the_headline_counts_backends_alone() -> None:
    report = reported(seen(http(), plain(lambda it: 200)))
    assert report.conclusion == "healthy; no fault found on 1 backend."
    assert verdict_word(report.verdict, report.looked_at) == "healthy"
    assert scope_words(report.looked_at) == ""


def test_a_large_pool_is_counted_by_who_was_asked() -> None:
    """A member beyond the cap is not called healthy by us, nor its site served."""
    members = tuple(f"10.2.{it // 250}.{it % 250}" for it in range(300))
    report = reported(seen(http(top=pool(*members)), plain(lambda it: 200)))
    assert report.verdict == "healthy"
    assert report.conclusion == (
        "healthy as far as asked; no fault found on 239 of 300 backends, with 61 of 600 client requests"
        " tried; the gateway itself reports 61 more healthy that we did not ask."
    )
    assert verdict_word(report.verdict, report.looked_at) == "no_fault_seen"
    assert report.suffering == f"{HOST} is served as far as asked."
    told = to_json(report)
    assert told["looked_at"] == {
        "asked": 239,
        "of": 300,
        "answered": 239,
        "reported_healthy": {"not_asked": 61, "not_answered": 0},
        "client_requests": {"tried": 61, "of": 600},
    }
    rest = [it for it in told["clients"] if it["server"] is None]
    assert [(it["path"], it["outcome"], it["served"]) for it in rest] == [
        ("/health", "not_tried", None),
        ("/", "not_tried", None),
    ]
    assert rest[0]["because"] == (
        f"not tried at 240 of 300 servers: a diagnosis tries {MOST_CLIENT_REQUESTS} client requests"
    )


@pytest.mark.parametrize("servers", [1, 2])
def test_a_server_that_never_answered_us_is_healthy_by_the_gateways_word_alone(
    servers: int,
) -> None:
    members = (SERVER, "10.1.5.12")[:servers]
    report = reported(seen(http(top=pool(*members)), lambda it: SILENT))
    none = "its backend did not serve us" if servers == 1 else "none of 2 backends served us"
    assert report.verdict == "healthy"
    assert report.conclusion == f"healthy by the gateway's own report alone; {none}."
    assert verdict_word(report.verdict, report.looked_at) == "no_fault_seen"
    assert report.suffering == f"What clients of {HOST} get was not seen."


@pytest.mark.parametrize("said", [403, NoResponse("closed", "it closed")])
def test_a_server_that_refuses_only_us_is_not_said_to_be_healthy_by_us(said: Any) -> None:
    report = reported(seen(http(), plain(lambda _: said)))
    assert report.verdict == "healthy"
    assert verdict_word(report.verdict, report.looked_at) == "no_fault_seen"
    assert report.suffering == f"What clients of {HOST} get was not seen."


def test_one_silent_server_of_two_is_told() -> None:
    page = plain(lambda it: 200 if it.server == SERVER else SILENT)
    report = reported(seen(http(top=pool(SERVER, "10.1.5.12")), page))
    assert report.conclusion == (
        "healthy as far as asked; no fault found on 1 of 2 backends; the gateway itself reports 1 more"
        " healthy that did not serve us."
    )


def test_what_is_not_known_by_anybody_is_undecided_and_counted() -> None:
    page = plain(lambda it: 200 if it.server == SERVER else SKIPPED)
    made = seen(http(top=pool(SERVER, "10.1.5.12")), page, state="unknown")
    report = reported(made)
    assert report.verdict == "undecided"
    assert scope_words(report.looked_at) == (
        "1 of 2 backends served us; 1 was not asked, and is not reported healthy; 2 of 4 client requests tried"
    )


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (SKIPPED, ("1 was not asked, and is", "2 were not asked, and are")),
        (SILENT, ("1 did not serve us, and is", "2 did not serve us, and are")),
    ],
)
def test_servers_that_were_not_seen_are_counted_once(other: Any, said: tuple[str, str]) -> None:
    for members, words in zip([(SERVER,), (SERVER, "10.1.5.12")], said, strict=True):
        report = reported(seen(http(top=pool(*members)), plain(lambda _: other), state="unknown"))
        told = scope_words(report.looked_at)
        plural = "s" * (len(members) != 1)
        start = f"0 of {len(members)} backend{plural} served us; {words} not reported healthy"
        assert told.startswith(start)


def test_a_tcp_probe_is_answered_by_the_connection() -> None:
    base = document(
        tier="Standard_v2",
        httpListeners=[],
        requestRoutingRules=[],
        backendHttpSettingsCollection=[],
        listeners=[item("listeners", "db", protocol="Tcp")],
        backendSettingsCollection=[
            item("backendSettingsCollection", "db", port=80, protocol="Tcp")
        ],
        routingRules=[
            item(
                "routingRules",
                "db",
                ruleType="Basic",
                listener=ref("listeners", "db"),
                backendAddressPool=ref("backendAddressPools", "pool"),
                backendSettings=ref("backendSettingsCollection", "db"),
            )
        ],
    )
    made = case(base, answered(tls=False, status=None), state="healthy")
    found = looked_at(made)
    assert (found.of, found.asked, found.answered) == (1, 1, 1)


def test_of_an_old_report_nothing_is_known() -> None:
    assert scope_words(None) == ""
    assert verdict_word("healthy", None) == "healthy"
    report = reported(seen(http(), plain(lambda it: 200)))
    assert to_json(replace(report, looked_at=None))["looked_at"] is None


def test_requests_that_cannot_be_made_are_said_in_the_same_breath() -> None:
    """Nobody knows a name for the wildcard, so its clients were not tried."""
    hosts = {"hostName": None, "hostNames": ["*.contoso.com"], "protocol": "Http"}
    base = http(top={"httpListeners": [item("httpListeners", "site", **hosts)]})
    report = reported(seen(base, plain(lambda it: 200)))
    assert report.conclusion == (
        "healthy; no fault found on 1 backend, with 0 of 2 client requests tried."
    )
    assert report.suffering == "What clients of *.contoso.com get was not seen."


Look = Literal["answered", "silent", "skipped"]
OUTCOMES: dict[Look, Any] = {"answered": 200, "silent": SILENT, "skipped": SKIPPED}

servers = st.lists(
    st.tuples(
        st.sampled_from(list(OUTCOMES)),
        st.sampled_from(["healthy", "draining", "unknown", "unhealthy", None]),
    ),
    min_size=1,
    max_size=4,
)


@examples(60)
@given(servers, st.booleans(), st.booleans())
def test_nothing_is_called_healthy_or_served_that_nobody_asked(
    drawn: list[tuple[Look, HealthState | None]], tls: bool, many_paths: bool
) -> None:
    members = {f"10.1.6.{at}": it for at, it in enumerate(drawn)}
    made = mixture(members, tls=tls, many_paths=many_paths)
    report = reported(made)
    counts = [look for look, _ in members.values()]
    found = report.looked_at
    assert found is not None
    assert (found.of, found.unasked, found.silent) == (
        len(counts),
        counts.count("skipped"),
        counts.count("silent"),
    )
    if report.verdict == "healthy":
        by_nobody = [
            it
            for it, (look, state) in members.items()
            if look != "answered" and state not in ("healthy", "draining")
        ]
        assert by_nobody == []
        whole = all(look == "answered" for look in counts)
        assert (verdict_word(report.verdict, found) == "healthy") is whole
    for site in site_standings(client_facts(made)):
        rows = [it for it in client_facts(made) if it.site == site.site]
        asked_in_vain = [
            it.server
            for it in rows
            if it.server is not None and members[it.server][0] != "answered" and not it.passed_by
        ]
        assert site.word != "served" or asked_in_vain == []


def mixture(
    members: dict[str, tuple[Look, HealthState | None]], *, tls: bool, many_paths: bool
) -> Case:
    """One site on servers of which some answer, and the gateway has its own word on each."""

    def page(attempt: Attempt) -> Outcome | int:
        said: Outcome | int = OUTCOMES[members[attempt.server][0]]
        return answered(APP, public=0) if tls and said == 200 else said

    changes: Any = {"probes": [probe(path="/health")]} if many_paths else {}
    base = (
        document(
            tier="Standard_v2",
            servers=tuple(members),
            backendHttpSettingsCollection=[v2_settings()],
            requestRoutingRules=[rule(priority=1)],
            **changes,
        )
        if tls
        else http(top=pool(*members))
    )
    made = seen(base, page if tls else plain(page))
    says = tuple(
        ServerHealth(it.pool.id, it.settings.id, it.server, state, None)
        for it in made.backends
        if (state := members[it.server][1]) is not None
    )
    return replace(made, health=BackendHealth(says))


def test_where_every_request_was_tried_only_backends_are_counted() -> None:
    partly = LookedAt(
        asked=1, of=2, answered=1, unasked_healthy=1, silent_healthy=0, requests_tried=1, requests=1
    )
    assert scope_words(partly).startswith("1 of 2 backends served us")
    assert "requests" not in scope_words(partly)
