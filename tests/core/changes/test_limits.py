"""What an operator has ruled out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.changes.limits import DAY, Limits, Once, Weekly, frozen_words, in_zone

SHOP = "/subscriptions/S/resourceGroups/RG-Shop/providers/Microsoft.Network/applicationGateways/agw-Shop"
BERLIN = ZoneInfo("Europe/Berlin")
WEEKEND = Weekly(4 * DAY + 16 * 60, 7 * 60, BERLIN)
"""Friday 16:00 to Monday 7:00."""
LUNCH = Weekly(12 * 60, 13 * 60, UTC)
"""Mondays from 12 to 13."""


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (datetime(2026, 11, 27, 14, 59, tzinfo=UTC), None),
        (datetime(2026, 11, 27, 15, 0, tzinfo=UTC), datetime(2026, 11, 30, 7, tzinfo=BERLIN)),
        (datetime(2026, 11, 30, 5, 59, tzinfo=UTC), datetime(2026, 11, 30, 7, tzinfo=BERLIN)),
        (datetime(2026, 11, 30, 6, 0, tzinfo=UTC), None),
        # The clocks go back in between.
        (datetime(2026, 10, 24, 12, 0, tzinfo=UTC), datetime(2026, 10, 26, 7, tzinfo=BERLIN)),
    ],
)
def test_a_week_goes_by_the_clocks_of_its_zone(now: datetime, until: datetime | None) -> None:
    assert WEEKEND.until(now) == until


def test_a_time_within_one_week() -> None:
    noon = datetime(2026, 11, 30, 12, tzinfo=UTC)
    assert LUNCH.until(noon) == noon + timedelta(hours=1)
    assert LUNCH.until(noon - timedelta(minutes=1)) is None
    assert LUNCH.until(noon + timedelta(hours=1)) is None


def test_once_is_over_at_its_end_and_the_longest_counts() -> None:
    begin = datetime(2026, 12, 20, tzinfo=UTC)
    short, long = Once(begin, begin + timedelta(days=1)), Once(begin, begin + timedelta(days=9))
    limits = Limits(freeze=(short, long))
    assert limits.frozen_until(begin) == long.end
    assert limits.frozen_until(long.end) is None
    assert limits.frozen_until(begin - timedelta(seconds=1)) is None


def test_times_that_meet_are_one() -> None:
    friday = Weekly(4 * DAY + 16 * 60, 5 * DAY, UTC)
    weekend = Weekly(5 * DAY, 7 * 60, BERLIN)
    monday = datetime(2026, 11, 30, 7, tzinfo=BERLIN)
    after = Once(monday, monday + timedelta(hours=2))
    limits = Limits(freeze=(after, friday, weekend))
    assert limits.frozen_until(datetime(2026, 11, 27, 17, tzinfo=UTC)) == after.end


def test_weeks_without_a_gap_have_an_end_that_is_far() -> None:
    limits = Limits(freeze=(Weekly(0, DAY, UTC), Weekly(DAY, 0, UTC)))
    now = datetime(2026, 11, 27, 17, tzinfo=UTC)
    assert limits.frozen_until(now) == datetime(2026, 11, 30, tzinfo=UTC) + timedelta(
        days=49 * 7 + 1
    )


@pytest.mark.parametrize(
    ("limits", "closed"),
    [
        (Limits(), None),
        (Limits(never=("agw-*",)), "never"),
        (Limits(never=("rg-shop/*",)), "never"),
        (Limits(never=(SHOP,)), "never"),
        (Limits(never=("*/providers/*",)), "never"),
        (Limits(never=("rg-other/*", "shop")), None),
        (Limits(only=("agw-shop",)), None),
        (Limits(only=("agw-test",)), "not_among"),
        (Limits(only=("*",), never=("AGW-SHOP",)), "never"),
    ],
)
def test_who_may_be_changed(limits: Limits, closed: str | None) -> None:
    assert limits.closed(SHOP) == closed


def test_a_short_id_has_no_group() -> None:
    assert Limits(never=("rg/x",)).closed("x") is None


@given(
    begin=st.integers(0, 7 * DAY - 1),
    length=st.integers(1, 7 * DAY - 1),
    now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
)
def test_an_end_is_in_the_future_and_less_than_the_length_away(
    begin: int, length: int, now: datetime
) -> None:
    at = now.replace(tzinfo=UTC)
    until = Weekly(begin, (begin + length) % (7 * DAY), UTC).until(at)
    elapsed = (at.weekday() * DAY + at.hour * 60 + at.minute - begin) % (7 * DAY)
    assert (until is not None) == (elapsed < length)
    if until is not None:
        assert timedelta() < until - at <= timedelta(minutes=length)


def test_a_freeze_is_told_with_its_end_and_its_setting() -> None:
    said = frozen_words(datetime(2026, 11, 30, 7, tzinfo=BERLIN))
    assert said == "Changes are frozen until Mon 2026-11-30 07:00 CET (AGW_FREEZE)."


def test_a_moment_is_told_by_the_clocks_of_its_zone() -> None:
    assert in_zone(datetime(2026, 11, 30, 7, tzinfo=BERLIN)) == "Mon 2026-11-30 07:00 CET"
