"""A page that is slow but answers."""

import pytest

from bot.core.remedies.options.raise_probe_timeout import OPTION
from tests.core.answers import SILENCE, replied, reply
from tests.core.make import document, probe, settings
from tests.core.remedies.options.trying import best, carried_out, proposed, refused

FIVE = document(probes=[probe(timeout=5)])


def test_twice_what_the_answer_took_is_recommended_and_undone() -> None:
    made = replied(reply(200), FIVE, seconds=7.2)
    assert best(made, FIVE) == "raise_probe_timeout"
    plan, changed = carried_out("raise_probe_timeout", made, FIVE)
    assert changed["probes"][0]["properties"]["timeout"] == 16
    assert [(it.before, it.after) for it in plan.lines] == [("5", "16")]


def test_the_default_probe_becomes_a_custom_one_that_only_waits_longer() -> None:
    bare = settings()
    del bare["properties"]["probe"]
    base = document(backendHttpSettingsCollection=[bare])
    made = replied(reply(200), base, seconds=31)
    _, changed = carried_out("raise_probe_timeout", made, base)
    own = changed["probes"][-1]["properties"]
    assert (own["host"], own["path"], own["timeout"]) == ("127.0.0.1", "/", 62)


def test_never_more_than_two_minutes() -> None:
    sixty = document(probes=[probe(timeout=60)])
    made = replied(reply(200), sixty, seconds=90)
    assert "wait 120 s instead of 60 s" in proposed(OPTION, made, sixty).summary
    slower = replied(reply(200), sixty, seconds=120)
    assert "has to become faster" in refused(OPTION, slower, sixty)


@pytest.mark.parametrize("seconds", [0.1, 5.0])
def test_is_not_for_an_answer_in_time(seconds: float) -> None:
    assert "no answer took longer" in refused(
        OPTION, replied(reply(200), FIVE, seconds=seconds), FIVE
    )


def test_is_not_for_silence_and_not_enough_for_an_error() -> None:
    assert "no sufficient time-out is known" in refused(
        OPTION, replied(SILENCE, FIVE, seconds=9), FIVE
    )
    made = replied(reply(503), FIVE, seconds=9)
    assert best(made, FIVE) == "remove_cause"
