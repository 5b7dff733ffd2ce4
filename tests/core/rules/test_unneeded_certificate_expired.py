from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.model.certificate import Certificate
from bot.core.model.observation import Outcome
from bot.core.rules.certificate_not_in_date import RULE as NOT_IN_DATE
from bot.core.rules.unneeded_certificate_expired import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, NOW, ROOT, answered, blind, case
from tests.core.rules.chains import IN_ROOT, ISSUING, LEAF, LISTED, NOT_VERIFIED, empty_v2, path, v2

CROSS_SIGNED = replace(
    ROOT,
    issuer="CN=older CA",
    sha256="c" * 64,
    self_signed=False,
    not_after=NOW - timedelta(days=1),
    der=b"cross-signed",
)
ACCEPTED = path(LEAF, ISSUING)
SAYS_DATES = 'Backend certificate is invalid. Current date isn\'t within the "Valid from" and "Valid to" date range'


def test_matches_a_cross_signed_root_that_no_way_needs() -> None:
    seen = answered(LEAF, ISSUING, CROSS_SIGNED, trust=ACCEPTED)
    for state in ("healthy", "unhealthy"):
        made = case(v2(**LISTED), seen, state=state)
        (summary,) = matches(RULE, made)
        assert "also sends CN=private CA (issued by CN=older CA), which is out of date" in summary
        assert quiet(NOT_IN_DATE, made)


@pytest.mark.parametrize("message", [SAYS_DATES, NOT_VERIFIED.format(10)])
def test_is_quiet_where_the_gateway_says_that_it_counts(message: str) -> None:
    seen = answered(LEAF, ISSUING, CROSS_SIGNED, trust=ACCEPTED)
    made = case(v2(**LISTED), seen, message=message)
    assert quiet(RULE, made)
    assert matches(NOT_IN_DATE, made)


@pytest.mark.parametrize(
    "chain",
    [
        (LEAF, ISSUING),
        (LEAF, ISSUING, replace(CROSS_SIGNED, not_after=NOW + timedelta(days=9))),
        (),
    ],
)
def test_is_quiet_where_nothing_is_late_or_sent(chain: tuple[Certificate, ...]) -> None:
    assert quiet(RULE, case(v2(**LISTED), answered(*chain, trust=ACCEPTED)))


def test_is_quiet_where_the_way_is_not_known() -> None:
    seen = answered(LEAF, ISSUING, CROSS_SIGNED, trust=IN_ROOT)
    assert quiet(RULE, case(v2(**LISTED), seen))
    assert matches(NOT_IN_DATE, case(v2(**LISTED), seen))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "certificate_not_in_date" in left_open(RULE, blind(empty_v2(), outcome))
