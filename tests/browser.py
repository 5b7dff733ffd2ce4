"""A real browser for tests: Debian's chromium without a window, driven over its DevTools protocol.

    async with open_page() as page:
        await page.goto(slack.page_url)
        await page.type("[data-testid=composer]", "/agw help")
        await page.press("Enter")
        await page.wait_for("document.querySelector('[data-ephemeral=true]')")

All pages of a test process share one browser (`tests.chromium`); nothing else.
https://chromedevtools.github.io/devtools-protocol/
"""

import asyncio
import base64
import itertools
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.chromium import Chromium, the_browser
from tests.eventloop import in_real_time

DEADLINE = 60.0
"""Seconds; on a busy machine a page may take long."""

TRIES = 5

_MAIN_KEYS = {"Enter": 13, "Tab": 9, "Escape": 27, "ArrowUp": 38, "ArrowDown": 40}
_MODIFIERS = {"Alt": 1, "Control": 2, "Meta": 4, "Shift": 8}


class PageError(AssertionError):
    """The page threw, or what a test looked for was not there in time."""


class Page:
    """One tab. `errors` are its uncaught exceptions and all that it logged as an error; `profile` is the id of
    the browser context that it belongs to."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._events: dict[str, asyncio.Event] = {}
        self.errors: list[str] = []
        self.profile = ""

    async def goto(self, url: str) -> None:
        """Open an address and wait until it has loaded."""
        loaded = self._events["Page.loadEventFired"] = asyncio.Event()
        answer = await self.send("Page.navigate", url=url)
        if "errorText" in answer:
            raise PageError(f"{url}: {answer['errorText']}")
        await asyncio.wait_for(loaded.wait(), DEADLINE)

    async def evaluate(self, js: str) -> Any:
        """The value of an expression; a promise is awaited. Raises PageError if it throws."""
        answer = await self.send(
            "Runtime.evaluate", expression=js, returnByValue=True, awaitPromise=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise PageError(details.get("exception", {}).get("description", details["text"]))
        return answer["result"].get("value")

    async def wait_for(self, js: str, timeout: float = DEADLINE) -> Any:
        """The expression's value as soon as it is truthy, looked at in every frame of the page."""
        waiting = f"""new Promise((resolve, reject) => {{
            const end = performance.now() + {timeout * 1000};
            const look = () => {{
                let value;
                try {{ value = ({js}); }} catch (error) {{ return reject(error); }}
                if (value) return resolve(value instanceof Node ? true : value);
                if (performance.now() > end) return resolve(null);
                setTimeout(look, 16);
            }};
            look();
        }})"""
        if value := await self.evaluate(waiting):
            return value
        raise PageError(f"not within {timeout} s: {js}\n{await self.text()}\n{self.errors}")

    async def text(self, selector: str = "body") -> str:
        """The visible text of the first element that the selector finds."""
        return str(await self.evaluate(f"document.querySelector({json.dumps(selector)}).innerText"))

    async def click(self, target: str) -> None:
        """Click with the mouse on a CSS selector's first visible match, or on a button or link
        with that text. Waits until it is there, stands still and nothing lies over it. Where it moved on under the
        mouse all the same, because the page grew, it clicks again, as a person would."""
        find = f"({_FIND})({json.dumps(target)})"
        for _ in range(TRIES):
            try:
                place = await self.wait_for(f"[{find}].find((place) => place && !place.cover)")
            except PageError as error:
                why = await self.evaluate(find)
                raise PageError(f"{target!r} cannot be clicked: {why}") from error
            await self._press_at(place)
            if not await self.evaluate("window.missed"):
                return
        raise PageError(f"{target!r} moved away under the mouse {TRIES} times")

    async def _press_at(self, place: dict[str, Any]) -> None:
        for kind in ("mousePressed", "mouseReleased"):
            await self.send(
                "Input.dispatchMouseEvent",
                type=kind,
                x=place["x"],
                y=place["y"],
                button="left",
                clickCount=1,
            )

    async def type(self, selector: str, text: str) -> None:
        """Put the focus into a field and type there."""
        await self.wait_for(f"document.querySelector({json.dumps(selector)})")
        await self.evaluate(f"document.querySelector({json.dumps(selector)}).focus()")
        await self.send("Input.insertText", text=text)

    async def press(self, keys: str) -> None:
        """Press a key, with its modifiers before it: "Enter", "Shift+Enter"."""
        *modifiers, key = keys.split("+")
        common = {
            "key": key,
            "code": key,
            "windowsVirtualKeyCode": _MAIN_KEYS[key],
            "modifiers": sum(_MODIFIERS[name] for name in modifiers),
        }
        text = {"text": "\r"} if key == "Enter" else {}
        await self.send("Input.dispatchKeyEvent", type="keyDown", **common, **text)
        await self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    async def look(self, width: int, height: int, *, dark: bool = False) -> None:
        """Give the window a size in CSS pixels, and a colour scheme."""
        await self.send(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.send("Emulation.setEmulatedMedia", features=[scheme])

    async def allow(self, *permissions: str) -> None:
        """What a browser gives to a page after a real click it must be told here."""
        await self.send(
            "Browser.grantPermissions", permissions=permissions, browserContextId=self.profile
        )

    async def screenshot(self, path: Path, full: bool = False) -> None:
        """A PNG of the window, or with `full` of the whole document."""
        answer = await self.send("Page.captureScreenshot", format="png", captureBeyondViewport=full)
        await asyncio.to_thread(path.write_bytes, base64.b64decode(answer["data"]))

    async def send(self, method: str, **params: Any) -> dict[str, Any]:
        """One command of the DevTools protocol, and its result."""
        number = next(self._ids)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        return await asyncio.wait_for(answer, DEADLINE + 5)

    async def listen(self) -> None:
        """Take what the browser sends, until it hangs up."""
        async for message in self._socket:
            self._take(message.json())

    def _take(self, data: dict[str, Any]) -> None:
        if "id" in data:
            answer = self._answers.pop(data["id"])
            if answer.cancelled():
                return
            if "error" in data:
                answer.set_exception(PageError(str(data["error"])))
            else:
                answer.set_result(data["result"])
            return
        method, params = data["method"], data["params"]
        if method in self._events:
            self._events[method].set()
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] == "error":
            self.errors.append(params["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and params["type"] == "error":
            self.errors.append(" ".join(str(arg.get("value")) for arg in params["args"]))


# The middle of the element, and what lies over it there or that it still moves.
_FIND = """(target) => {
    const visible = (node) => node.checkVisibility({visibilityProperty: true});
    const seek = () => {
        try {
            const found = [...document.querySelectorAll(target)].find(visible);
            if (found) return found;
        } catch { /* a text */ }
        return [...document.querySelectorAll("button, a, summary, label, [role=option]")]
            .find((node) => visible(node) && node.textContent.trim() === target);
    };
    const found = seek();
    if (!found) return null;
    found.scrollIntoView({block: "center", inline: "nearest"});
    const box = found.getBoundingClientRect();
    const x = box.x + box.width / 2, y = box.y + box.height / 2;
    const moved = found.lastPlace !== `${x} ${y}`;
    found.lastPlace = `${x} ${y}`;
    const top = document.elementFromPoint(x, y);
    const cover = found.contains(top) ? null : (top?.outerHTML ?? "the edge").slice(0, 200);
    if (!moved && !cover) {
        // Where the page has drawn it anew meanwhile, the new one is hit; but both halves must hit the same one.
        let hit = null;
        window.missed = true;
        document.addEventListener("mousedown", (it) => {
            hit = seek();
            if (!hit?.contains(it.target)) hit = null;
        }, {capture: true, once: true});
        document.addEventListener("mouseup", (it) => {
            window.missed = !hit?.contains(it.target);
        }, {capture: true, once: true});
    }
    return {x, y, cover: moved ? "it moves" : cover};
}"""


@asynccontextmanager
async def open_page(
    width: int = 1280, height: int = 800, *, dark: bool = False
) -> AsyncIterator[Page]:
    """A tab in a profile of its own, as of a browser that has just been installed; gone at the end of the block."""
    browser = the_browser()
    # The browser needs real time for what it does.
    with in_real_time():
        async with (
            aiohttp.ClientSession(trust_env=False) as session,
            _line(session, browser.address) as control,
            _profile(control) as profile,
            _line(session, await _tab(browser, control, profile)) as page,
        ):
            page.profile = profile
            for domain in ("Page", "Runtime", "Log"):
                await page.send(f"{domain}.enable")
            await page.send("Emulation.setFocusEmulationEnabled", enabled=True)
            await page.look(width, height, dark=dark)
            yield page


async def _tab(browser: Chromium, control: Page, profile: str) -> str:
    """The endpoint of a new tab."""
    made = await control.send("Target.createTarget", url="about:blank", browserContextId=profile)
    return f"ws://127.0.0.1:{browser.port}/devtools/page/{made['targetId']}"


@asynccontextmanager
async def _profile(control: Page) -> AsyncIterator[str]:
    """A browser context: it shares no cookie, storage or cache with another."""
    made = await control.send("Target.createBrowserContext", disposeOnDetach=True)
    try:
        yield made["browserContextId"]
    finally:
        await control.send("Target.disposeBrowserContext", **made)


@asynccontextmanager
async def _line(session: aiohttp.ClientSession, address: str) -> AsyncIterator[Page]:
    """A connection to an endpoint of DevTools."""
    async with session.ws_connect(address, max_msg_size=0) as socket:
        page = Page(socket)
        listener = asyncio.create_task(page.listen())
        try:
            yield page
        finally:
            await socket.close()
            await listener
