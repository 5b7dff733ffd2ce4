"""The rules and all trials of options on a large pool and a small one: work must grow no faster than the pool."""

from bot.core.case.diagnosis import diagnose
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import try_options
from bot.core.rules import RULES
from tests.bench.measure import Ratio, seconds
from tests.core.make import APP, answered, case, document, v2_settings, what_if

SMALL, LARGE = 50, 500
ROUNDS = 3


async def large_pool_and_small() -> list[Ratio]:
    """Ten times the members, each of which answers 404."""
    what = f"judging a pool of {LARGE} servers, against {SMALL}"
    return [Ratio(what, await _judged(LARGE), await _judged(SMALL))]


async def _judged(count: int) -> float:
    servers = tuple(f"10.2.{number // 250}.{number % 250}" for number in range(count))
    base = document(
        tier="Standard_v2", servers=servers, backendHttpSettingsCollection=[v2_settings()]
    )
    made = case(base, answered(APP, status=404, public=0))

    async def judge() -> object:
        return try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)

    return await seconds(judge, ROUNDS)
