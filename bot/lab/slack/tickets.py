"""Short-lived permissions that Slack hands to an app: `trigger_id` and `response_url`."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.lab.slack.values import ApiError, Limits


@dataclass(slots=True)
class _Trigger:
    person: str
    until: float
    used: bool = False


class Triggers:
    """A `trigger_id` lets the app open one modal for the person who just did something."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._issued: dict[str, _Trigger] = {}

    def issue(self, person: str) -> str:
        """A new trigger for something that `person` did."""
        trigger_id = (
            f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        )
        self._issued[trigger_id] = _Trigger(person, self._clock() + self._limits.trigger)
        return trigger_id

    def redeem(self, trigger_id: str) -> str:
        """The person it belongs to. Works once; errors as views.open documents them."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise ApiError("invalid_trigger_id")
        if trigger.used:
            raise ApiError("exchanged_trigger_id")
        if self._clock() > trigger.until:
            raise ApiError("expired_trigger_id")
        trigger.used = True
        return trigger.person

    def expire_all(self) -> None:
        """Make every trigger too old, as if its seconds had passed."""
        for trigger in self._issued.values():
            trigger.until = -1.0


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a `response_url` posts to, and whom it may answer. `ts` is the message acted upon."""

    person: str
    channel: str
    ts: str | None = None
    thread_ts: str | None = None


@dataclass(slots=True)
class _ResponseUrl:
    origin: Origin
    until: float
    uses: int


class ResponseUrls:
    """Five posts within thirty minutes, then the URL no longer works."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self._limits = limits
        self._clock = clock
        self._issued: dict[str, _ResponseUrl] = {}

    def issue(self, origin: Origin) -> str:
        """The secret last part of a new address."""
        key = secrets.token_urlsafe(18)
        until = self._clock() + self._limits.response_url
        self._issued[key] = _ResponseUrl(origin, until, self._limits.response_url_uses)
        return key

    def redeem(self, key: str) -> Origin:
        """Where this post belongs; raises `expired_url` or `used_url` with status 404."""
        url = self._issued.get(key)
        if url is None or self._clock() > url.until:
            raise ApiError("expired_url", status=404)
        if url.uses == 0:
            raise ApiError("used_url", status=404)
        url.uses -= 1
        return url.origin

    def expire_all(self) -> None:
        """Make every URL too old, as if its half hour had passed."""
        for url in self._issued.values():
            url.until = -1.0
