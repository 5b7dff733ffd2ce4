"""The main things by mouse, on a desktop and on a phone: each answers, and axe finds nothing, by light and by dark."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import axe
from tests.browser import Page, open_page
from tests.handlers.bench import Bench, open_bench
from tests.handlers.edges import MemoryProber, gateway
from tests.lab.page.steps import gone, ready, says, visible

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
CARD = "[data-ts][data-user=U0AGW]"
APPROVE = "[data-action-id=approve_upload_ilb_certificate]"
MODAL = "[data-testid=modal]"
HOME = "[data-testid=home]"
SUBMIT = "[data-testid=modal-submit]"
CLOSE = "[data-testid=modal-close]"


@dataclass(frozen=True, slots=True)
class Screen:
    """A window of that size on the lab's page, and what it is the page of."""

    page: Page
    bench: Bench
    width: int
    height: int

    async def is_accessible(self) -> None:
        found = await axe.violations(self.page, self.width, self.height)
        assert not found, "\n".join(found)

    async def act_as(self, person: str) -> None:
        await self.page.goto(f"{self.bench.slack.page_url}?as={person}")
        await ready(self.page, person)

    async def command(self, text: str) -> None:
        await self.page.type("[data-testid=composer]", text)
        await self.page.press("Enter")

    async def choose(self, path: Path) -> None:
        """Choose that file in the open modal."""
        document = await self.page.send("DOM.getDocument")
        found = await self.page.send(
            "DOM.querySelector",
            nodeId=document["root"]["nodeId"],
            selector=f"{MODAL} input[type=file]",
        )
        await self.page.send("DOM.setFileInputFiles", files=[str(path)], **found)
        await says(self.page, f"{MODAL} .file-field", "Uploaded")

    async def sees(self, selector: str) -> bool:
        """Whether that element is wholly on the screen, and nothing has to be scrolled for it."""
        script = """((node, body) => {
            const at = node.getBoundingClientRect(), within = body.getBoundingClientRect();
            return at.top >= within.top && at.bottom <= within.bottom;
        })(document.querySelector(SELECTOR), document.querySelector("dialog .dialog-body"))"""
        return bool(await self.page.evaluate(script.replace("SELECTOR", json.dumps(selector))))


# A desktop's page is also clicked from end to end by `test_page.py`.
@pytest.fixture(params=[pytest.param("desktop", marks=pytest.mark.repeats), "phone"])
async def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    return SIZES[request.param]


async def opened(bench: Bench, size: tuple[int, int]) -> AsyncIterator[Screen]:
    async with open_page(*size) as page:
        screen = Screen(page, bench, *size)
        await screen.act_as("U0ADA")
        yield screen
        assert page.errors == []


@pytest.fixture
async def near(tmp_path: Path, size: tuple[int, int]) -> AsyncIterator[Screen]:
    """A bot that reaches its backends, and has two gateways."""
    async with open_bench(tmp_path, gateway(), gateway("agw-other")) as bench:
        async for screen in opened(bench, size):
            yield screen


@pytest.fixture
async def far(tmp_path: Path, size: tuple[int, int]) -> AsyncIterator[Screen]:
    """A bot that reaches no backend."""
    async with open_bench(tmp_path, prober=MemoryProber(near=False)) as bench:
        async for screen in opened(bench, size):
            yield screen


async def test_from_the_menu_to_the_undo(near: Screen) -> None:
    page = near.page
    await near.command("/agw")
    await visible(page, "[data-action-id=pick_gateway]")
    await near.is_accessible()
    await page.evaluate(
        """(() => {
            const menu = document.querySelector("[data-action-id=pick_gateway]");
            menu.value = [...menu.options].find((it) => it.text === "agw-test").value;
            menu.dispatchEvent(new Event("change", {bubbles: true}));
        })()"""
    )
    await visible(page, f"{CARD} {APPROVE}")
    await near.is_accessible()

    for button, words in (("details", "Put the host name in the pool"), ("evidence", "SHA-256")):
        await page.click(f"{CARD} [data-action-id={button}]")
        await says(page, MODAL, words)
        await near.is_accessible()
        await page.click(CLOSE)
        await gone(page, MODAL)

    await page.click(APPROVE)
    await says(page, MODAL, "SHA-256")
    await near.is_accessible()
    assert await near.sees(f"{MODAL} textarea")
    await page.type(f"{MODAL} textarea", "the site is down")
    await page.click(SUBMIT)
    await says(page, ".messages", "healthy again")
    await says(page, ".messages", "the site is down")

    await page.click("[data-action-id=undo]")
    await says(page, "dialog", "Undo this change?")
    await near.is_accessible()
    await page.click("[data-testid=confirm-ok]")
    await says(page, ".messages", "undone")


async def test_what_is_rejected_is_closed_and_home_tells_it(near: Screen) -> None:
    page = near.page
    await near.command("502 from gateway agw-test")
    await visible(page, f"{CARD} {APPROVE}")
    await page.evaluate("document.querySelector('[data-home]').click()")
    await says(page, HOME, "Waiting for you")
    await visible(page, f"{HOME} {APPROVE}")
    await near.is_accessible()
    wide = "document.querySelector('[data-testid=home] .dialog-body')"
    assert await page.evaluate(f"{wide}.scrollWidth <= {wide}.clientWidth")
    await near.act_as("U0ADA")
    await page.click("[data-action-id=reject]")
    await says(page, ".messages", "Rejected")
    await gone(page, APPROVE)


async def test_a_certificate_is_handed_in_as_text_and_as_a_file(
    far: Screen, tmp_path: Path
) -> None:
    page = far.page
    await far.command("502 from gateway agw-test")
    # With its evidence in the thread the card stands still.
    await says(page, ".messages", "1 reply")
    await page.click("[data-action-id=hand_in_certificate]")
    await visible(page, f"{MODAL} textarea")
    await far.is_accessible()
    await page.type(f"{MODAL} textarea", "not a certificate")
    await page.click(SUBMIT)
    await says(page, MODAL, "neither base64 nor PEM")
    await far.is_accessible()

    path = tmp_path / "ilb.cer"
    path.write_bytes(b"ILB")
    await far.choose(path)
    await page.click(SUBMIT)
    await says(page, MODAL, "waits for an approval")
    await page.click(CLOSE)
    await visible(page, APPROVE)
    height = "document.querySelector('[data-ts][data-user=U0AGW]').getBoundingClientRect().height"
    room = "document.querySelector('.channel .messages').clientHeight"
    assert await page.evaluate(f"{height} <= {room}")
    await page.click(APPROVE)
    await says(page, MODAL, "did not see it served")
    await far.is_accessible()
    await page.click(SUBMIT)
    await says(page, ".messages", "healthy again")


async def test_more_gateways_than_a_menu_holds_are_searched(
    tmp_path: Path, size: tuple[int, int]
) -> None:
    many = [gateway(f"agw-{it:03}") for it in range(101)]
    async with open_bench(tmp_path, *many) as bench:
        async for screen in opened(bench, size):
            page = screen.page
            await screen.command("/agw")
            await page.click("[data-action-id=pick_gateway]")
            await visible(page, "[role=option]")
            await screen.is_accessible()
            await page.type("[data-action-id=pick_gateway]", "agw-077")
            await page.wait_for("document.querySelectorAll('[role=option]').length === 1")
            await page.click("[role=option]")
            await says(page, ".messages", "agw-077: fault found")
