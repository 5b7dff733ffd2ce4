"""Files: uploaded as slack_sdk does it, shared in a thread, downloaded by a person."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.lab.slack import SlackWorkspace
from tests.lab.slack.apps import CHANNEL

PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


async def test_a_file_is_shared_in_a_thread_and_can_be_downloaded(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    parent = await client.chat_postMessage(channel=CHANNEL, text="Evidence follows")
    await client.files_upload_v2(
        channel=CHANNEL,
        thread_ts=parent["ts"],
        filename="ilb.cer",
        content=PEM,
        title="The ILB's certificate",
        initial_comment="As the backend serves it",
    )

    message = slack.messages(CHANNEL, parent["ts"])[1]
    assert message["text"] == "As the backend serves it"
    file = message["files"][0]
    assert (file["name"], file["title"], file["size"]) == (
        "ilb.cer",
        "The ILB's certificate",
        len(PEM),
    )
    assert slack.files()[0].content == PEM.encode()

    async with (
        aiohttp.ClientSession() as session,
        session.get(file["url_private_download"]) as answer,
    ):
        assert await answer.text() == PEM
        assert answer.headers["Content-Disposition"].startswith("attachment")


async def test_a_file_without_a_channel_is_kept_but_not_shown(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    await client.files_upload_v2(filename="report.json", content="{}")
    assert slack.messages(CHANNEL) == []
    assert [file.name for file in slack.files()] == ["report.json"]


async def test_a_file_that_never_came_cannot_be_shared(
    slack: SlackWorkspace, client: AsyncWebClient
) -> None:
    announced = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(
            files=[{"id": announced["file_id"], "title": "a"}], channel_id=CHANNEL
        )
    async with aiohttp.ClientSession() as session:
        async with session.post(announced["upload_url"], data=b"too long") as answer:
            assert answer.status == 400
        async with session.post(f"{slack.page_url}upload/v1/unknown", data=b"abc") as answer:
            assert answer.status == 404
        form = aiohttp.FormData()
        form.add_field("file", b"abc", filename="a.txt")
        async with session.post(announced["upload_url"], data=form) as answer:
            assert (answer.status, await answer.text()) == (200, "OK - 3")
    assert slack.files() == ()
