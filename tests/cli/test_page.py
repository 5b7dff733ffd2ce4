"""Lines for a terminal: as wide as it is, commands whole, nothing of others' taken for markup."""

import pytest
from rich.cells import cell_len

from bot.cli.page import BLANK, Line, command, height, labelled, shown, under
from bot.cli.tty import columns
from bot.core.model.marked import mark, mark_command

AZ = "az network application-gateway probe update -g rg-web --gateway-name agw-test -n probe"
SENTENCE = (
    "The health probe asks for a host name that the server is not bound to, so it fails. " * 3
)


def rows(*lines: Line, width: int = 40) -> list[str]:
    return shown(lines, colour=False, width=width).split("\n")


@pytest.mark.parametrize("width", [40, 80, 120])
def test_a_paragraph_fills_the_width_and_stands_beside_its_label(width: int) -> None:
    first, *others = rows(labelled("Fault", SENTENCE), width=width)
    assert first.startswith("Fault         The health probe")
    assert all(it.startswith(" " * 14) and it[14] != " " for it in others)
    assert all(len(it) <= width for it in (first, *others))
    assert " ".join(it[14:] for it in (first, *others)) == SENTENCE.strip()
    assert all(
        len(f"{it} {then[14:].split()[0]}") > width
        for it, then in zip((first, *others), others, strict=False)
    )


def test_a_command_is_never_broken() -> None:
    assert rows(command(AZ)) == [f"  {AZ}"]
    told = rows(under(f"Do this: {mark_command(AZ)} and look."))
    assert told == [" " * 14 + "Do this:", " " * 14 + AZ, " " * 14 + "and look."]


def test_a_word_that_is_too_long_stays_whole() -> None:
    url = "https://learn.microsoft.com/azure/application-gateway/" + "x" * 40
    assert rows(Line(f"see {url} there", "- ")) == ["- see", f"  {url}", "  there"]


@pytest.mark.parametrize(
    "text", [SENTENCE, "a  b " * 40, f"x {'y' * 90} z {'w' * 50} " * 2, "x" * 90]
)
def test_text_that_is_ascii_is_broken_like_any_other(text: str) -> None:
    told = rows(Line(f"{text}\u00e9", "- "))
    assert [it.replace("\u00e9", "e") for it in told] == rows(Line(f"{text}e", "- "))


@pytest.mark.parametrize("letter", ["x", "\u00e9"])
@pytest.mark.parametrize("length", [25, 60, 400])
def test_beside_a_long_name_there_is_still_room(length: int, letter: str) -> None:
    name = letter * length
    told = rows(Line(SENTENCE, f"  gateway has {name}: "))
    assert " ".join(" ".join(told).split()) == f"gateway has {name}: {SENTENCE}".strip()
    assert len(told) < 12
    assert all(it.startswith("  ") and it[2] != " " for it in told)


def test_wide_characters_count_as_wide() -> None:
    told = rows(Line("\u7db2\u7ad9 " * 20, "- "))
    assert len(told) > 2
    assert all(cell_len(it) <= 40 for it in told)


def test_what_comes_from_outside_is_no_markup_and_moves_nothing() -> None:
    name = "[bold red]x[/] [link=http://evil.example]y[/link] :smile: \x1b]8;;http://e\x07\u202e"
    (told,) = rows(Line(mark(name), f"{name} "), width=300)
    assert (
        told.count("[bold red]x[/] [link=http://evil.example]y[/link] :smile:  ]8;;http://e") == 2
    )
    assert told.isprintable()
    (coloured,) = shown([Line(name, style="bold")], colour=True, width=300).split("\n")
    assert coloured.startswith("\x1b[1m[bold red]x[/]")
    assert coloured.count("\x1b") == 2


def test_colours_are_beside_the_words_and_can_be_left_out() -> None:
    line = Line("agw-test", "FAULT  ", "bold", "bold red")
    assert shown([line], colour=True, width=80) == "\x1b[1;31mFAULT  \x1b[0m\x1b[1magw-test\x1b[0m"
    assert shown([line], colour=False, width=80) == "FAULT  agw-test"


def test_rows_are_counted_as_a_terminal_shows_them() -> None:
    assert height([BLANK, Line("x"), Line(SENTENCE)], 80) == 2 + len(rows(Line(SENTENCE), width=80))
    assert height([command("x" * 78), command("x" * 79)], 80) == 3


@pytest.mark.parametrize(("said", "wide"), [("132", 132), ("7", 40), ("", 100), ("wide", 100)])
def test_the_width_without_a_terminal(
    said: str, wide: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", said)
    monkeypatch.setattr("sys.__stdout__", None)
    assert columns() == wide
