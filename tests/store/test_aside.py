"""No event loop waits while a value becomes JSON or is read from it: a report may be megabytes."""

import asyncio
from typing import Any

import pytest

from bot.store import DatabaseStore, values
from tests.store.make import change
from tests.store.test_incidents import incident


async def test_no_value_is_written_or_read_on_the_event_loop(
    store: DatabaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_loop: list[bool] = []

    def watched(name: str) -> None:
        real = getattr(values, name)

        def watch(*given: Any) -> Any:
            try:
                asyncio.get_running_loop()
            except RuntimeError:
                on_a_loop.append(False)
            else:
                on_a_loop.append(True)
            return real(*given)

        monkeypatch.setattr(values, name, watch)

    watched("_text")
    watched("_json")
    await store.add_incident(incident())
    assert await store.incident("i1") == incident()
    await store.add_change(change())
    assert await store.change("c1") == change()
    assert len(on_a_loop) >= 4
    assert not any(on_a_loop)
