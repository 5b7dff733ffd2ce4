from datetime import timedelta
from typing import Any

import pytest

from bot.core.model.observation import Outcome
from bot.core.rules.served_certificate_expiring import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import (
    APP,
    HOST,
    NOT_SEEN,
    NOW,
    answered,
    blind,
    case,
    certificate,
    document,
    root,
)
from tests.core.rules.chains import empty_v2


def until(**left: Any) -> Any:
    return answered(certificate(HOST, not_after=NOW + timedelta(**left)), public=0)


@pytest.mark.parametrize(
    ("left", "when"),
    [
        ({"days": 14}, "in 14 days"),
        ({"days": 1, "hours": 3}, "in 1 day"),
        ({"hours": 5}, "today"),
    ],
)
def test_matches_within_fourteen_days(left: dict[str, int], when: str) -> None:
    (summary,) = matches(RULE, case(empty_v2(), until(**left)))
    assert summary == f"10.1.5.11 serves a certificate that expires {when}: CN={HOST}."


def test_only_v2_looks_at_the_rest_of_the_chain() -> None:
    soon = root("soon", not_after=NOW + timedelta(days=3))
    assert matches(RULE, case(empty_v2(), answered(APP, soon)))
    assert quiet(RULE, case(document(), answered(APP, soon)))


def test_is_quiet_when_later_already_over_or_not_validated() -> None:
    assert quiet(RULE, case(empty_v2(), until(days=15)))
    assert quiet(RULE, case(empty_v2(), until(days=-1)))
    assert quiet(RULE, case(empty_v2(validateCertChainAndExpiry=False), until(days=3)))


def test_is_quiet_about_what_is_stored_on_the_gateway_as_well() -> None:
    soon = certificate(HOST, not_after=NOW + timedelta(days=3))
    assert quiet(RULE, case(document(), answered(soon), known=(soon,)))
    other = certificate("other.example", not_after=NOW + timedelta(days=3))
    assert matches(RULE, case(document(), answered(other)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "certificate_not_in_date" in left_open(RULE, blind(empty_v2(), outcome))
