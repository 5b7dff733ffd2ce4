from dataclasses import replace

from bot.core.case.finding import Match
from bot.core.model.marked import plain
from bot.core.model.observation import NotTried, Unresolved
from bot.core.model.unavailable import Unavailable
from bot.core.rules.dns_change_not_picked_up import RULE
from tests.core.asking import left_open, quiet
from tests.core.make import APP, HOST, answered, blind, case, document
from tests.core.naming import DNS_SERVER, NO_NAME, A, judged
from tests.core.networks import around

NAMED = document(servers=(HOST,))
MESSAGE = "Application Gateway could not create a probe for this backend."
CUSTOM = around(dns=("10.0.0.4", "10.0.0.5"))


def test_matches_a_name_that_resolves_only_for_us() -> None:
    (seen,) = RULE.check(case(NAMED, answered(APP), message=MESSAGE, network=CUSTOM))
    assert isinstance(seen, Match)
    assert seen.confidence == "low"
    assert "(10.0.0.4, 10.0.0.5)" in plain(seen.summary)


def test_is_quiet_with_azures_own_dns() -> None:
    assert quiet(RULE, case(NAMED, answered(APP), message=MESSAGE, network=around()))


def test_missing_surroundings_or_answers_are_no_reason_to_restart_a_gateway() -> None:
    assert quiet(RULE, case(NAMED, answered(APP), message=MESSAGE))
    unread = replace(CUSTOM, dns_servers=Unavailable("forbidden"))
    assert quiet(RULE, case(NAMED, answered(APP), message=MESSAGE, network=unread))
    assert quiet(RULE, case(NAMED, NotTried("outside"), message=MESSAGE, network=CUSTOM))
    assert "gateway_reports_unhealthy" in left_open(RULE, blind(NAMED, network=CUSTOM))


def test_is_quiet_when_it_resolves_nowhere_or_the_gateway_says_something_else() -> None:
    nowhere = Unresolved(HOST, "no such name")
    assert quiet(RULE, case(NAMED, nowhere, message=MESSAGE, network=CUSTOM))
    assert quiet(RULE, case(NAMED, answered(APP), message="Status code", network=CUSTOM))


def test_is_surer_where_the_networks_dns_servers_know_the_name() -> None:
    (seen,) = RULE.check(judged({A: answered(APP)}, there=(A,), message=MESSAGE))
    assert isinstance(seen, Match)
    assert seen.confidence == "medium"
    assert f"{HOST} resolves there but not for the gateway" in plain(seen.summary)
    assert [it.command for it in seen.evidence] == [f"nslookup {HOST} {DNS_SERVER}"] * 2


def test_is_quiet_where_they_do_not_know_it() -> None:
    assert quiet(RULE, judged({A: answered(APP)}, (A,), there=NO_NAME, message=MESSAGE))
