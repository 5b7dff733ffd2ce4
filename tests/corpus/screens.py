"""Does every card fit one phone screen? All cards of a test process, measured in one page of one browser."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.lab.slack import Limits, SlackWorkspace
from handlers.blocks.kit import Message
from tests.browser import open_page
from tests.handlers.valid import check
from tests.lab.page.steps import at, enter, send, visible
from tests.lab.slack.apps import client_of

WIDTH, HEIGHT = 390, 844
ONE_LINE = 40
"""Pixels: a button whose label takes two lines is higher. Slack would cut it."""

_SEEN = """((selector) => {
    const card = document.querySelector(selector);
    const high = (node) => node.getBoundingClientRect().height;
    return {
        height: high(card),
        room: document.querySelector(".channel .messages").clientHeight,
        wide: card.scrollWidth > card.clientWidth,
        wrapped: [...card.querySelectorAll(".button")]
            .filter((node) => high(node) > ONE_LINE).map((node) => node.textContent),
    };
})"""


@dataclass(slots=True)
class Screens:
    """The cards to be measured, each under the name of its scenario."""

    cards: dict[str, Message] = field(default_factory=dict)

    def add(self, name: str, card: Message) -> None:
        """Look at it later; that Slack takes it is asserted at once."""
        check(card)
        self.cards[name] = card

    async def misfits(self) -> list[str]:
        """What is wrong with the cards on a phone, in sentences."""
        async with (
            SlackWorkspace.open(limits=Limits(rate_limited=False)) as slack,
            open_page(WIDTH, HEIGHT) as page,
        ):
            await enter(page, slack)
            client, found = client_of(slack), list[str]()
            for name, card in self.cards.items():
                ts = await send(client, *card.blocks, text=card.text)
                await visible(page, at(ts))
                script = f"{_SEEN.replace('ONE_LINE', str(ONE_LINE))}({json.dumps(at(ts))})"
                found += [f"{name}: {it}" for it in _wrong(await page.evaluate(script))]
            return [*found, *page.errors]


def _wrong(seen: dict[str, Any]) -> Iterator[str]:
    if seen["height"] > seen["room"]:
        yield f"{seen['height']:.0f} px high, and there is room for {seen['room']}"
    if seen["wide"]:
        yield "wider than the screen"
    for label in seen["wrapped"]:
        yield f"the button {label!r} takes two lines"
