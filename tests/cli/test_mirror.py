"""The lab's conversation, as `agw lab` shows it in the terminal."""

from bot.cli.mirror import mirrored
from bot.lab.slack import SlackWorkspace
from bot.lab.world import CHANNEL


async def test_what_somebody_says_is_shown_and_does_not_move_the_cursor() -> None:
    told: list[str] = []
    async with SlackWorkspace.open() as slack, mirrored(slack, told.append):
        await slack.post("U0BEN", CHANNEL, "502 from \x1b]0;x\x07gateway\n\x9b2Jagw-test\u202e")
        await slack.wait_for(lambda: bool(told))
    first, second = told[0].split("\n")
    assert (first.isprintable(), second.isprintable()) == (True, True)
    assert first.startswith("  Ben: 502 from ")
    assert "agw-test" in second
