"""No Bicep parser can be had from Python: the shape is checked, brackets, quotes and names of properties."""

import re

from bot.core.code import bicep
from tests.core.code.changes import GATEWAY, PARTS

TEXT = bicep.text(GATEWAY, PARTS)
STRINGS = re.compile(r"'(?:[^'\\]|\\.)*'")


def test_every_bracket_is_closed_by_its_own_and_every_string_ends() -> None:
    bare = STRINGS.sub("", TEXT.partition("\n")[2])
    assert "'" not in bare
    open_ones: list[str] = []
    for ch in re.findall(r"[\[\]{}]", bare):
        if ch in "[{":
            open_ones.append(ch)
        else:
            assert open_ones.pop() + ch in ("[]", "{}")
    assert not open_ones


def test_every_line_is_an_entry_a_property_or_a_bracket() -> None:
    bare = STRINGS.sub("s", TEXT).splitlines()
    assert bare[1] == "resource gateway s = {"
    shape = re.compile(r" *(?:[A-Za-z]\w*: (?:s|\d+|true|false|null|[\[{])|s|[\[{\]}])")
    assert all(shape.fullmatch(line) for line in bare[2:])


def test_nothing_in_a_string_is_filled_in_or_ends_it() -> None:
    assert "'it\\'s \\${a} \"b\" %{c}'" in TEXT
    assert bicep.quoted("a\\b\nc") == "'a\\\\bc'"


def test_a_key_that_is_no_identifier_is_quoted() -> None:
    assert list(bicep._lines({"a-b": 1})) == ["{", "  'a-b': 1", "}"]


def test_every_part_stands_in_its_own_collection() -> None:
    for part in PARTS:
        section = TEXT.partition(f"    {part.collection}: [")[2].partition("\n    ]")[0]
        assert f"name: '{part.name}'" in section
        assert all(f"          {field}: " in section for field in part.values)
