"""HTTP mode: the same app behind a request URL, with signed requests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot.lab.slack import SlackWorkspace
from tests.lab.slack.apps import CHANNEL, Inbox, app_of
from tests.lab.slack.test_modals import VIEW, why


@asynccontextmanager
async def listening(app: AsyncApp) -> AsyncIterator[str]:
    """The app's own web server on a free port; the value is its request URL."""
    server = app.web_app(path="/slack/events")
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    finally:
        await runner.cleanup()


async def test_everything_that_people_do_arrives_by_http(
    slack: SlackWorkspace, app: AsyncApp
) -> None:
    heard: Inbox[str] = Inbox()

    @app.command("/agw")
    async def command(ack: Any, body: Any, client: Any) -> None:
        await ack(f"Opening for {body['user_name']}")
        await client.views_open(trigger_id=body["trigger_id"], view=VIEW)

    @app.event("message")
    async def message(event: Any) -> None:
        heard.add(event["text"])

    @app.view("reason")
    async def submitted(ack: Any) -> None:
        await ack(response_action="errors", errors={"why": "Too short"})

    async with listening(app) as url:
        await slack.use_http(url)
        await slack.wait_connected(timeout=1)
        await slack.post("U0BEN", CHANNEL, "hello & goodbye")
        result = await slack.command("U0ADA", CHANNEL, "/agw approve")
        view = (await slack.wait_for(lambda: slack.views("U0ADA")))[0]
        refused = await slack.submit_view("U0ADA", view["id"], why("x"))
        assert await heard.first(1) == ["hello &amp; goodbye"]

    assert result.response == {"text": "Opening for ada"}
    assert refused.errors == {"why": "Too short"}


async def test_a_wrong_signing_secret_fails_the_handshake(slack: SlackWorkspace) -> None:
    app = AsyncApp(client=app_of(slack).client, signing_secret="another secret")
    async with listening(app) as url:
        with pytest.raises(ConnectionError, match="url_verification"):
            await slack.use_http(url)
    with pytest.raises(TimeoutError):
        await slack.wait_connected(timeout=0.01)


async def test_an_app_that_answers_404_or_is_gone_is_a_failed_dispatch(
    slack: SlackWorkspace, app: AsyncApp
) -> None:
    async with listening(app) as url:
        await slack.use_http(url)
        assert (await slack.command("U0ADA", CHANNEL, "/agw")).error == "dispatch_failed"
    assert (await slack.command("U0ADA", CHANNEL, "/agw")).error == "dispatch_failed"


async def test_an_event_is_retried_with_headers(slack: SlackWorkspace, app: AsyncApp) -> None:
    attempts: Inbox[tuple[str | None, str | None]] = Inbox()

    async def note(req: Any, next_: Any) -> None:
        number = req.headers.get("x-slack-retry-num", [None])[0]
        attempts.add((number, req.headers.get("x-slack-retry-reason", [None])[0]))
        await next_()

    app.middleware(note)
    async with listening(app) as url:
        await slack.use_http(url)
        await slack.post("U0BEN", CHANNEL, "nobody listens")
        tried = await attempts.first(4)

    assert tried == [
        (None, None),
        ("1", "http_error"),
        ("2", "http_error"),
        ("3", "http_error"),
    ]
