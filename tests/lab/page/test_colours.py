"""Light, dark, or as the system has it: chosen by mouse or keyboard, told to screen readers, and kept."""

import pytest

from bot.lab.slack import SlackWorkspace
from tests import axe
from tests.browser import Page
from tests.lab.page.steps import enter

PAPER = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(255, 255, 255)", "rgb(22, 27, 32)"
CHOSEN = "document.querySelector('[name=colours]:checked').value"


async def test_the_system_decides_until_somebody_does(page: Page) -> None:
    assert await page.evaluate(CHOSEN) == "system"
    for dark, paper in ((True, DARK), (False, LIGHT)):
        await page.look(1280, 800, dark=dark)
        assert await page.evaluate(PAPER) == paper


@pytest.mark.parametrize("dark", [False, True], ids=["on a light system", "on a dark system"])
async def test_what_is_chosen_by_mouse_is_kept(
    page: Page, slack: SlackWorkspace, dark: bool
) -> None:
    await page.look(1280, 800, dark=dark)
    for label, paper in (("Light", LIGHT), ("Dark", DARK)):
        await page.click(label)
        assert await page.evaluate(PAPER) == paper
        await enter(page, slack)
        assert await page.evaluate(PAPER) == paper
        assert await page.evaluate(CHOSEN) == label.lower()
    await page.click("System")
    assert await page.evaluate(PAPER) == (DARK if dark else LIGHT)


async def test_the_keyboard_chooses_and_keeps_its_place(page: Page, slack: SlackWorkspace) -> None:
    await page.look(1280, 800)
    await page.evaluate("document.querySelector('[name=colours]:checked').focus()")
    await page.press("ArrowDown")
    await page.press("ArrowDown")
    assert await page.evaluate(CHOSEN) == "dark"
    assert await page.evaluate(PAPER) == DARK
    ring = "getComputedStyle(document.querySelector('[name=colours]:checked + span')).outlineStyle"
    assert await page.evaluate(ring) == "solid"
    # A message elsewhere draws the sidebar again.
    await slack.post("U0BEN", "C0GENERAL", "good morning")
    await page.wait_for("document.querySelector('[data-channel=C0GENERAL].unread')")
    assert await page.evaluate("document.activeElement.value") == "dark"


async def test_a_screen_reader_is_told_what_is_chosen(page: Page) -> None:
    await page.click("Dark")
    told = [
        (node["role"]["value"], node["name"]["value"])
        for node in (await page.send("Accessibility.getFullAXTree"))["nodes"]
        if node.get("role", {}).get("value") in ("group", "radio") and not node["ignored"]
    ]
    assert told[-4:] == [
        ("group", "Colours"),
        ("radio", "System"),
        ("radio", "Light"),
        ("radio", "Dark"),
    ]
    checked = "[...document.querySelectorAll('[name=colours]')].map((it) => it.checked)"
    assert await page.evaluate(checked) == [False, False, True]


@pytest.mark.parametrize("label", ["System", "Light", "Dark"])
async def test_axe_finds_nothing_in_any_of_them(page: Page, label: str) -> None:
    await page.look(1280, 800)
    await page.click(label)
    assert await axe.violations(page, 1280, 800) == []
