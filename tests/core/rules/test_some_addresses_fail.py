from typing import Any

import pytest

from bot.core.arm.document import Json
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match, Undecided
from bot.core.model.health import HealthNotKnown
from bot.core.model.marked import plain
from bot.core.model.observation import (
    Answered,
    HandshakeFailed,
    NoResponse,
    NotConnected,
    NotTried,
    Outcome,
)
from bot.core.routing.client_request import MOST_CLIENT_REQUESTS
from bot.core.rules import RULES
from bot.core.rules.some_addresses_fail import RULE
from tests.core.asking import doubts, left_open, quiet
from tests.core.clients import hidden
from tests.core.make import APP, HOST, ILB, SERVER, answered, item, ref
from tests.core.naming import A, B, by_address, judged

WELL = answered(APP)
REFUSED = NotConnected("refused", B, "connection refused")
SILENT = NotConnected("timeout", B, "no answer within 5.0 s")
CLOSED = HandshakeFailed("closed", B, None, "it hung up")
CANNOT_CONNECT = "Cannot connect to server"
UNKNOWN = HealthNotKnown("no permission")


def both(second: Outcome, first: Outcome = WELL, **more: Any) -> Case:
    return judged({A: first, B: second}, (A, B), **more)


def seen(made: Case) -> Match:
    (found,) = RULE.check(made)
    assert isinstance(found, Match)
    return found


def errors(made: Case) -> list[str]:
    return [it.rule for it in diagnose(made, RULES).errors]


@pytest.mark.parametrize("bad", [REFUSED, CLOSED, answered(ILB), answered(APP, status=503)])
def test_matches_one_address_that_fails_whatever_the_gateway_got(bad: Outcome) -> None:
    for state in ("healthy", "unhealthy", None):
        found = seen(both(bad, state=state))
        assert f"fails at {B}:" in plain(found.summary)
        assert found.confidence == "high"


def test_each_address_is_shown_with_the_command_that_shows_it() -> None:
    names, good, bad = seen(both(answered(ILB))).evidence
    assert plain(names.text) == f"{HOST} resolves to {A}, {B}"
    assert names.command == f"nslookup {HOST}"
    assert plain(good.text) == f"{A} serves {APP.subject} (SHA-256 {APP.sha256}); status 200"
    assert plain(bad.text).startswith(f"{B} serves {ILB.subject}")
    assert f"-connect {B}:443" in (bad.command or "")


def test_it_is_the_only_cause_that_is_named() -> None:
    assert errors(both(answered(ILB), state="healthy")) == ["some_addresses_fail"]
    assert errors(both(WELL, answered(ILB))) == ["some_addresses_fail"]
    assert errors(both(REFUSED, message=CANNOT_CONNECT)) == ["some_addresses_fail"]
    findings = diagnose(both(answered(ILB), message="its Common Name does not match"), RULES)
    assert "gateway_disagrees" not in {it.rule for it in findings.findings}


def test_is_quiet_where_all_addresses_behave_alike() -> None:
    assert quiet(RULE, both(WELL))
    assert quiet(RULE, both(answered(ILB), answered(ILB)))
    assert quiet(RULE, judged({A: answered(ILB)}, (A,)))


def test_where_each_fails_in_its_own_way_both_are_named() -> None:
    made = both(REFUSED, answered(ILB))
    assert set(errors(made)) >= {"some_addresses_fail", "certificate_name_mismatch"}


def test_silence_counts_only_where_the_gateway_meets_it_too() -> None:
    met = seen(both(SILENT, message=CANNOT_CONNECT))
    assert met.confidence == "medium"
    assert errors(both(SILENT, message=CANNOT_CONNECT)) == ["some_addresses_fail"]
    assert quiet(RULE, both(SILENT, state="healthy"))
    assert quiet(RULE, both(SILENT, message="Received invalid status code"))
    assert quiet(RULE, both(SILENT, SILENT, message=CANNOT_CONNECT))


def test_is_undecided_where_only_we_meet_silence() -> None:
    assert B in doubts(RULE, both(SILENT, health=UNKNOWN))[0]


