from bot.core.rules.gateway_generation_retired import RULE
from tests.core.asking import matches, quiet
from tests.core.make import case, document


def test_matches_every_v1_and_no_other_tier() -> None:
    assert "2026-04-28" in matches(RULE, case(document(tier="WAF")))[0]
    for tier in ("Standard_v2", "WAF_v2", "Basic"):
        assert quiet(RULE, case(document(tier=tier)))


def test_never_makes_a_fault() -> None:
    assert RULE.severity == "warning"
