from typing import Any

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.model.observation import Outcome
from bot.core.rules import RULES
from bot.core.rules.gateway_address_denied import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import (
    APP,
    NOT_SEEN,
    answered,
    blind,
    case,
    document,
    probe,
)


def says(status: object) -> str:
    return f"Status code of the backend's HTTP response did not match. Expected:200-399 Received:{status}."


@pytest.mark.parametrize("status", [401, 403])
def test_matches_what_only_the_gateway_is_denied_and_is_the_only_error(status: int) -> None:
    made = case(None, answered(APP), message=says(status))
    (summary,) = matches(RULE, made)
    assert (
        f"answers the gateway with {status}, and the very same request from here with 200"
        in summary
    )
    assert [it.rule for it in diagnose(made, RULES).errors] == ["gateway_address_denied"]


def test_is_quiet_on_other_statuses_and_where_we_are_denied_as_well() -> None:
    assert quiet(RULE, case(None, answered(APP), message=says(404)))
    assert quiet(RULE, case(None, answered(APP), message=says("nothing")))
    assert quiet(RULE, case(None, answered(APP, status=403), message=says(403)))
    assert quiet(RULE, case(None, answered(APP), message="Could not connect to the backend."))
    assert quiet(RULE, case(None, answered(APP), state="healthy"))


def test_matches_where_what_we_get_is_not_healthy_either_but_a_page() -> None:
    strict: Any = document(probes=[probe(match={"statusCodes": ["200"], "body": "all good"})])
    for status, matched in ((200, True), (302, True), (404, False), (500, False)):
        made = case(strict, answered(APP, status=status), message=says(403))
        assert bool(matches(RULE, made)) is matched


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_answer_or_report_is_no_difference(outcome: Outcome) -> None:
    assert quiet(RULE, case(None, outcome, message=says(403)))
    assert left_open(RULE, blind(None, outcome))
