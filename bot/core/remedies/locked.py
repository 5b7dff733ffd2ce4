"""A lock that forbids to change the gateway, foreseen: no button that Azure would refuse, but what to do first.

https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources, "Who can create or delete locks"
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.core.analysis.commands import join
from bot.core.model.lock import Lock
from bot.core.model.marked import mark, mark_command
from bot.core.remedies.trial import Trial

WHO = "Whoever may remove locks there (Owner or User Access Administrator)"


def behind_locks(trials: Iterable[Trial], locks: tuple[Lock, ...]) -> tuple[Trial, ...]:
    """The same trials; each that writes the gateway begins with the locks, and has no button."""
    return tuple(_behind(it, locks) for it in trials) if locks else tuple(trials)


def _behind(trial: Trial, locks: tuple[Lock, ...]) -> Trial:
    made = trial.proposal
    if made is None or not made.edits:
        return trial
    again = (
        "Diagnose again: once nothing is locked, a change that the bot can make has its button.",
    )
    first = (*made.first, *map(_step, locks), *(again if trial.automated else ()))
    return replace(trial, proposal=replace(made, by_hand=True, first=first))


def _step(lock: Lock) -> str:
    return (
        f"{WHO}: the read-only lock {mark(lock.name)} on {place_of(lock)} lets nobody change the gateway. Ask why it is"
        f" there, and take it away for the change: {mark_command(join('az', 'lock', 'delete', '--ids', lock.id))}"
    )


def place_of(lock: Lock) -> str:
    """What it was set on, seen from the gateway."""
    kind = lock.scope.count("/")
    if kind <= 2:
        return "its subscription"
    return "its resource group" if kind <= 4 else "it"
