from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.diagnosis import diagnose
from bot.core.making import certificate_text
from bot.core.observation import NotTried, Trust
from bot.core.rules import RULES
from bot.core.rules.trusted_root_expired import RULE
from tests.core.asking import matches, quiet
from tests.core.make import NOW, ROOT, answered, case, document
from tests.core.rules.chains import IN_ROOT, ISSUING, LEAF, LISTED, v2

OLD = replace(ROOT, not_after=NOW - timedelta(days=1), sha256="e" * 64, der=b"old root")
IN_OLD = (Trust(OLD.sha256, 0, "ok"),)


def with_old(**changes: Any) -> Any:
    return v2(stored=certificate_text(OLD), **LISTED, **changes)


def test_matches_the_anchor_in_use_and_is_the_only_one_to_say_so() -> None:
    made = case(with_old(), answered(LEAF, ISSUING, trust=IN_OLD), known=(OLD,))
    (summary,) = matches(RULE, made)
    assert "but the root is out of date" in summary
    said = [it.rule for it in diagnose(made, RULES).findings]
    assert "trusted_root_expired" in said
    assert "certificate_not_in_date" not in said
    assert "stored_certificate_expiring" not in said


def test_is_quiet_when_the_root_is_sent_too_because_its_dates_are_seen_there() -> None:
    made = case(with_old(), answered(LEAF, ISSUING, OLD, trust=IN_OLD), known=(OLD,))
    assert quiet(RULE, made)
    assert [it.rule for it in diagnose(made, RULES).errors] == ["certificate_not_in_date"]


def test_is_quiet_when_in_date_not_in_use_or_not_validated() -> None:
    assert quiet(RULE, case(v2(**LISTED), answered(LEAF, ISSUING, trust=IN_ROOT)))
    assert quiet(RULE, case(with_old(), answered(LEAF, ISSUING), known=(OLD,)))
    off = with_old(validateCertChainAndExpiry=False)
    assert quiet(RULE, case(off, answered(LEAF, ISSUING, trust=IN_OLD), known=(OLD,)))


def test_is_quiet_on_v1_and_when_not_seen() -> None:
    assert quiet(RULE, case(document(), answered(LEAF)))
    assert quiet(RULE, case(with_old(), NotTried("outside"), known=(OLD,)))
