"""A file is fetched from Slack's own hosts alone, with bounds: the bot token goes with the request."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from handlers import downloads
from handlers.downloads import Downloads
from handlers.slack_errors import SlackProblem

SLACK = "https://slack.com/api/"


@pytest.fixture
async def server() -> AsyncIterator[str]:
    """An emulator of Slack's files on loopback; what it answers is in the path."""

    async def answer(request: web.Request) -> web.StreamResponse:
        match request.match_info["what"]:
            case "file":
                assert request.headers["Authorization"] == "Bearer xoxb-1"
                return web.Response(body=b"a certificate")
            case "long":
                return web.Response(body=b"x" * 1_000_000)
            case "page":
                return web.Response(text="<html>", content_type="text/html")
            case "elsewhere":
                raise web.HTTPFound("http://127.0.0.1:1/")
            case "silent":
                await asyncio.sleep(3600)
        raise web.HTTPNotFound

    app = web.Application()
    app.router.add_get("/{what}", answer)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/f.cer",
        "https://files.slack.com.example.com/f.cer",
        "https://example.com\\@files.slack.com/f.cer",
        "https://files.slack.com@example.com/f.cer",
        "https://me:pw@files.slack.com/f.cer",
        "http://files.slack.com/f.cer",
        "https://files.slack.com:8443/f.cer",
        "https://files.slack.com:x/f.cer",
        "http://169.254.169.254/latest",
        "http://127.0.0.1:1/f.cer",
        "file:///etc/passwd",
        "",
    ],
)
async def test_no_other_host_is_asked(url: str) -> None:
    with pytest.raises(SlackProblem) as caught:
        await Downloads("xoxb-1", SLACK).fetch(url, 100)
    assert caught.value.code == "file_elsewhere"
    assert "I do not fetch it" in str(caught.value)


@pytest.mark.parametrize("host", ["files.slack.com", "files.slack-gov.com"])
def test_slacks_own_hosts_are(host: str) -> None:
    asked = Downloads("xoxb-1", SLACK)
    assert asked._is_slacks(f"https://{host}/files-pri/T1-F1/ilb.cer")


async def test_an_emulator_on_loopback_is_asked_for_its_own_files_alone(server: str) -> None:
    asked = Downloads("xoxb-1", f"{server}api/")
    assert await asked.fetch(f"{server}file", 100) == b"a certificate"
    with pytest.raises(SlackProblem, match="not in Slack"):
        await asked.fetch("http://127.0.0.1:1/file", 100)
    with pytest.raises(SlackProblem, match="not in Slack"):
        await asked.fetch("https://files.slack.com/file", 100)


async def test_no_more_is_read_than_is_wanted(server: str) -> None:
    found = await Downloads("xoxb-1", server).fetch(f"{server}long", 1000)
    assert len(found) == 1001


@pytest.mark.parametrize(
    ("what", "code"),
    [("page", "missing_scope"), ("elsewhere", "missing_scope"), ("nothing", "file_not_found")],
)
async def test_what_is_no_file_is_said(server: str, what: str, code: str) -> None:
    with pytest.raises(SlackProblem) as caught:
        await Downloads("xoxb-1", server).fetch(f"{server}{what}", 100)
    assert caught.value.code == code


async def test_it_waits_no_longer_than_allowed(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "WITHIN", 0.05)
    with pytest.raises(SlackProblem) as caught:
        await Downloads("xoxb-1", server).fetch(f"{server}silent", 100)
    assert caught.value.code == "unreachable"
