"""One diagnosis makes no more connections than it may, whatever would be worth making, and says what it left out."""

from collections.abc import Callable, Iterable, Sequence

from bot.core.case.attempts import MOST_ATTEMPTS
from bot.core.model.certificate import Certificate
from bot.core.model.observation import Attempt, NotTried, Observation
from bot.probe import NetworkProber
from bot.workflow.connecting import MOST, Connections
from tests.core.make import case

GATEWAY = case().gateway


class CountingProber(NetworkProber):
    """Remembers what it was asked for, and has no time for it."""

    def __init__(self) -> None:
        super().__init__({}, loopback_only=True)
        self.asked: list[int] = []

    async def observe(
        self,
        attempts: Sequence[Attempt],
        anchors: Iterable[Certificate],
        timeout: float,
        done: Callable[[Observation], None] | None = None,
    ) -> tuple[Observation, ...]:
        self.asked.append(len(attempts))
        return await super().observe(attempts, anchors, 0.0, done)


def attempts(count: int, port: int) -> tuple[Attempt, ...]:
    """As many, each to another server."""
    return tuple(
        Attempt(f"10.1.{it // 250}.{it % 250}", port, False, None, "a", "/") for it in range(count)
    )


async def test_no_step_takes_more_than_is_left() -> None:
    prober = CountingProber()
    connections = Connections(prober, probe=True)
    assert len(await connections.first(attempts(1_200, 80), GATEWAY, 1)) == MOST_ATTEMPTS
    for port in range(81, 90):
        await connections.further(attempts(1_200, port), GATEWAY, 1)
    assert prober.asked[:4] == [240, 30, 15, 7]
    assert sum(prober.asked) <= MOST
    assert connections.note is not None
    assert connections.note.startswith(f"{10 * 1_200 - sum(prober.asked):d} further connections")


async def test_what_is_made_later_is_not_told_as_left_out() -> None:
    connections = Connections(CountingProber(), probe=True)
    wanted = attempts(61, 80)
    await connections.further(wanted, GATEWAY, 1)
    assert connections.note == (
        "1 further connection was not made: one diagnosis makes at most 300."
    )
    await connections.further(wanted[60:], GATEWAY, 1)
    assert connections.note is None


async def test_the_members_that_only_azure_knows_have_their_room() -> None:
    prober = CountingProber()
    connections = Connections(prober, probe=True)
    await connections.first(attempts(240, 80), GATEWAY, 1)
    await connections.first(attempts(240, 81), GATEWAY, 1)
    assert prober.asked == [240, 30]


async def test_without_probing_everything_is_told_as_not_tried() -> None:
    connections = Connections(CountingProber(), probe=False)
    found = await connections.first(attempts(500, 80), GATEWAY, 1)
    assert len(found) == 500
    assert all(isinstance(it.outcome, NotTried) for it in found)
    assert connections.note is None
