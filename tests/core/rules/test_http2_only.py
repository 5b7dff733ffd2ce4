from dataclasses import replace

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.model.observation import NoResponse, Outcome
from bot.core.rules import RULES
from bot.core.rules.http2_only import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import APP, NOT_SEEN, answered, blind, case
from tests.core.rules.handshakes import INTERNAL, NO_PROTOCOL

NO_CONNECTION = "Application Gateway could not connect to the backend."


def spoke(kind: str) -> Outcome:
    none = NoResponse("http2" if kind == "http2" else "malformed", "it answered something else")
    return replace(answered(APP), http=none)


def test_matches_frames_of_http2_and_is_the_only_one() -> None:
    made = case(None, spoke("http2"), message=NO_CONNECTION)
    (summary,) = matches(RULE, made)
    assert summary.startswith("10.1.5.11 speaks HTTP/2 on port 443, and does not take the HTTP/1.1")
    assert [it.rule for it in diagnose(made, RULES).errors] == ["http2_only"]


def test_matches_tls_that_wants_an_application_protocol() -> None:
    made = case(None, NO_PROTOCOL, message=NO_CONNECTION)
    (summary,) = matches(RULE, made)
    assert "refuses TLS without an application protocol" in summary
    assert [it.rule for it in diagnose(made, RULES).errors] == ["http2_only"]


def test_is_quiet_on_other_answers_and_other_alerts() -> None:
    assert quiet(RULE, case(None, spoke("something else")))
    assert quiet(RULE, case(None, INTERNAL))
    assert quiet(RULE, case(None, answered(APP)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_is_left_open(outcome: Outcome) -> None:
    assert "probe_status_unexpected" in left_open(RULE, blind(None, outcome))
