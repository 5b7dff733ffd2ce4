import pytest

from bot.core.model.observation import Outcome
from bot.core.rules.probe_redirected import RULE
from tests.core.answers import NO_PROBE, replied, reply
from tests.core.asking import left_open, matches, quiet
from tests.core.make import HOST, NOT_SEEN, blind, document, probe

ONLY_200 = document(probes=[probe(match={"statusCodes": ["200"]})])


def test_matches_and_names_where_it_leads() -> None:
    to = "https://login.example/start"
    (summary,) = matches(RULE, replied(reply(302, location=to), ONLY_200))
    assert summary == (
        f"10.1.5.11 redirects the health probe (Host {HOST}, path /) with 302 to {to}."
    )


def test_matches_without_a_location() -> None:
    assert "a place that it does not name" in matches(RULE, replied(reply(304), ONLY_200))[0]


def test_is_quiet_when_the_match_takes_redirects_or_it_is_none() -> None:
    assert quiet(RULE, replied(reply(302, location="/start"), NO_PROBE))
    assert quiet(RULE, replied(reply(204), ONLY_200))
    assert quiet(RULE, replied(reply(404), ONLY_200))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_is_left_open(outcome: Outcome) -> None:
    assert "probe_status_unexpected" in left_open(RULE, blind(ONLY_200, outcome))
