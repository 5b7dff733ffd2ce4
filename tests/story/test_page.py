"""The whole incident in a browser, from `agw lab` alone: what somebody sees who tries the bot for the first time."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.browser import Page, open_page
from tests.cli.running import started
from tests.lab.page.steps import gone, ready, says, visible

CARD = "[data-ts][data-user=U0AGW]"
APPROVE = "[data-action-id=approve_upload_ilb_certificate]"
UNDO = "[data-action-id=undo]"
CONFIRM = "[data-testid=confirm-ok]"
MODAL = "[data-testid=modal]"
A_CHANGE = 45.0
"""Seconds for a change with its proof; the lab's Azure takes a few for each step."""


@asynccontextmanager
async def lab() -> AsyncIterator[str]:
    """`agw lab`, and the address of its page as it prints it."""
    async with started({}, "lab", "--port", "0") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        said = ""
        async with asyncio.timeout(30):
            while not (found := re.search(r"http://127\.0\.0\.1:\d+/", said)):
                line = await process.stdout.readline()
                assert line, (await process.stderr.read()).decode()
                said += line.decode()
        yield found[0]


async def told(page: Page, text: str) -> None:
    """Wait until the channel says so."""
    await page.wait_for(
        f"document.querySelector('.messages')?.innerText.includes({text!r})", A_CHANGE
    )


async def test_the_incident_from_the_first_look_to_the_undo() -> None:
    async with lab() as address, open_page() as page:
        await page.goto(address)
        await ready(page, "U0ADA")
        # Nobody has done anything yet: the report and its answer are there by themselves.
        await told(page, "502 from gateway agw-test")
        await told(page, "agw-test: fault found")
        await visible(page, f"{CARD} {APPROVE}")

        # Ben is no approver: his press is answered, and changes nothing.
        await page.click("[data-as=U0BEN]")
        await ready(page, "U0BEN")
        await page.click(APPROVE)
        await says(page, "[data-ephemeral=true]", "You may not do that.")
        await gone(page, MODAL)
        await visible(page, APPROVE)

        await page.click("[data-as=U0ADA]")
        await ready(page, "U0ADA")
        await page.click("[data-action-id=details]")
        await says(page, MODAL, "Put the host name in the pool")
        await page.click("[data-testid=modal-close]")
        await gone(page, MODAL)

        await page.click(APPROVE)
        await says(page, MODAL, "SHA-256")
        await page.type(f"{MODAL} textarea", "the site is down")
        await page.click("[data-testid=modal-submit]")
        await told(page, "healthy again")
        await told(page, "the site is down")
        await gone(page, APPROVE)

        await page.click(UNDO)
        await says(page, "dialog", "Undo this change?")
        await page.click(CONFIRM)
        await told(page, "undone")
        await gone(page, UNDO)
        assert page.errors == []


async def test_a_command_is_answered() -> None:
    async with lab() as address, open_page() as page:
        await page.goto(address)
        await ready(page, "U0ADA")
        await page.type("[data-testid=composer]", "/agw help")
        await page.press("Enter")
        await says(page, "[data-ephemeral=true]", "/agw diagnose")
        assert page.errors == []
