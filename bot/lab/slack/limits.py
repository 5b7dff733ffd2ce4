"""Slack's rate limits as token buckets: so many at once, then so many a minute.

https://docs.slack.dev/apis/web-api/rate-limits: tier 2 is 20+ calls a minute, tier 3 50+, tier 4
100+, and posting a message has a rule of its own, one a second in each channel with short bursts.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass

from bot.lab.slack.values import ApiError

TIER_2, TIER_3, TIER_4 = 20, 50, 100
_POSTS_A_MINUTE = 60
_POST_BURST = 10


def _loop_time() -> float:
    """The clock by which an app that is asked to wait does so."""
    return asyncio.get_running_loop().time()


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RateLimits:
    """Counts the calls of one app. `clock` gives seconds, and only ever grows."""

    def __init__(self, clock: Callable[[], float] = _loop_time) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def count(self, method: str, per_minute: int) -> None:
        """Count a call; raises `ratelimited` (429 with Retry-After) when there were too many."""
        self._take(method, burst=per_minute, per_second=per_minute / 60)

    def count_post(self, channel: str) -> None:
        """Count a message to a channel; raises as `count`."""
        self._take(f"post {channel}", _POST_BURST, _POSTS_A_MINUTE / 60)

    def _take(self, key: str, burst: int, per_second: float) -> None:
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(burst, now))
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.at) * per_second)
        bucket.at = now
        if bucket.tokens < 1:
            wait = math.ceil((1 - bucket.tokens) / per_second)
            raise ApiError("ratelimited", status=429, headers={"Retry-After": str(wait)})
        bucket.tokens -= 1
