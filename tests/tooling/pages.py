"""`make docs`: everything that the README leads to as pages, in a folder `site`; a link that leads nowhere fails."""

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.tooling.tree import ROOT, tracked_files

CONFIGURATION = ROOT / "docs" / "zensical.toml"
SITE = ROOT / "site"
FIRST = "README.md"

_CODE = re.compile(r"^```.*?^```|^ {4}.*?$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?![a-z]+:)([^)\s#]*)(?:#([^)\s]+))?\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Where the links of a page lead within the tree: file or folder, and the heading, if one is named."""
    text = page.read_text(encoding="utf-8")
    for path, anchor in _LINK.findall(_CODE.sub("", text)):
        yield ((page.parent / path).resolve() if path else page), anchor


def anchors(page: Path) -> set[str]:
    """The names of a page's headings, as GitHub makes them of their texts."""
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        for heading in _HEADING.findall(text)
    }


def dead_links(page: Path) -> list[str]:
    """The links of a page that lead to no file, or to no heading of a page."""
    return [
        f"{path.name}#{anchor}" if anchor else path.name
        for path, anchor in links(page)
        if not path.exists() or (anchor and path.suffix == ".md" and anchor not in anchors(path))
    ]


def reached(first: Path = ROOT / FIRST) -> set[Path]:
    """The first page and all that it leads to, page after page; of a folder every tracked file."""
    found: set[Path] = set()
    waiting = [first]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        if path.is_dir():
            waiting += [it for it in tracked_files() if path in it.parents]
            continue
        found.add(path)
        if path.suffix == ".md":
            waiting += [it for it, _ in links(path) if it.exists()]
    return found


def build(files: set[Path], root: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Make pages of these files in `site`, with their places in the tree; warnings are errors."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in files:
            copy = folder / "src" / file.relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)
        shutil.copy(CONFIGURATION, folder)
        ran = subprocess.run(
            [sys.executable, "-m", "zensical", "build", "--strict"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if ran.returncode == 0:
            shutil.rmtree(site, ignore_errors=True)
            shutil.move(folder / "site", site)
    return ran


def main() -> int:
    """Build, and say where the pages are."""
    ran = build(reached(), ROOT, SITE)
    if ran.returncode:
        print(ran.stdout, ran.stderr, file=sys.stderr)
        return 1
    print(f"The pages are in {SITE.relative_to(ROOT)}/: open index.html there.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
