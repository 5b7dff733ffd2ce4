"""`response_url`: five answers in half an hour, for the person or for the channel."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.lab.slack import SlackWorkspace
from tests.lab.slack.apps import CHANNEL, connected
from tests.lab.slack.test_buttons import button, card


async def url_of_command(slack: SlackWorkspace, app: AsyncApp) -> str:
    urls: list[str] = []

    @app.command("/agw")
    async def command(ack: Any, body: Any) -> None:
        urls.append(body["response_url"])
        await ack()

    async with connected(app, slack):
        await slack.command("U0ADA", CHANNEL, "/agw")
    return urls[0]


async def url_of_click(slack: SlackWorkspace, app: AsyncApp, client: AsyncWebClient) -> str:
    urls: list[str] = []

    @app.action("go")
    async def click(ack: Any, body: Any) -> None:
        urls.append(body["response_url"])
        await ack()

    posted = await client.chat_postMessage(channel=CHANNEL, text="A", blocks=card(button("go")))
    async with connected(app, slack):
        await slack.click("U0ADA", CHANNEL, posted["ts"], "go")
    return urls[0]


async def send(url: str, **body: Any) -> tuple[int, str]:
    answer = await AsyncWebhookClient(url).send(**body)
    return answer.status_code, answer.body


async def test_five_answers_and_no_more(slack: SlackWorkspace, app: AsyncApp) -> None:
    url = await url_of_command(slack, app)
    for number in range(5):
        assert await send(url, text=str(number)) == (200, "ok")
    status, body = await send(url, text="6")
    assert (status, "used_url" in body) == (404, True)
    texts = [message["text"] for message in slack.ephemerals("U0ADA", CHANNEL)]
    assert texts == ["0", "1", "2", "3", "4"]


async def test_an_old_address_is_dead(slack: SlackWorkspace, app: AsyncApp) -> None:
    url = await url_of_command(slack, app)
    slack.expire_response_urls()
    status, body = await send(url, text="late")
    assert (status, "expired_url" in body) == (404, True)


async def test_it_may_be_refused_for_a_while(slack: SlackWorkspace, app: AsyncApp) -> None:
    url = await url_of_command(slack, app)
    slack.faults.fail_with_status("response_url", 503)
    assert (await send(url, text="now"))[0] == 503
    assert await send(url, text="later") == (200, "ok")
    assert [it["text"] for it in slack.ephemerals("U0ADA", CHANNEL)] == ["later"]


async def test_it_can_speak_to_the_channel(slack: SlackWorkspace, app: AsyncApp) -> None:
    url = await url_of_command(slack, app)
    await send(url, text="for all", response_type="in_channel")
    assert [message["text"] for message in slack.messages(CHANNEL)] == ["for all"]


async def test_it_replaces_the_whole_card_or_deletes_it(
    slack: SlackWorkspace, app: AsyncApp, client: AsyncWebClient
) -> None:
    url = await url_of_click(slack, app, client)
    await send(url, text="Working on it", replace_original=True)
    replaced = slack.messages(CHANNEL)[0]
    assert (replaced["text"], replaced["blocks"]) == ("Working on it", [])
    await send(url, delete_original=True)
    assert slack.messages(CHANNEL) == []
    status, _ = await send(url, text="x", replace_original=True)
    assert status == 404


@pytest.mark.parametrize("body", [{"text": "x", "blocks": [{"type": "nonsense"}]}, {"text": ""}])
async def test_it_is_as_strict_as_a_message(
    slack: SlackWorkspace, app: AsyncApp, body: dict[str, Any]
) -> None:
    url = await url_of_command(slack, app)
    status, _ = await send(url, **body)
    assert status == 400
    assert slack.ephemerals("U0ADA", CHANNEL) == []
