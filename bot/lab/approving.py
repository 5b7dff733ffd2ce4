"""Approving as people do: press the button, read the modal that it opens, submit it."""

from typing import Any

from bot.lab.slack import SlackWorkspace
from bot.lab.values import Json

INPUT = "reason"


async def approve(
    slack: SlackWorkspace,
    person: str,
    channel: str,
    ts: str,
    action_id: str,
    *,
    reason: str | None = None,
    timeout: float = 10.0,
    **click: Any,
) -> bool:
    """Whether there was a modal to submit; False: the person was told why there is none.

    `click` as for `SlackWorkspace.click`. Raises TimeoutError if nothing follows from the press.
    """
    told = len(slack.ephemerals(person, channel))
    await slack.click(person, channel, ts, action_id, **click)

    def answered() -> list[Json] | bool:
        return slack.views(person) or len(slack.ephemerals(person, channel)) > told

    await slack.wait_for(answered, timeout)
    opened = slack.views(person)
    for view in opened:
        given = {INPUT: {INPUT: {"type": "plain_text_input", "value": reason}}}
        await slack.submit_view(person, view["id"], given)
    return bool(opened)
