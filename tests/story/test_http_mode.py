"""The same bot without Socket Mode: Slack posts to it, and signs."""

import asyncio
import json
import socket
from dataclasses import replace

import aiohttp

from tests.story.conftest import ADA, Story


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def over_http(story: Story, **more: str) -> tuple[Story, str]:
    """The story with a bot in HTTP mode, and its request URL."""
    port = free_port()
    slack = story.world.slack
    settings = {
        **story.world.environment,
        "SLACK_APP_TOKEN": "",
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "AGW_LISTEN": f"127.0.0.1:{port}",
        **more,
    }
    return Story(
        replace(story.world, environment=settings), story.database
    ), f"http://127.0.0.1:{port}/slack/events"


async def lines_until(log: asyncio.StreamReader | None, action: str) -> list[dict[str, str]]:
    """The entries of the log up to the one that tells of this action."""
    assert log is not None
    found: list[dict[str, str]] = []
    async with asyncio.timeout(60):
        while not found or found[-1].get("action") != action:
            found.append(json.loads(await log.readline()))
    return found


async def test_from_the_report_to_healthy_with_one_incident_in_all_lines(story: Story) -> None:
    health = free_port()
    over, url = over_http(story, AGW_HEALTH_LISTEN=f"127.0.0.1:{health}", AGW_LOG_FORMAT="json")
    async with over.bot(url) as process, aiohttp.ClientSession(trust_env=False) as monitor:
        async with monitor.get(f"http://127.0.0.1:{health}/readyz") as said:
            assert (said.status, (await said.json())["ready"]) == (200, True)
        card = await over.report()
        await over.approve(ADA, card)
        await over.healthy_again()
        lines = await lines_until(process.stderr, "verified")
    assert over.puts == 1
    told = {it["action"]: it for it in lines if "action" in it}
    assert {it["incident"] for it in told.values()} == {told["diagnosed"]["incident"]}
    assert told["approved"]["user"] == ADA
    assert told["put_answered"]["correlation"]


async def test_an_unsigned_request_is_refused(story: Story) -> None:
    over, url = over_http(story)
    async with over.bot(url), aiohttp.ClientSession(trust_env=False) as outsider:
        body = {
            "type": "event_callback",
            "event": {"type": "message", "text": "502 from gateway x"},
        }
        for headers in ({}, {"X-Slack-Signature": "v0=00", "X-Slack-Request-Timestamp": "1"}):
            async with (
                asyncio.timeout(10),
                outsider.post(url, json=body, headers=headers) as answer,
            ):
                assert answer.status == 401
