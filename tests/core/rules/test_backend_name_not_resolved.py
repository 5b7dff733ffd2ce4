from dataclasses import replace

from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.model.health import HealthNotKnown
from bot.core.model.marked import plain
from bot.core.model.observation import Unresolved
from bot.core.rules import RULES
from bot.core.rules.backend_name_not_resolved import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, HOST, answered, case, document
from tests.core.naming import DNS_SERVER, NO_NAME, A, by_address, judged

NAME = "app.internal.example"
MESSAGE = (
    "Application Gateway could not create a probe for this backend. This usually happens when the FQDN of"
    " the backend has not been entered correctly."
)
LOST = Unresolved(NAME, "no such name")


def test_matches_when_the_gateway_says_so() -> None:
    made = case(document(servers=(NAME,)), LOST, message=MESSAGE)
    assert matches(RULE, made) == [f"The gateway cannot resolve the name {NAME}."]


def test_matches_on_the_gateways_word_even_if_it_resolves_from_here() -> None:
    made = case(document(servers=(NAME,)), answered(APP), message=MESSAGE)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert len(seen.evidence) == 1


def test_is_quiet_when_the_gateway_reaches_it() -> None:
    assert quiet(RULE, case(document(servers=(NAME,)), LOST, state="healthy"))


def test_is_undecided_when_only_our_own_lookup_fails() -> None:
    made = case(document(servers=(NAME,)), LOST, health=HealthNotKnown("no permission"))
    assert "does not resolve from here" in doubts(RULE, made)[0]


def test_the_word_of_the_networks_dns_servers_is_shown() -> None:
    made = by_address({A: answered(APP)}, (A,), there=NO_NAME, message=MESSAGE)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    (evidence,) = seen.evidence[1:]
    assert f"{DNS_SERVER} of the gateway's network says" in plain(evidence.text)
    assert evidence.command == f"nslookup {HOST} {DNS_SERVER}"


def test_where_health_is_not_known_the_networks_dns_servers_decide() -> None:
    unknown = HealthNotKnown("no permission")
    (seen,) = RULE.check(by_address({A: answered(APP)}, (A,), there=NO_NAME, health=unknown))
    assert isinstance(seen, Match)
    assert seen.confidence == "medium"
    both = judged({A: answered(APP)}, there=(A,), health=unknown)
    assert quiet(RULE, both)
    silent = replace(NO_NAME, kind="silent")
    assert doubts(RULE, judged({}, there=silent, health=unknown))


NOT_CONNECTED = (
    "Cannot connect to backend server. Check whether any NSG/UDR/Firewall is blocking access."
)


def test_matches_where_the_gateway_only_says_that_it_cannot_connect() -> None:
    made = by_address({A: answered(APP)}, (A,), there=NO_NAME, message=NOT_CONNECTED)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert plain(seen.summary).startswith(
        "The DNS servers of the gateway's network have no address"
    )
    assert NOT_CONNECTED in plain(seen.evidence[0].text)
    assert [it.rule for it in diagnose(made, RULES).errors] == ["backend_name_not_resolved"]


def test_matches_a_name_that_exists_nowhere_and_to_which_it_cannot_connect() -> None:
    nowhere = replace(LOST, kind="no_such_name")
    made = case(document(servers=(NAME,)), nowhere, message=NOT_CONNECTED)
    (summary,) = matches(RULE, made)
    assert summary.startswith(f"The gateway cannot connect to {NAME}, a name for which there is no")
    assert [it.rule for it in diagnose(made, RULES).errors] == ["backend_name_not_resolved"]


def test_is_quiet_where_it_cannot_connect_to_a_name_that_has_an_address() -> None:
    named = document(servers=(NAME,))
    for outcome in (answered(APP), replace(LOST, kind="failed")):
        assert quiet(RULE, case(named, outcome, message=NOT_CONNECTED))
    there = by_address({A: answered(APP)}, (A,), there=(A,), message=NOT_CONNECTED)
    assert quiet(RULE, there)
