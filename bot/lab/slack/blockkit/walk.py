"""Ways through a list of blocks: containers opened, elements found, missing ids given."""

from collections.abc import Iterator

from bot.lab.slack.clock import new_id
from bot.lab.values import Json


def located(blocks: list[Json], pointer: str) -> Iterator[tuple[str, Json]]:
    """Every block with its JSON pointer, containers before their children."""
    for index, block in enumerate(blocks):
        here = f"{pointer}/{index}"
        yield here, block
        yield from located(block.get("child_blocks", []), f"{here}/child_blocks")


def interactive(block: Json) -> list[Json]:
    """The elements of one block that a person can use: buttons, menus, inputs."""
    parts = [block.get("accessory"), block.get("element")]
    if block["type"] in ("actions", "context_actions"):
        parts += block["elements"]
    elif block["type"] == "card":
        parts += block.get("actions", [])
    return [part for part in parts if part is not None and part["type"] != "image"]


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every usable element of these blocks, with the block that holds it."""
    for _, block in located(blocks, ""):
        for element in interactive(block):
            yield block, element


def with_ids(blocks: list[Json]) -> list[Json]:
    """The same valid blocks, with the `block_id`s and `action_id`s that Slack adds."""
    return [_with_id(block) for block in blocks]


def _with_id(block: Json) -> Json:
    named: Json = {"block_id": new_id("b")} | block
    if "child_blocks" in block:
        named["child_blocks"] = with_ids(block["child_blocks"])
    for key in ("accessory", "element"):
        if key in block:
            named[key] = _with_action_id(block[key])
    for key in ("elements", "actions"):
        if key in block and block["type"] in ("actions", "context_actions", "card"):
            named[key] = [_with_action_id(element) for element in block[key]]
    return named


def _with_action_id(element: Json) -> Json:
    return element if element["type"] == "image" else {"action_id": new_id("a")} | element
