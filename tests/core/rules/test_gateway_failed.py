from typing import Any

import pytest

from bot.core.arm.document import Document
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.marked import plain
from bot.core.model.observation import NotConnected
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import try_options
from bot.core.rules import RULES
from bot.core.rules.gateway_failed import RULE
from tests.core.asking import matches, quiet
from tests.core.make import APP, SERVER, answered, blind, case, document, what_if


def test_matches_a_failed_provisioning_state() -> None:
    (summary,) = matches(RULE, case(document(provisioningState="Failed")))
    assert "last change" in summary


def test_is_quiet_while_updating() -> None:
    assert quiet(RULE, case(document(provisioningState="Updating")))


def test_is_a_warning_because_traffic_usually_goes_on() -> None:
    assert RULE.severity == "warning"


@pytest.mark.parametrize("state", [None, "", 7, {"state": "Failed"}, ["Failed"]])
def test_a_missing_or_unreadable_state_is_no_failure(state: Any) -> None:
    assert quiet(RULE, case(document(provisioningState=state)))


def told(made: Case, base: Document) -> dict[str, Trial]:
    """What came of every option for a gateway."""
    trials = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
    return {it.option.id: it for it in trials}


def test_without_any_fault_the_cure_is_offered_as_steps_by_hand() -> None:
    base = document(provisioningState="Failed")
    offered = told(case(base, answered(APP), state="healthy"), base)
    assert list(offered) == ["remove_cause"]
    cure = offered["remove_cause"]
    assert (cure.option.title, cure.works, cure.automated) == (
        "Write the gateway again, unchanged",
        True,
        False,
    )
    log, write, look = map(plain, cure.steps)
    assert "az monitor activity-log list" in log
    assert "meanwhile: az network application-gateway update -g rg-test " in write
    assert "provisioningState" in look
    assert cure.reason.endswith("That removes what was found on the gateway itself")


def test_a_gateway_that_did_not_fail_gets_no_steps() -> None:
    base = document()
    assert told(case(base, answered(APP), state="healthy"), base) == {}


def test_where_something_stays_open_nothing_is_recommended_for_the_state_alone() -> None:
    base = document(provisioningState="Failed")
    assert told(blind(base), base) == {}


def test_with_a_fault_the_steps_are_those_of_the_fault() -> None:
    base = document(provisioningState="Failed")
    made = case(base, NotConnected("refused", SERVER, "refused"), state="unhealthy")
    steps = told(made, base)["remove_cause"].steps
    assert not any("application-gateway update" in it for it in steps)
