"""The documents as pages: each link and each heading that one names is there, in the tree and in the pages."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.tooling.pages import CONFIGURATION, FIRST, anchors, build, dead_links, reached
from tests.tooling.tree import ROOT

PAGES = sorted(it for it in reached() if it.suffix == ".md")


def test_every_document_is_reached() -> None:
    assert {*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")} <= set(PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda it: str(it.relative_to(ROOT)))
def test_every_link_and_anchor_leads_somewhere(page: Path) -> None:
    assert dead_links(page) == []


def test_a_link_that_leads_nowhere_is_found(tmp_path: Path) -> None:
    page = tmp_path / "README.md"
    page.write_text(
        "# One, two\n[a](#one-two) [b](#two) [c](b.md) [d](b.md#there) [e](c.md)"
        " `[f](f.md)` [g](https://example.com/#x)\n"
    )
    (tmp_path / "b.md").write_text("# Here\n")
    assert dead_links(page) == ["README.md#two", "b.md#there", "c.md"]
    assert anchors(page) == {"one-two"}


def test_every_page_has_its_place_in_the_navigation() -> None:
    text = CONFIGURATION.read_text(encoding="utf-8")
    assert tomllib.loads(text)
    assert set(re.findall(r'= "(\S+\.md)"', text)) == {str(it.relative_to(ROOT)) for it in PAGES}


def test_the_pages_are_made_and_fetch_nothing_from_elsewhere(tmp_path: Path) -> None:
    site = tmp_path / "site"
    ran = build(reached(), ROOT, site)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    shown = (site / "docs" / "audit" / "index.html").read_text(encoding="utf-8")
    assert 'id="keep-the-head-elsewhere"' in shown
    assert (
        re.findall(r'<(?:script|img)[^>]+src="?https?:|<link[^>]+stylesheet[^>]+https?:', shown)
        == []
    )


@pytest.mark.parametrize("link", ["nowhere.md", "docs/audit.md#nowhere"])
def test_a_dead_link_ends_the_making(link: str, tmp_path: Path) -> None:
    first, other = tmp_path / FIRST, tmp_path / "docs" / "audit.md"
    other.parent.mkdir()
    other.write_text("# Audit\n")
    first.write_text(f"# agw\n\n[there]({link})\n")
    ran = build({first, other}, tmp_path, tmp_path / "site")
    assert ran.returncode != 0
    assert not (tmp_path / "site").exists()
