"""The fragments are Bicep, read here by a real parser, and say what the edits say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.code import bicep
from bot.core.code.touched import Part
from tests.core.code.changes import GATEWAY, PARTS
from tests.core.code.reading_bicep import resource

NASTY = st.text(st.characters(codec="utf-8") | st.sampled_from("'\\${}%\"\n\r\t"), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 86400) | NASTY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NASTY, inner, max_size=3),
    max_leaves=8,
)


def told(parts: tuple[Part, ...]) -> dict[str, Any]:
    """What the fragment has to say, as ARM would."""
    collections: dict[str, list[Any]] = {}
    for part in parts:
        entry = {"name": part.name, "properties": dict(part.values)}
        collections.setdefault(part.collection, []).append(entry)
    return {"name": GATEWAY.name, "properties": collections}


def printable(value: Any) -> Any:
    """Without the characters that no fragment takes over."""
    match value:
        case str():
            return "".join(ch for ch in value if ch.isprintable())
        case list():
            return [printable(it) for it in value]
        case dict():
            return {printable(key): printable(it) for key, it in value.items()}
    return value


def test_it_says_what_the_edits_say() -> None:
    assert resource(bicep.text(GATEWAY, PARTS)) == told(PARTS)


@given(NASTY, VALUES)
def test_every_name_and_value_comes_back_as_it_was(name: str, value: Any) -> None:
    part = Part("probes", name, True, {"path": value, "host": name})
    assert resource(bicep.text(GATEWAY, (part,))) == printable(told((part,)))


@pytest.mark.parametrize("broken", ["name: 'it's'", "name: [", "name: '${gateway.id}'"])
def test_what_is_no_bicep_or_is_filled_in_is_found(broken: str) -> None:
    with pytest.raises(AssertionError):
        resource(f"resource gateway 'a@1' = {{\n  {broken}\n}}\n")
