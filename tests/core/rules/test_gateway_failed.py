from typing import Any

import pytest

from bot.core.rules.gateway_failed import RULE
from tests.core.asking import matches, quiet
from tests.core.make import case, document


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
