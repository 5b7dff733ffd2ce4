from typing import Any

import pytest

from bot.core.rules.gateway_generation_retired import RULE
from tests.core.asking import matches, quiet
from tests.core.make import case, document


def test_matches_every_v1() -> None:
    for tier in ("WAF", "Standard"):
        assert "2026-04-28" in matches(RULE, case(document(tier=tier)))[0]


def test_is_quiet_on_every_other_tier() -> None:
    for tier in ("Standard_v2", "WAF_v2", "Basic"):
        assert quiet(RULE, case(document(tier=tier)))


@pytest.mark.parametrize("sku", [None, "Standard", [], {}, {"tier": None}, {"tier": 1}])
def test_a_missing_or_unreadable_tier_is_not_called_retired(sku: Any) -> None:
    assert quiet(RULE, case(document(sku=sku)))


def test_never_makes_a_fault() -> None:
    assert RULE.severity == "warning"
