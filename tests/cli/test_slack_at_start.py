"""What the bot makes of Slack's answers when it starts: an outage is waited for, a refused token is said."""

import asyncio
from pathlib import Path

import pytest

from bot.cli.shell import open_bot
from bot.core.problem import Problem
from bot.lab.slack import SlackWorkspace
from bot.settings import Settings


def settings_of(slack: SlackWorkspace, folder: Path) -> Settings:
    return Settings.from_environment(
        {
            "SLACK_API_URL": slack.api_url,
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "AGW_DATABASE_URL": f"sqlite:///{folder / 'agw.db'}",
        }
    )


@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
async def test_an_outage_or_a_rate_limit_is_waited_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, method: str
) -> None:
    async with SlackWorkspace.open() as slack:
        slack.faults.fail_with_status(method, 503, times=5)
        slack.faults.fail(method, "internal_error")
        slack.faults.fail(method, "org_login_required")
        slack.faults.rate_limit(method, retry_after=90)
        began = asyncio.get_running_loop().time()
        async with open_bot(settings_of(slack, tmp_path)):
            await slack.wait_connected()
        waited = asyncio.get_running_loop().time() - began
    pauses = [
        float(str(it.args[1]))
        for it in caplog.records
        if isinstance(it.args, tuple) and len(it.args) == 2
    ]
    assert sorted(pauses)[-1] == 90
    assert waited >= sum(pauses)
    said = " ".join(it.getMessage() for it in caplog.records)
    assert "cannot be reached" in said
    assert "slow down" in said
    assert "TOKEN" not in said


async def test_while_slack_is_away_the_bot_can_be_stopped(tmp_path: Path) -> None:
    async with SlackWorkspace.open() as slack:
        slack.faults.fail_with_status("auth.test", 503, times=10_000)

        async def run() -> None:
            async with open_bot(settings_of(slack, tmp_path)):
                raise AssertionError("it was never connected")

        bot = asyncio.create_task(run())
        await slack.wait_for(lambda: len(slack.calls) > 3)
        bot.cancel()
        with pytest.raises(asyncio.CancelledError):
            await bot


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("token_revoked", "was revoked"),
        ("token_expired", "has expired"),
        ("account_inactive", "was deactivated"),
        ("invalid_auth", "does not know my bot token"),
        ("not_allowed_token_type", "xoxb-"),
    ],
)
async def test_a_token_that_slack_refuses_ends_it_with_its_own_sentence(
    tmp_path: Path, code: str, said: str
) -> None:
    async with SlackWorkspace.open() as slack:
        slack.faults.fail("auth.test", code)
        with pytest.raises(Problem, match=said) as refused:
            async with open_bot(settings_of(slack, tmp_path)):
                raise AssertionError("it was never connected")
    assert refused.value.code == "slack_token"
    assert code in str(refused.value)
