from typing import Any

import pytest

from bot.core.rules.gateway_stopped import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import blind, case, document


def test_matches_a_stopped_gateway() -> None:
    stopped = case(document(operationalState="Stopped"))
    assert matches(RULE, stopped) == [
        "The gateway's operational state is Stopped, so it serves nobody."
    ]


def test_is_quiet_on_a_running_gateway() -> None:
    assert quiet(RULE, case(document()))


@pytest.mark.parametrize("state", [None, "", 7, {"state": "Stopped"}, ["Stopped"]])
def test_a_missing_or_unreadable_state_is_left_open_where_nothing_else_is_known(state: Any) -> None:
    assert quiet(RULE, case(document(operationalState=state)))
    assert "gateway_reports_unhealthy" in left_open(RULE, blind(document(operationalState=state)))
