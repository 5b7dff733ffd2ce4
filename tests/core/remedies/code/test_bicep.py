"""The fragments are Bicep, read here by a real parser, and say what the edits say."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arm.document import GATEWAY_API_VERSION
from bot.core.remedies.code import bicep
from bot.core.remedies.code.touched import TouchedEntry
from tests.core.remedies.code.changes import GATEWAY, PARTS
from tests.core.remedies.code.reading_bicep import resource

NASTY = st.text(st.characters(codec="utf-8") | st.sampled_from("'\\${}%\"\n\r\t"), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 86400) | NASTY,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NASTY, inner, max_size=3),
    max_leaves=8,
)


def told(parts: tuple[TouchedEntry, ...]) -> dict[str, Any]:
    """What the fragment has to say, as ARM would."""
    collections: dict[str, list[Any]] = {}
    for part in parts:
        entry = {"name": part.name, "properties": dict(part.values)}
        collections.setdefault(part.collection, []).append(entry)
    return {"name": GATEWAY.name, "properties": collections}


def test_it_says_what_the_edits_say() -> None:
    assert resource(bicep.text(GATEWAY, PARTS)) == told(PARTS)


def test_it_names_the_version_in_which_gateways_are_written() -> None:
    assert f"applicationGateways@{GATEWAY_API_VERSION}' = {{" in bicep.text(GATEWAY, PARTS)


@given(NASTY, VALUES)
def test_every_name_and_value_comes_back_as_it_was(name: str, value: Any) -> None:
    part = TouchedEntry("probes", name, True, {"path": value, "host": name})
    assert resource(bicep.text(GATEWAY, (part,))) == told((part,))


def test_what_cannot_be_seen_is_written_as_its_number() -> None:
    assert bicep.quoted("a\n\u00a0\u200b") == r"'a\u{a}\u{a0}\u{200b}'"
    assert "\n" not in bicep.quoted("a\nb")


@pytest.mark.parametrize("broken", ["name: 'it's'", "name: [", "name: '${gateway.id}'"])
def test_what_is_no_bicep_or_is_filled_in_is_found(broken: str) -> None:
    with pytest.raises(AssertionError):
        resource(f"resource gateway 'a@1' = {{\n  {broken}\n}}\n")
