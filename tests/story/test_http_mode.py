"""The same bot without Socket Mode: Slack posts to it, and signs. `test_observed.py` has a whole incident so."""

import asyncio
import socket
from dataclasses import replace

import aiohttp

from tests.story.conftest import Story


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
