"""The README's pictures, taken from the lab's page in a real browser: `make pictures`."""

import asyncio
from pathlib import Path

from bot.cli.shell import open_bot
from bot.lab.scenarios import scenario
from bot.lab.world import CHANNEL, open_world
from bot.settings import Settings
from tests import chromium
from tests.browser import Page, open_page

FOLDER = Path(__file__).parents[2] / "docs"
CARD = "document.querySelector('[data-action-id^=approve_]')"


async def main() -> None:
    """Play the incident in the browser, and look at it four times."""
    FOLDER.mkdir(exist_ok=True)
    async with open_world(scenario("ilb-ase")) as world:
        settings = Settings.from_environment(world.environment)
        async with open_bot(settings), open_page() as page:
            await world.slack.wait_connected()
            await world.slack.post("U0ADA", CHANNEL, "502 from gateway agw-test")
            await page.look(1280, 800)
            await page.goto(world.slack.page_url)
            await page.wait_for(CARD)
            await _taken(page, "diagnosis", top=True)
            await page.look(1280, 860)
            await page.click("[data-thread-link]")
            await page.wait_for("document.querySelector('[data-testid=thread] [data-ts]')")
            await _taken(page, "evidence", top=False)
            await page.click("[data-testid=thread-close]")
            await page.click("[data-action-id^=approve_]")
            await page.wait_for("document.querySelector('[data-testid=modal]')")
            await _taken(page, "approval", top=False)
            await page.click("[data-testid=modal-submit]")
            await page.wait_for("document.querySelector('[data-action-id=undo]')", timeout=60)
            await _taken(page, "healthy", top=False)


async def _taken(page: Page, name: str, *, top: bool) -> None:
    if top:
        await page.evaluate("document.querySelectorAll('[data-ts]')[1].scrollIntoView()")
    # What fades in is not shown while it does.
    await page.wait_for("document.getAnimations().length === 0")
    # Two frames, so that what was just drawn is what is seen.
    await page.evaluate(
        "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
    )
    await page.screenshot(FOLDER / f"{name}.png")
    print(f"docs/{name}.png")


if __name__ == "__main__":
    try:
        asyncio.run(main())
    finally:
        chromium.stop()
