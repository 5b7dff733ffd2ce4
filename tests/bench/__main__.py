"""`make bench`: what costs how much, as ratios within one run, because seconds of one machine say little of another.

Each figure is the median of a few rounds. Nothing is asserted: the table is for people who change something.
"""

import asyncio

from bot.lab.guard import loopback_only
from tests.bench import card, connections, diagnosis, hostile, judging, start
from tests.bench.measure import Ratio


async def everything() -> list[Ratio]:
    """Every comparison, one after another: side by side they would disturb each other."""
    return [
        *await diagnosis.one_server_and_many(),
        *await card.card_and_diagnosis(),
        *await card.first_answer_and_card(),
        *await start.help_and_diagnosis(),
        *await hostile.turns(),
    ]


def table(ratios: list[Ratio]) -> str:
    """One line for each comparison."""
    width = max(len(ratio.what) for ratio in ratios)
    head = f"{'':<{width}}  {'ratio':>7}  {'takes':>10}  {'against':>10}"
    return "\n".join([head, *(ratio.line(width) for ratio in ratios)])


if __name__ == "__main__":
    with loopback_only():
        print(table(asyncio.run(everything())))
        print("\n".join(judging.lines()))
        print("\n".join(connections.lines(connections.corpus())))
