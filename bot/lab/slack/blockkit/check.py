"""The two validators of blocks, and the rules about a whole message that neither of them has."""

from collections.abc import Iterator
from typing import Any, Literal

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from bot.lab.slack.blockkit.blocks import BLOCKS
from bot.lab.slack.blockkit.slots import Items, Object
from bot.lab.slack.blockkit.structure import fault, faults
from bot.lab.slack.blockkit.walk import interactive, located
from bot.lab.values import Json

Surface = Literal["message", "modal", "home"]

# https://docs.slack.dev/reference/block-kit/blocks: "Available in surfaces" of each block.
_ELSEWHERE: dict[Surface, frozenset[str]] = {
    "message": frozenset({"alert"}),
    "modal": frozenset({"markdown", "table", "task_card", "plan", "context_actions"}),
    "home": frozenset({"markdown", "table", "task_card", "plan", "context_actions", "alert"}),
}
_MOST: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}

# https://docs.slack.dev/reference/block-kit/blocks/markdown-block (cumulative), .../table-block
_MARKDOWN_TOTAL = 12_000
_TABLE_TOTAL = 10_000


def block_faults(blocks: Any, surface: Surface, pointer: str = "/blocks") -> list[str]:
    """Everything for which Slack would refuse these blocks there, each with a JSON pointer."""
    least = 0 if surface == "message" else 1
    found = list(faults(blocks, Items(Object(tuple(BLOCKS)), _MOST[surface], least), pointer))
    if found:
        return found
    for index, block in enumerate(blocks):
        found += _model_faults(block, f"{pointer}/{index}")
    return [*found, *_whole(blocks, surface, pointer)]


def _model_faults(block: Json, pointer: str) -> Iterator[str]:
    """What slack_sdk's own models object to; they raise TypeError and KeyError for malformed JSON."""
    try:
        model = Block.parse(block)
        if model is None:
            yield fault(f"unsupported type: {block['type']}", pointer)
        else:
            model.to_dict()
    except (SlackObjectFormationError, TypeError, KeyError) as error:
        yield fault(str(error), pointer)


def _whole(blocks: list[Json], surface: Surface, pointer: str) -> Iterator[str]:
    """Rules about all the blocks together, those inside containers included."""
    placed = list(located(blocks, pointer))
    seen: set[str | None] = set()
    for here, block in placed:
        if block["type"] in _ELSEWHERE[surface]:
            yield fault(f"unsupported type: {block['type']}", f"{here}/type")
        block_id = block.get("block_id")
        if block_id is not None and block_id in seen:
            yield fault(f"block_id {block_id} already exists", f"{here}/block_id")
        seen.add(block_id)
        yield from _repeated_actions(block, here)
    yield from _totals([block for _, block in placed], pointer)


def _totals(blocks: list[Json], pointer: str) -> Iterator[str]:
    tables = [block for block in blocks if block["type"] == "table"]
    if len(tables) > 1:
        yield fault("only one table is allowed", pointer)
    if sum(_length(table["rows"]) for table in tables) > _TABLE_TOTAL:
        yield fault(f"tables must be less than {_TABLE_TOTAL + 1} characters in total", pointer)
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > _MARKDOWN_TOTAL:
        yield fault(f"markdown must be less than {_MARKDOWN_TOTAL + 1} characters", pointer)


def _repeated_actions(block: Json, pointer: str) -> Iterator[str]:
    """Slack rejects the whole message for two elements of a block with the same `action_id`."""
    seen: set[str | None] = set()
    for element in interactive(block):
        action_id = element.get("action_id")
        if action_id is not None and action_id in seen:
            yield fault(f"action_id {action_id} already exists in this block", pointer)
        seen.add(action_id)


def _length(value: Any) -> int:
    """The number of characters of text anywhere inside, as a table's total counts them."""
    if isinstance(value, list):
        return sum(_length(item) for item in value)
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        return own + _length(value.get("elements", []))
    return 0
