"""Incidents, with the report of Microsoft's ILB App Service Environment case."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.case.diagnosis import diagnose
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import try_options
from bot.core.report.incident import Incident
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from bot.store import DatabaseStore
from tests.core import make
from tests.core.make import ID, NOW
from tests.store.make import ADA, gateway

SECOND = timedelta(seconds=1)


def incident(incident_id: str = "i1", gateway_id: str = ID, **changes: Any) -> Incident:
    """A card without a report."""
    made = Incident(incident_id, gateway_id, "agw", "C1", "1.2", ADA, "502 from gateway agw", NOW)
    return replace(made, **changes)


async def test_an_incident_keeps_its_report(store: DatabaseStore) -> None:
    base, case = make.incident()
    diagnosis = diagnose(case, RULES)
    trials = try_options(make.what_if(case, base), diagnosis, OPTIONS)
    saved = incident(report=make_report(case, diagnosis, trials, RULES, NOW))
    await store.save_incident(saved)
    assert await store.incident("i1") == saved


async def test_an_unknown_incident_is_none(store: DatabaseStore) -> None:
    await store.save_incident(incident("i1"))
    assert await store.incident("i2") is None


async def test_saving_again_replaces(store: DatabaseStore) -> None:
    await store.save_incident(incident(ts=""))
    moved = incident(ts="3.4", gateway_id=gateway("agw-shop"), created=NOW + SECOND)
    await store.save_incident(moved)
    assert await store.incident("i1") == moved
    assert await store.recent_incidents(ID, NOW, limit=5) == ()
    assert await store.recent_incidents(moved.gateway_id, NOW + SECOND, limit=5) == (moved,)


async def test_recent_ones_are_of_one_gateway_newest_first(store: DatabaseStore) -> None:
    for seconds, name in ((-1, "old"), (2, "new"), (0, "first"), (0, "second")):
        await store.save_incident(incident(name, created=NOW + seconds * SECOND))
    await store.save_incident(incident("other", gateway("agw-shop")))
    found = await store.recent_incidents(ID.upper(), NOW, limit=9)
    assert [it.id for it in found] == ["new", "second", "first"]
    (newest,) = await store.recent_incidents(ID, NOW, limit=1)
    assert newest.id == "new"
