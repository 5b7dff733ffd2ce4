"""Trouble on demand, for tests: the next calls fail, the next payloads come twice.

Nothing here happens by itself. Each requested fault is used up by what it hits. A post to a response URL counts as a
call of `response_url`; it can be refused.
"""

import asyncio
from dataclasses import dataclass, field

from bot.lab.slack.values import ApiError


@dataclass(frozen=True, slots=True)
class CallFault:
    """What happens to the next call of a method: a refusal, a lost answer, or none ever."""

    error: str = "fatal_error"
    status: int = 200
    retry_after: int | None = None
    drop: bool = False
    hang: bool = False
    gate: asyncio.Event | None = None

    def raised(self) -> ApiError:
        """The refusal, as the method itself would raise it."""
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return ApiError(self.error, status=self.status, headers=headers)


@dataclass(slots=True)
class Faults:
    """The faults that are still to come."""

    _calls: dict[str, list[CallFault]] = field(default_factory=dict)
    _twice: int = 0
    _socket: int | None = None

    def fail(self, method: str, error: str, times: int = 1) -> None:
        """The next calls of `method` answer `{"ok": false, "error": error}` and do nothing."""
        self._add(method, CallFault(error), times)

    def fail_with_status(self, method: str, status: int, times: int = 1) -> None:
        """The next calls of `method` answer with that HTTP status (5xx) and do nothing."""
        self._add(method, CallFault(status=status), times)

    def rate_limit(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """The next calls of `method` answer 429 with `Retry-After` in seconds and do nothing."""
        self._add(method, CallFault("ratelimited", 429, retry_after), times)

    def drop_answer(self, method: str, times: int = 1) -> None:
        """The next calls of `method` do their work, then the line is cut without an answer."""
        self._add(method, CallFault(drop=True), times)

    def hang(self, method: str, times: int = 1) -> None:
        """The next calls of `method` do nothing and are never answered."""
        self._add(method, CallFault(hang=True), times)

    def hold(self, method: str) -> asyncio.Event:
        """The next call of `method` does its work only when the event is set, even if the app has given up."""
        gate = asyncio.Event()
        self._add(method, CallFault(gate=gate), 1)
        return gate

    @property
    def quiet(self) -> bool:
        """Whether every requested fault of a call has been used up."""
        return not any(self._calls.values())

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._calls.clear()

    def deliver_twice(self, times: int = 1) -> None:
        """Each of the next payloads is sent two times, to two sockets where there are two."""
        self._twice += times

    def next_socket(self, index: int) -> None:
        """The next payload that a person causes goes to the socket that connected as number `index`, from 0."""
        self._socket = index

    def _add(self, method: str, fault: CallFault, times: int) -> None:
        self._calls.setdefault(method, []).extend([fault] * times)

    def take_call(self, method: str) -> CallFault | None:
        """The fault for this call, if any."""
        waiting = self._calls.get(method)
        return waiting.pop(0) if waiting else None

    def take_twice(self) -> bool:
        """Whether this payload is to be sent two times."""
        if self._twice == 0:
            return False
        self._twice -= 1
        return True

    def take_socket(self) -> int | None:
        """The socket that this payload must go to, if a test chose one."""
        index, self._socket = self._socket, None
        return index
