"""A scenario's whole story, played by the lab's people: nothing here looks into the bot.

Each step is confirmed in the lab's Slack and in the lab's Azure, or the play ends there.
"""

from collections.abc import Callable
from typing import Any

from bot.lab.approving import approve
from bot.lab.azure import all_healthy, any_unhealthy
from bot.lab.values import Json
from bot.lab.world import CHANNEL, World

ASKS = "U0ADA"
Say = Callable[[str], None]


class PlayFailed(Exception):
    """The story did not go as the scenario says; the text says where."""


async def play(world: World, say: Say, timeout: float = 60.0) -> None:
    """Report, diagnosis, approval, change, healthy, undo, unhealthy again.

    `timeout` is in seconds, for each step. Raises PlayFailed.
    """
    expected = world.scenario.expected
    player = _Player(world, say, timeout)
    await player.report(expected.gateway)
    if expected.option is None or not expected.heals:
        await player.diagnosed_only(expected.option)
        return
    card = await player.diagnosed(expected.option)
    await player.approve(card, expected.option)
    await player.healthy(expected.gateway)
    await player.undo(card)
    await player.unhealthy(expected.gateway)


class _Player:
    def __init__(self, world: World, say: Say, timeout: float) -> None:
        self._world = world
        self._say = say
        self._timeout = timeout
        self._ts = ""

    async def report(self, gateway: str) -> None:
        await self._world.slack.wait_connected(self._timeout)
        await self._world.azure.wait_health(
            gateway, lambda lines: all(it.health for it in lines), self._timeout
        )
        await self._world.slack.post(ASKS, CHANNEL, f"502 from gateway {gateway}")
        self._say(f'reported: "502 from gateway {gateway}"')

    async def diagnosed(self, option: str) -> Json:
        card = await self._card(f"approve_{option}")
        self._ts = str(card["ts"])
        first = str(card.get("text", "")).splitlines()[0]
        self._say(f"diagnosed: {first}")
        return card

    async def diagnosed_only(self, option: str | None) -> None:
        """The story ends with the card. An option that heals a part of it may have its button."""
        card = await self._card("diagnose_again")
        if option is None and any(action.startswith("approve_") for action in _actions(card)):
            raise PlayFailed("a change is offered although none would help")
        self._say(f"diagnosed: {str(card.get('text', '')).splitlines()[0]}")

    async def approve(self, card: Json, option: str) -> None:
        action = f"approve_{option}"
        try:
            submitted = await approve(
                self._world.slack, ASKS, CHANNEL, card["ts"], action, timeout=self._timeout
            )
        except TimeoutError as error:
            raise PlayFailed(f"nothing came of the button {action}") from error
        if not submitted:
            raise PlayFailed(f"{ASKS} may not press {action}")
        self._say(f"approved: {option}")

    async def healthy(self, gateway: str) -> None:
        await self._azure(gateway, "healthy")
        self._counted(1)
        await self._card("undo")
        self._say(f"changed: {gateway} reports its backends healthy; exactly one PUT")

    async def undo(self, card: Json) -> None:
        await self._world.slack.click(ASKS, CHANNEL, card["ts"], "undo")
        self._say("undo requested")

    async def unhealthy(self, gateway: str) -> None:
        await self._azure(gateway, "unhealthy")
        self._counted(2)
        await self._settled()
        self._say(f"undone: {gateway} reports its backends unhealthy again; one more PUT")

    async def _azure(self, gateway: str, wanted: str) -> None:
        predicate = all_healthy if wanted == "healthy" else any_unhealthy
        try:
            await self._world.azure.wait_health(gateway, predicate, self._timeout)
        except TimeoutError as error:
            raise PlayFailed(f"{gateway} did not turn {wanted}") from error

    def _counted(self, puts: int) -> None:
        found = sum(1 for request in self._world.azure.requests if request.method == "PUT")
        if found != puts:
            raise PlayFailed(f"{found} PUTs were sent, not {puts}")

    async def _card(self, action: str) -> Json:
        """The bot's newest message in the channel that has this button."""

        def found() -> Json | None:
            messages = self._world.slack.messages(CHANNEL)
            return next((it for it in reversed(messages) if action in _actions(it)), None)

        return dict(await self._seen(found, f"no card with the button {action}"))

    async def _settled(self) -> None:
        """The thread says how the undo ended."""

        def undone() -> bool:
            return any(
                "undone" in str(message.get("text", "")).lower()
                for message in self._world.slack.messages(CHANNEL, self._ts)
            )

        await self._seen(undone, "nobody was told how the undo ended")

    async def _seen(self, look: Callable[[], Any], otherwise: str) -> Any:
        try:
            return await self._world.slack.wait_for(look, timeout=self._timeout)
        except TimeoutError as error:
            raise PlayFailed(f"{otherwise}\n{self._world.slack.transcript()}") from error


def _actions(message: Json) -> list[str]:
    return [
        str(element.get("action_id", ""))
        for block in message.get("blocks") or []
        for element in block.get("elements") or []
    ]
