from datetime import timedelta
from typing import Any

from bot.core.model.observation import NotTried
from bot.core.rules.certificate_not_in_date import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, NOW, answered, case, certificate, document, root, v2_settings

OLD = certificate("old.example", not_after=NOW - timedelta(days=1))
EARLY = certificate("early.example", not_before=NOW + timedelta(days=1))
OLD_ROOT = root(not_after=NOW - timedelta(days=1))


def v2(**changes: Any) -> dict[str, Any]:
    return document(tier="Standard_v2", backendHttpSettingsCollection=[v2_settings(**changes)])


def test_matches_a_leaf_out_of_date_on_both_generations() -> None:
    assert "has expired" in matches(RULE, case(None, answered(OLD)))[0]
    assert "is not valid yet" in matches(RULE, case(v2(), answered(EARLY)))[0]


def test_only_v2_looks_at_the_rest_of_the_chain() -> None:
    assert quiet(RULE, case(None, answered(APP, OLD_ROOT)))
    assert matches(RULE, case(v2(), answered(APP, OLD_ROOT)))


def test_is_quiet_in_date_unvalidated_and_on_plain_http() -> None:
    assert quiet(RULE, case(None, answered(APP)))
    assert quiet(RULE, case(v2(validateCertChainAndExpiry=False), answered(OLD)))
    assert quiet(RULE, case(None, NotTried("outside"), state="healthy"))


def test_is_undecided_when_not_seen() -> None:
    assert doubts(RULE, case(None, NotTried("outside")))
