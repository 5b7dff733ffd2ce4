"""axe-core in a page of the browser: what people with screen readers, or with poor eyes, would stumble over.

https://github.com/dequelabs/axe-core (MPL-2.0), the file that axe-core-python carries.
"""

from importlib.resources import files
from typing import Any

from tests.browser import Page

SOURCE = (files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")

_RUN = """axe.run(document, {resultTypes: ["violations"]}).then(({violations}) => violations.map(
    ({id, nodes}) => [id, nodes.map((node) => `${node.target}: ${node.failureSummary}`)]))"""


async def violations(page: Page, width: int, height: int) -> list[str]:
    """What axe finds on the page as it stands, by light and by dark."""
    if not await page.evaluate("typeof axe === 'object'"):
        await page.evaluate(SOURCE)
    found: list[str] = []
    for dark in (False, True):
        await page.look(width, height, dark=dark)
        # What moves or fades is not yet what it will be.
        await page.wait_for("document.getAnimations().every((it) => it.playState === 'finished')")
        seen: list[Any] = await page.evaluate(_RUN)
        found += [f"{'dark' if dark else 'light'}: {rule}: {nodes}" for rule, nodes in seen]
    return found
