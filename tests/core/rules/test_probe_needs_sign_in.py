import pytest

from bot.core.model.observation import Outcome
from bot.core.rules.probe_needs_sign_in import RULE
from tests.core.answers import NO_PROBE, replied, reply
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, blind, document, probe


@pytest.mark.parametrize("status", [401, 403, 407])
def test_matches(status: int) -> None:
    (summary,) = matches(RULE, replied(reply(status)))
    assert f"with {status}: it requires a sign-in" in summary


def test_the_default_probe_may_need_a_sign_in_too() -> None:
    assert matches(RULE, replied(reply(401), NO_PROBE))


def test_is_quiet_when_the_gateway_is_let_in() -> None:
    assert quiet(RULE, replied(reply(403), state="healthy"))


def test_is_quiet_on_other_statuses_and_where_the_match_takes_it() -> None:
    assert quiet(RULE, replied(reply(404)))
    assert quiet(
        RULE, replied(reply(401), document(probes=[probe(match={"statusCodes": ["401"]})]))
    )


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_is_left_open(outcome: Outcome) -> None:
    assert "probe_status_unexpected" in left_open(RULE, blind(None, outcome))
