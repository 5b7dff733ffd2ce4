import pytest

from bot.core.model.observation import Outcome
from bot.core.rules.backend_failing import RULE
from tests.core.answers import NO_PROBE, replied, reply
from tests.core.asking import left_open, matches, quiet
from tests.core.make import HOST, NOT_SEEN, blind, document, probe


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_matches(status: int) -> None:
    (summary,) = matches(RULE, replied(reply(status)))
    assert (
        summary
        == f"10.1.5.11 fails: it answers the health probe (Host {HOST}, path /) with {status}."
    )


def test_is_quiet_when_another_host_name_does_not_fail_for_the_default_probe() -> None:
    assert quiet(RULE, replied(reply(500), NO_PROBE, under={HOST: 200}))
    assert matches(RULE, replied(reply(500), NO_PROBE, under={HOST: 500}))


def test_is_quiet_on_other_statuses_and_where_the_match_takes_it() -> None:
    assert quiet(RULE, replied(reply(499)))
    assert quiet(
        RULE, replied(reply(503), document(probes=[probe(match={"statusCodes": ["503"]})]))
    )


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_is_left_open(outcome: Outcome) -> None:
    assert "probe_status_unexpected" in left_open(RULE, blind(None, outcome))