@pytest.mark.parametrize("missing", [NotTried("outside"), answered(APP, status=None)])
def test_an_address_with_missing_evidence_is_neither_good_nor_bad(missing: Outcome) -> None:
    assert "gateway_reports_unhealthy" in left_open(RULE, both(missing, health=UNKNOWN))


def test_it_is_the_gateways_addresses_that_count() -> None:
    assert quiet(RULE, judged({A: WELL, B: REFUSED}, (A, B), there=(A,)))
    assert f"fails at {B}:" in plain(
        seen(judged({A: WELL, B: REFUSED}, (A,), there=(A, B))).summary
    )


def test_whose_requests_it_concerns_depends_on_the_gateways_own_report() -> None:
    assert (seen(both(REFUSED)).concerns, seen(both(REFUSED)).sites) == ("both", (HOST,))
    well = seen(both(REFUSED, state="healthy"))
    assert (well.concerns, well.sites) == ("clients", (HOST,))


def unvisited(**changes: Any) -> Json:
    """The clients of the only site of a named server are taken by a broader rule."""
    base: Json = hidden(own_pool="api")
    addresses = {"pool": {"ipAddress": SERVER}, "api": {"fqdn": HOST}}
    pools = [
        item("backendAddressPools", name, backendAddresses=[it]) for name, it in addresses.items()
    ]
    base["properties"] |= {"backendAddressPools": pools, **changes}
    return base


def of_named(base: Json, **more: Any) -> Case:
    """One of the two addresses of the named server refuses."""
    return by_address({A: WELL, B: REFUSED}, (A, B), base=base, **more)


def test_is_quiet_where_the_probe_is_well_and_no_client_comes() -> None:
    made = of_named(unvisited(), state="healthy")
    assert quiet(RULE, made)


def test_is_undecided_where_no_client_comes_and_nobody_knows_which_address_is_probed() -> None:
    made = of_named(unvisited(), health=UNKNOWN)
    (told,) = RULE.check(made)
    assert isinstance(told, Undecided)
    assert plain(told.because) == (
        f"{HOST} has 2 addresses, and the health probe fails at {B}: requests that go there fail; no client comes here,"
        " and which address the gateway probes is not known"
    )
    assert errors(made) == []
    reported = of_named(unvisited())
    assert (seen(reported).concerns, seen(reported).sites) == ("probe", ())


def test_matches_where_more_clients_may_come_than_were_asked_for() -> None:
    every = [f"{number}.contoso.com" for number in range(MOST_CLIENT_REQUESTS)]
    assert seen(of_named(unvisited_beside(every), state="healthy")).concerns == "clients"


def unvisited_beside(hosts: list[str]) -> Json:
    """The same where the broader listener names many sites."""
    base = unvisited()
    (wide,) = (it for it in base["properties"]["httpListeners"] if it["name"] == "wide")
    wide["properties"]["hostNames"] += hosts
    return base


def test_matches_behind_a_tcp_proxy_whose_clients_ask_for_no_site() -> None:
    settings = {"protocol": "Tcp", "port": 5432}
    way = {
        "priority": 5,
        "listener": ref("listeners", "db"),
        "backendAddressPool": ref("backendAddressPools", "api"),
        "backendSettings": ref("backendSettingsCollection", "db"),
    }
    door = {"protocol": "Tcp", "frontendPort": ref("frontendPorts", "p443")}
    only = [it for it in unvisited()["properties"]["requestRoutingRules"] if it["name"] == "wide"]
    base = unvisited(
        requestRoutingRules=only,
        listeners=[item("listeners", "db", **door)],
        backendSettingsCollection=[item("backendSettingsCollection", "db", **settings)],
        routingRules=[item("routingRules", "db", **way)],
    )
    connected = Answered(HOST, None, NoResponse("not_asked", "nothing was asked"))
    made = by_address({A: connected, B: REFUSED}, (A, B), base=base, state="healthy")
    assert (seen(made).concerns, seen(made).sites) == ("clients", ())
