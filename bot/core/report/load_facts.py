"""What a report says about the gateway's load: facts, a note, and their public JSON."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.case.case import Case
from bot.core.model.generation import LoadMetric
from bot.core.model.load import ceiling
from bot.core.model.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class LoadFacts:
    """The highest five-minute average between two moments; `ceiling` None: it is not known how much is too much."""

    metric: LoadMetric
    since: datetime
    until: datetime
    peak: float
    peak_at: datetime
    ceiling: float | None


def load_facts(case: Case) -> LoadFacts | None:
    """What was measured; None if nothing was."""
    load = case.load
    if isinstance(load, Unavailable):
        return None
    peak = load.peak
    return LoadFacts(
        load.metric, load.since, load.until, peak.average, peak.at, ceiling(case.gateway)
    )


def load_not_read(case: Case) -> str | None:
    """Why the load is not known; None if it is known."""
    return case.load.reason if isinstance(case.load, Unavailable) else None


def load_note(case: Case) -> str | None:
    """What is not known about the load, in a sentence; None if enough is."""
    if isinstance(case.load, Unavailable):
        return f"The load of the gateway is not known: {case.load.reason}"
    if ceiling(case.gateway) is None:
        return (
            f"The load of the gateway, {case.load.peak.average:g} capacity units at most in the last hour, could"
            " not be compared: Azure does not say how many instances it may have"
        )
    return None


def load_json(facts: LoadFacts) -> dict[str, Any]:
    """Its part of the public document."""
    return {
        "metric": facts.metric,
        "since": facts.since.isoformat(),
        "until": facts.until.isoformat(),
        "peak": facts.peak,
        "peak_at": facts.peak_at.isoformat(),
        "ceiling": facts.ceiling,
    }
