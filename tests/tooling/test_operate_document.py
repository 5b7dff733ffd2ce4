"""The tables of docs/operate.md are those of the code. That of the metrics: `tests/cli/test_metrics.py`."""

import re

from bot.azure.clouds import CLOUDS
from bot.setting_values import SLACKS
from tests.tooling.tree import ROOT

TEXT = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")


def rows(title: str) -> list[tuple[str, ...]]:
    """The cells of the table whose head begins with this cell, without the marks of code."""
    table = TEXT.partition(f"\n| {title} |")[2].partition("\n\n")[0]
    return [
        tuple(cell.strip().strip("`") for cell in line.strip("|").split("|"))
        for line in table.splitlines()[2:]
    ]


def test_the_clouds() -> None:
    assert rows("cloud") == [(it.name, it.arm, it.authority, it.scope) for it in CLOUDS]


def test_the_slacks() -> None:
    assert [(name, base) for name, base, _ in rows("Slack")] == [*SLACKS.items()]


def test_every_link_to_a_section_leads_to_one() -> None:
    pages = (it.read_text(encoding="utf-8") for it in (ROOT / "docs").glob("*.md"))
    wanted = {it for text in pages for it in re.findall(r"\(operate\.md#([\w-]+)\)", text)}
    titles = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", it).lower().replace(" ", "-") for it in titles}
    assert wanted
    assert wanted <= anchors
