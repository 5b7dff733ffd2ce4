"""`agw check`: can the database be used, for how many replicas, and what waits in it?"""

from datetime import timedelta

from bot.cli.checked import Checked, fix, ok
from bot.cli.wiring import now, open_store
from bot.settings import Settings
from bot.store import is_postgresql

APART = timedelta(seconds=5)
"""How far clocks may be apart before somebody wonders at an offer that ends early or late."""


async def check_database(settings: Settings) -> Checked:
    """Open it, write to it, and compare its clock with this machine's."""
    async with open_store(settings) as store:
        # A delivery that Slack never makes: remembering it takes a durable write.
        await store.first_time("agw check", now())
        apart = abs(await store.now() - now())
        if apart > APART:
            return fix(
                f"the database's clock and this machine's are {apart.total_seconds():.0f} s apart.",
                "Let both follow a time server: offers end by the one, replicas take turns by the other.",
            )
        running, unsaid = len(await store.active_changes()), await store.unsaid_count()
        so_far = await store.count_changes(most=1)
    what = (
        "PostgreSQL answers and is writable, for several replicas"
        if is_postgresql(settings.database_url)
        else "the file opens and is writable, for replicas on this machine only"
    )
    # Whoever expects a history here has named the wrong database.
    empty = "" if so_far else " There has been no change so far."
    return ok(f"{what}; changes under way: {running}, messages not delivered yet: {unsaid}.{empty}")
