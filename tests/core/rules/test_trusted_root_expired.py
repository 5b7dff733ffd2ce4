from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.model.observation import Outcome, Trust
from bot.core.remedies.edit_builder import certificate_text
from bot.core.rules import RULES
from bot.core.rules.trusted_root_expired import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, NOW, ROOT, answered, blind, case, document
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


def test_is_quiet_on_v1() -> None:
    assert quiet(RULE, case(document(), answered(LEAF)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(with_old(), outcome))


def test_a_missing_answer_of_openssl_is_left_open() -> None:
    untried = case(with_old(), answered(LEAF, ISSUING), known=(OLD,), state=None)
    assert "root_not_trusted" in left_open(RULE, untried)
