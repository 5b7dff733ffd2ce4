"""Forgetting, while the bot runs, what is older than the operator wants it to be kept."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.core.problem import Problem
from bot.setting_values import Retention
from bot.workflow.ports import Store

log = logging.getLogger(__name__)

PAUSE = timedelta(hours=6)
"""Between two rounds; what is kept for days may well be kept for some hours longer."""


@asynccontextmanager
async def tidying(store: Store, retention: Retention) -> AsyncIterator[None]:
    """Keep the store tidy during the block."""
    task = asyncio.create_task(_rounds(store, retention), name="tidying")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _rounds(store: Store, retention: Retention) -> None:
    while True:
        try:
            await store.forget(retention.others)
            if retention.audit is not None:
                await _forget_lines(store, retention.audit)
        except Problem as problem:
            log.warning("old data was not removed: %s", problem)
        await asyncio.sleep(PAUSE.total_seconds())


async def _forget_lines(store: Store, older: timedelta) -> None:
    """The log says what is gone, since the audit log itself no longer can."""
    if removed := await store.forget_lines(older):
        lines = "1 line" if removed == 1 else f"{removed} lines"
        log.info("retention removed %s of the audit log, older than %d days", lines, older.days)
