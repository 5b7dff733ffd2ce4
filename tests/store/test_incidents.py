"""Incidents, with the report of Microsoft's ILB App Service Environment case."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.changes.word import Word
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import try_options
from bot.core.report.incident import Incident
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from bot.store import DatabaseStore, incidents, open_store
from bot.store.incidents import Stored
from bot.store.values import to_text
from bot.store.work import Result
from tests.core import make
from tests.core.make import ID, NOW
from tests.store.make import ADA, gateway

SECOND = timedelta(seconds=1)
TOLD = Word("told", "i1", "card", "i1")


def incident(incident_id: str = "i1", gateway_id: str = ID, **changes: Any) -> Incident:
    """A card without a report."""
    made = Incident(incident_id, gateway_id, "agw", "C1", "1.2", ADA, "502 from gateway agw", NOW)
    return replace(made, **changes)


async def test_an_incident_keeps_its_report(store: DatabaseStore) -> None:
    base, case = make.incident()
    diagnosis = diagnose(case, RULES)
    trials = try_options(make.what_if(case, base), diagnosis, OPTIONS)
    saved = incident(report=make_report(case, diagnosis, trials, RULES, NOW))
    await store.add_incident(saved)
    assert await store.incident("i1") == saved


async def test_an_unknown_incident_is_none(store: DatabaseStore) -> None:
    await store.add_incident(incident("i1"))
    assert await store.incident("i2") is None


async def test_what_is_altered_is_stored_with_its_words(store: DatabaseStore) -> None:
    await store.add_incident(incident(ts=""))
    posted = await store.alter_incident("i1", lambda it: replace(it, ts="3.4"), words=(TOLD,))
    assert posted == await store.incident("i1") == incident(ts="3.4")
    assert [it.word.key for it in await store.unsaid(9)] == ["told"]


@pytest.mark.parametrize("name", ["i1", "gone"])
async def test_nothing_is_stored_where_nothing_is_to_be_altered(
    name: str, store: DatabaseStore
) -> None:
    await store.add_incident(incident())
    assert await store.alter_incident(name, lambda _: None, words=(TOLD,)) is None
    assert (await store.incident("i1"), await store.unsaid(9)) == (incident(), ())


async def test_whoever_alters_it_at_once_loses_nothing_of_the_others(
    url: str, store: DatabaseStore
) -> None:
    """Two replicas, one of which notes where the card stands while the other one stores how the diagnosis ended."""
    await store.add_incident(incident(asked=""))
    other = await open_store(url)
    try:
        each = ((at, partial(_more, it)) for it in range(10) for at in (store, other))
        await asyncio.gather(*(at.alter_incident("i1", more) for at, more in each))
    finally:
        await other.close()
    stored = await store.incident("i1")
    assert stored is not None
    assert sorted(stored.asked) == sorted("0123456789" * 2)


def _more(number: int, stored: Incident) -> Incident:
    return replace(stored, asked=f"{stored.asked}{number}")


async def test_recent_ones_are_of_one_gateway_newest_first(store: DatabaseStore) -> None:
    for seconds, name in ((-1, "old"), (2, "new"), (0, "first"), (0, "second")):
        await store.add_incident(incident(name, created=NOW + seconds * SECOND))
    await store.add_incident(incident("other", gateway("agw-shop")))
    found = await store.recent_incidents(ID.upper(), NOW, limit=9)
    assert [it.id for it in found] == ["new", "second", "first"]
    (newest,) = await store.recent_incidents(ID, NOW, limit=1)
    assert newest.id == "new"


def test_no_transaction_lasts_while_a_report_is_read_or_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server ends one that is silent for seconds, and a report of the largest gateways has 28 MB."""
    old, new = incident(), incident(ts="3.4")
    stored = Stored(old, to_text(old))
    work = incidents.exchange(stored, new)
    next(work)
    for name in ("to_text", "from_text"):
        monkeypatch.delattr(incidents, name)
    statement = work.send(Result([(stored.text,)], 1))
    assert statement.values["body"] == to_text(new)
    with pytest.raises(StopIteration) as ended:
        work.send(Result([], 1))
    assert ended.value.value == new
