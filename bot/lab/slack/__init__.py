"""A Slack workspace on loopback: strict enough to test a bot, friendly enough to show one.

In: Web API calls of an app, and what people do. Out: events and interactions for the app, the conversation for people.

slack_bolt's AsyncApp talks to it unchanged, over Socket Mode or HTTP, when its AsyncWebClient has
`base_url=slack.api_url`. People act through the page at `slack.page_url`, or from Python:

    card = {"name": "ilb-ase", "title": "...", "story": ["...", "..."]}
    async with SlackWorkspace.open(port=0, scenario_card=card, scopes=("chat:write",)) as slack:
        slack.tell_environment({"AGW_ARM_URL": "..."})     # GET /lab/environment answers that
        slack.api_url, slack.page_url              # "http://127.0.0.1:PORT/api/", ".../"
        slack.bot_token, slack.app_token, slack.signing_secret
        await slack.wait_connected(timeout=5.0)    # a socket is open, or use_http() was called
        await slack.use_http("http://127.0.0.1:3000/slack/events")    # instead of Socket Mode

        await slack.post("U0ADA", "C0INCIDENTS", "502 from gateway agw-prod")    # -> message
        await slack.command("U0ADA", "C0INCIDENTS", "/agw help")            # -> CommandResult
        await slack.click("U0ADA", "C0INCIDENTS", ts, "approve_x")          # -> ClickResult
        await slack.click("U0BEN", "C0INCIDENTS", ts, "approve_x", force=True, message=stale_card)
        await slack.shortcut("U0ADA", "diagnose", "C0INCIDENTS", ts)        # -> ClickResult
        await slack.submit_view("U0ADA", view_id, {block_id: {action_id: {"value": "text"}}})
        await slack.close_view("U0ADA", view_id)

        slack.messages("C0INCIDENTS", thread_ts=None)    # public ones, oldest first; with a
                                                         # thread: the parent and its replies
        slack.ephemerals("U0ADA", "C0INCIDENTS"), slack.views("U0ADA"), slack.files()
        await slack.wait_for(lambda: slack.messages("C0INCIDENTS")[1:], timeout=10.0)
        slack.calls                                # each Web API call: method, arguments, answer
        stop = slack.subscribe(print)              # each Change: .type, .data, .only_for
        async for change in slack.changes(): ...
        slack.transcript()                         # the conversation as text

        slack.faults.fail("chat.update", "fatal_error"); slack.faults.deliver_twice()
        slack.faults.hang("chat.update"); slack.faults.hold("chat.update").set()
        slack.archive("C0GENERAL"); slack.refuse_token("token_revoked")
        slack.expire_triggers(); slack.expire_response_urls()
        await slack.sockets.disconnect("refresh_requested"); slack.sockets.cut()

Team `T0LAB` "Contoso"; the app is `A0AGW` with the bot user `U0AGW`; `U0ADA` may approve (she is in
the user group `S0NETOPS`), `U0BEN` may not; channels `C0INCIDENTS` and `C0GENERAL`.
"""

from bot.lab.slack.changes import Change
from bot.lab.slack.facade import SlackWorkspace
from bot.lab.slack.grid import Grid
from bot.lab.slack.values import (
    ALL_SCOPES,
    ClickResult,
    CommandResult,
    Limits,
    NoSuchElement,
    SlashCommand,
    ViewResult,
)
from bot.lab.slack.workspace import ApiCall

__all__ = [
    "ALL_SCOPES",
    "ApiCall",
    "Change",
    "ClickResult",
    "CommandResult",
    "Grid",
    "Limits",
    "NoSuchElement",
    "SlackWorkspace",
    "SlashCommand",
    "ViewResult",
]
