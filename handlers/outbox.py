"""Delivers what people must learn until Slack has taken it: in order in each place, once, by one replica at a time.

What is to be said is stored with the state that it tells of, so neither a kill nor hours of outage lose it. Before each
attempt that is stored too: after a kill, the next process looks whether Slack took the word before it says it again.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

from bot.core.changes.audit import AuditEntry
from bot.core.changes.lease import Lease
from bot.core.changes.word import Unsaid, Word
from bot.core.problem import Problem
from bot.workflow.holding import LOOK, holding
from bot.workflow.ports import Store
from handlers.slack_errors import SlackProblem

log = logging.getLogger(__name__)

POLL = 2.0
"""Seconds between two looks for words that another replica has stored, or that are due again."""
AT_ONCE = 20
"""How many places are spoken to at the same time."""
MOST_READ = 100
"""How many words are read at a time: more than can hang."""
PATIENCE = 40.0
"""Seconds for one attempt, so that a call that hangs holds up only its own place."""
LONGEST = 60.0
"""Seconds between two attempts at most, unless Slack asks for more."""
MOST_FAILURES = 50
"""After so many errors of our own a word is left to the audit log. Outages and rate limits have no such end."""

Speak = Callable[[Unsaid], Awaitable[str]]
"""Says a word, and returns the message's timestamp. Raises `SlackProblem`, `NotYet` or `Unsayable`."""


class NotYet(Exception):
    """What the word tells of has not happened; `seconds` until it is worth another look."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


class Unsayable(Exception):
    """Nobody is in reach. The text is what should have been said, `because` is why it was not."""

    def __init__(self, text: str, because: str, gateway_id: str) -> None:
        super().__init__(text)
        self.because = because
        self.gateway_id = gateway_id


class Outbox:
    """The one way of a stored word to Slack."""

    def __init__(
        self,
        store: Store,
        speak: Speak,
        clock: Callable[[], datetime],
        life: str,
        most_failures: int = MOST_FAILURES,
    ) -> None:
        self._store = store
        self._speak = speak
        self._clock = clock
        self._life = life
        self._most_failures = most_failures
        self._news = asyncio.Event()
        self._quiet = asyncio.Event()

    async def say(self, *words: Word) -> None:
        """Store words, to be delivered as soon as possible."""
        await self._store.say(*words)
        self.nudge()

    async def refresh(self, incident_id: str, **parts: str) -> None:
        """Bring a card in line with the store, if it still stands; nothing for a change without a card."""
        if incident_id:
            key = f"{incident_id}:{secrets.token_hex(6)}"
            told = {"only": "here", **parts}
            await self.say(Word(key, incident_id, "card", incident_id, told))

    def nudge(self) -> None:
        """Something was stored: do not wait for the next look."""
        self._quiet.clear()
        self._news.set()

    async def idle(self) -> None:
        """Wait until everything that is due now has been tried."""
        self.nudge()
        await self._quiet.wait()

    async def run(self) -> None:
        """Deliver for ever, whenever no other replica does."""
        while True:
            with suppress(Problem):
                async with holding(self._store, "outbox", self._life) as held:
                    if held is not None:
                        await self._deliver(held.lease)
            await asyncio.sleep(LOOK)

    async def _deliver(self, lease: Lease) -> None:
        """Until the lease is lost: one task for each place, so that a place that hangs holds up no other."""
        speaking: dict[str, asyncio.Task[None]] = {}
        try:
            while True:
                self._news.clear()
                for place in [place for place, task in speaking.items() if task.done()]:
                    speaking.pop(place).result()
                words = await self._store.unsaid(MOST_READ, self._clock())
                for it in words:
                    if it.word.place not in speaking and len(speaking) < AT_ONCE:
                        task = asyncio.create_task(self._attempt(it, lease))
                        task.add_done_callback(lambda _: self._news.set())
                        speaking[it.word.place] = task
                if not speaking and not self._news.is_set():
                    self._quiet.set()
                # Not wait_for: in 3.11 it may swallow a cancellation (https://github.com/python/cpython/issues/86296).
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL):
                        await self._news.wait()
        finally:
            for task in speaking.values():
                task.cancel()
            await asyncio.gather(*speaking.values(), return_exceptions=True)

    async def _attempt(self, unsaid: Unsaid, lease: Lease) -> None:
        await self._store.begin_saying(unsaid.seq, lease=lease)
        try:
            async with asyncio.timeout(PATIENCE):
                ts = await self._speak(unsaid)
        except NotYet as early:
            await self._put_off(unsaid, early.seconds, "not yet")
        except Unsayable as unsayable:
            await self._give_up(unsaid, unsayable)
        except SlackProblem as problem:
            seconds = max(problem.wait or 0.0, _pause(unsaid))
            await self._put_off(unsaid, seconds, problem.code)
            level = logging.INFO if problem.passes else logging.ERROR
            log.log(level, "%s is not said yet: %s", unsaid.word.key, problem)
        except TimeoutError:
            await self._put_off(unsaid, _pause(unsaid), "timeout")
        except Exception as error:
            # A boundary: a word that cannot be rendered must not hold up those of other places.
            log.error("%s could not be said", unsaid.word.key, exc_info=error)
            if unsaid.tries < self._most_failures:
                await self._put_off(unsaid, _pause(unsaid), type(error).__name__)
            else:
                await self._give_up(unsaid, Unsayable(unsaid.word.key, type(error).__name__, ""))
        else:
            await self._store.said(unsaid.seq, ts)

    async def _put_off(self, unsaid: Unsaid, seconds: float, because: str) -> None:
        due = self._clock() + timedelta(seconds=seconds)
        await self._store.put_off(unsaid.seq, due, because)
        asyncio.get_running_loop().call_later(seconds, self._news.set)

    async def _give_up(self, unsaid: Unsaid, unsayable: Unsayable) -> None:
        """What nobody can be told is at least in the audit log."""
        details = {"said": str(unsayable), "because": unsayable.because, "key": unsaid.word.key}
        entry = AuditEntry(self._clock(), "not_said", unsayable.gateway_id, details=details)
        await self._store.audit(entry)
        await self._store.give_up(unsaid.seq, unsayable.because)
        log.error("%s reached nobody: %s", unsaid.word.key, unsayable.because)


def _pause(unsaid: Unsaid) -> float:
    return min(2.0 ** min(unsaid.tries, 10), LONGEST)
