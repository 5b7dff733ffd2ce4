from dataclasses import replace

from bot.core.case.finding import Match
from bot.core.model.health import HealthNotKnown
from bot.core.model.marked import plain
from bot.core.model.observation import Unresolved
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
