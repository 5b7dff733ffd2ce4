"""What the documents name is there: files, commands of make, settings, and every room."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.arguments import parser
from bot.core.problem import Problem
from tests.tooling.tree import ROOT

GUIDES = ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")
PAGES = tuple(f"docs/{page.name}" for page in sorted((ROOT / "docs").glob("*.md")))
DOCUMENTS = (*GUIDES, "README.md", *PAGES)
PLACEHOLDER = "NAME"
"""Stands for the name of what somebody adds: at least one file has to fit."""

_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\((?!https?://)([^)\s#]+)[^)]*\)")
_PATH = re.compile(r"\S*/\S*|\S+\.(?:py|md|toml|yml|lock)")
# The folders and files that a command names, not what is made by it.
_IN_COMMAND = re.compile(r"(?<![\w./])(?:bot|handlers|tests|docs)/\S+")


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def named_paths(text: str) -> Iterator[str]:
    """What stands in backticks and looks like a path; where links lead; paths in blocks of commands."""
    yield from (word for code in _CODE.findall(text) for word in _PATH.findall(code))
    yield from _LINK.findall(text)
    for line in text.splitlines():
        if line.startswith("    "):
            yield from _IN_COMMAND.findall(line)


def missing_paths(text: str, root: Path = ROOT) -> list[str]:
    """The paths that lead nowhere."""
    return [path for path in named_paths(text) if not any(root.glob(as_pattern(path)))]


def as_pattern(path: str) -> str:
    return path.rstrip("/").replace(PLACEHOLDER, "*")


def missing_targets(text: str) -> set[str]:
    """The commands of make that are named and do not exist."""
    makefile = text_of("Makefile")
    named = re.findall(r"(?:`|^ {4})make ([a-z][\w-]*)", text, re.MULTILINE)
    return set(named) - set(re.findall(r"^([a-z][\w-]*):", makefile, re.MULTILINE))


def unnamed_rooms(text: str, root: Path = ROOT) -> list[str]:
    """The packages of the bot and of its core that a text does not name."""
    packages = [*root.glob("bot/*/__init__.py"), *root.glob("bot/core/*/__init__.py")]
    rooms = sorted(f"{it.parent.relative_to(root)}/" for it in packages)
    return [room for room in rooms if f"`{room}`" not in text]


@pytest.mark.parametrize("document", GUIDES)
def test_every_path_that_a_guide_names_exists(document: str) -> None:
    text = text_of(document)
    assert len(list(named_paths(text))) > 20
    assert missing_paths(text) == []


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    folder = (ROOT / document).parent
    links = _LINK.findall(text_of(document))
    assert [path for path in links if not (folder / path).exists()] == []


def test_every_page_is_reached_from_the_readme() -> None:
    assert set(PAGES) <= set(_LINK.findall(text_of("README.md")))
    assert len(PAGES) > 8


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_command_exists(document: str) -> None:
    assert missing_targets(text_of(document)) == set()


def test_every_room_is_shown() -> None:
    assert unnamed_rooms(text_of("ARCHITECTURE.md")) == []


def settings_in(document: str) -> set[str]:
    return set(re.findall(r"`((?:AGW|SLACK)_[A-Z_]+)\b", text_of(document)))


def test_every_setting_has_its_line_and_nothing_else_is_called_one() -> None:
    settings = set(re.findall(r'"((?:AGW|SLACK)_[A-Z_]+)"', text_of("bot/settings.py")))
    assert len(settings) > 15
    assert settings_in("docs/settings.md") == settings
    for document in DOCUMENTS:
        assert settings_in(document) <= settings, document


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_of_ours_is_one(document: str) -> None:
    """As a person would type it: what the parser refuses is bad use."""
    for command in our_commands(text_of(document)):
        parser().parse_args(command[1:])


def test_a_command_that_is_none_is_found() -> None:
    assert our_commands("    X=1 agw serve > log   # runs\n") == [["agw", "serve"]]
    (wrong,) = our_commands("    /opt/agw/bin/agw dianose agw-prod\n")
    with pytest.raises(Problem, match="dianose"):
        parser().parse_args(wrong[1:])


def our_commands(text: str) -> list[list[str]]:
    """The lines of indented blocks that start `agw`, as words, without where a shell writes its output."""
    lines = [line for line in text.splitlines() if line.startswith("    ")]
    found = (re.match(r"\s+(?:\w+=\S+ )*(?:\S*/)?(agw [a-z][^>]*)", line) for line in lines)
    return [shlex.split(it[1], comments=True) for it in found if it is not None]


def test_whatever_security_promises_names_what_tests_it() -> None:
    """Each row of the tables of people and of promises names a test."""
    text = text_of("SECURITY.md")
    tables = [table_under(text, it) for it in ("## Who may do what", "## One approval, one change")]
    rows = [row for table in tables for row in table]
    assert len(rows) > 12
    assert [row for row in rows if "`tests/" not in row] == []


def table_under(text: str, title: str) -> list[str]:
    """The rows of the table in the section with this title."""
    section = text.split(f"{title}\n")[1].split("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("| ")][1:]


@pytest.mark.parametrize(
    "text",
    [
        "see `bot/nowhere.py`",
        "see `bot/nowhere/`",
        "see `nowhere.md`",
        "run `agw lab` on `tests/core/rules/nowhere_NAME.py`",
        "see [there](nowhere.md#part)",
        "    .venv/bin/python -m pytest tests/nowhere -k NAME",
        "`bot/core/problem.py` and then `bot/core/nowhere.toml`",
    ],
)
def test_a_path_that_leads_nowhere_is_found(text: str) -> None:
    (missing,) = missing_paths(text)
    assert "nowhere" in missing


@pytest.mark.parametrize(
    "text",
    [
        "`bot/core/`, `bot/core`, `README.md`, [r](README.md#install), [web](https://example.com/a.md)",
        "`bot/core/rules/NAME.py` by `make lock`, `RULE` or `agw lab --list`",
        "    .venv/bin/python -m pytest tests/core/rules",
    ],
)
def test_what_exists_is_not_missed(text: str) -> None:
    assert missing_paths(text) == []


def test_a_command_or_a_room_that_is_missing_is_found() -> None:
    assert missing_targets("`make test`, `make nothing`\n    make neither\n") == {
        "nothing",
        "neither",
    }
    assert "bot/core/rules/" in unnamed_rooms("`bot/core/`")
