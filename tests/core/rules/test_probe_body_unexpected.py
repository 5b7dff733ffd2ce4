from bot.core.model.observation import BODY_KEPT
from bot.core.rules.probe_body_unexpected import RULE
from bot.probe.http_answer import MOST_KEPT
from tests.core.answers import replied, reply
from tests.core.asking import doubts, matches, quiet
from tests.core.make import document, probe

READY = document(probes=[probe(match={"body": "READY"})])
LONG = reply(200, "x" * BODY_KEPT)
MESSAGE = (
    "Body of the backend's HTTP response did not match the probe setting. Received response body"
    " doesn't contain READY."
)


def test_matches_when_the_text_is_not_there() -> None:
    (summary,) = matches(RULE, replied(reply(200, "not ready yet"), READY))
    assert summary == ("10.1.5.11 answers the health probe (path /) without the text 'READY'.")


def test_is_quiet_when_the_text_is_there_or_none_is_wanted() -> None:
    assert quiet(RULE, replied(reply(200, "is READY."), READY))
    assert quiet(RULE, replied(reply(200, "anything")))


def test_leaves_a_wrong_status_to_the_rules_of_the_status() -> None:
    assert quiet(RULE, replied(reply(500, "no"), READY))


def test_is_undecided_when_the_body_goes_on_beyond_what_was_read() -> None:
    assert "only the first 4096 bytes" in doubts(RULE, replied(LONG, READY))[0]
    assert quiet(RULE, replied(LONG, READY, state="healthy"))
    assert matches(RULE, replied(LONG, READY, message=MESSAGE))


def test_what_counts_as_cut_is_what_the_prober_keeps() -> None:
    assert MOST_KEPT == BODY_KEPT
