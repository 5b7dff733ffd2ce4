from dataclasses import replace

from bot.core.case.view import BackendView
from bot.core.model.observation import NotTried, Observation
from bot.core.rules.tls_handshake_failed import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, HOST, answered, blind, case
from tests.core.rules.handshakes import HTTP_INSTEAD, HUNG_UP, NOTHING_IN_COMMON, SILENT, v2


def test_matches_and_says_what_was_sent() -> None:
    (summary,) = matches(RULE, case(None, HUNG_UP))
    assert "no SNI, as this gateway sends none" in summary
    assert "SNI a.example" in matches(RULE, case(v2(), SILENT))[0]


def test_is_quiet_when_the_handshake_succeeds() -> None:
    assert quiet(RULE, case(None, answered(APP)))


def test_is_quiet_where_a_more_exact_rule_speaks() -> None:
    assert quiet(RULE, case(None, HTTP_INSTEAD))
    assert quiet(RULE, case(None, NOTHING_IN_COMMON))
    assert quiet(RULE, case(None, by_sni={None: HUNG_UP, HOST: answered(APP)}))


def test_is_undecided_when_nothing_could_be_tried() -> None:
    assert doubts(RULE, case(None, NotTried("not allowed"))) == [
        "the backend was not contacted: not allowed"
    ]


def test_matches_what_another_connection_of_the_same_name_met_where_ours_was_not_made() -> None:
    made = blind()
    own = BackendView(made, made.backends[0]).probe_attempt
    other = Observation(replace(own, path="/other"), HUNG_UP)
    assert matches(RULE, replace(made, observations=(*made.observations, other)))
