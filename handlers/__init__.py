"""The Slack side of the bot: every listener, and what people see.

In: commands, mentions, messages and button presses, as Slack delivers them. Out: calls of `bot.workflow`, and messages
and cards whose blocks `handlers.blocks` builds. `handlers.hearing` finds reports in what people and monitors write.

app, shell = make_app(workflow, jobs, make_client(token), settings, clock)
await begin(shell)                      # after a start: resume changes, close expired offers
await SocketMode(app, app_token).start_async()      # handlers.socket_mode
await shell.jobs.stop(grace)            # at the end
"""

from collections.abc import Callable
from datetime import datetime

from slack_bolt.async_app import AsyncApp, AsyncBoltContext
from slack_sdk.web.async_client import AsyncWebClient

from bot.core.arm.document import Json
from bot.jobs import Jobs
from bot.workflow import Workflow
from bot.workflow.holding import LOOK
from handlers import ids
from handlers.acks import Acks
from handlers.app import App, Middleware, Next
from handlers.buttons import Buttons
from handlers.cards import Cards
from handlers.carrying_out import CarryingOut
from handlers.changing import Changing
from handlers.commands import Commands
from handlers.details import Details
from handlers.diagnosing import Diagnosing
from handlers.directory import Directory
from handlers.errors import Errors
from handlers.guests import Guests
from handlers.home import HomeTab
from handlers.messages import Messages
from handlers.outbox import Outbox
from handlers.people import People
from handlers.shell import Shell, ShellSettings
from handlers.shortcuts import Shortcuts
from handlers.slack import Slack
from handlers.slack_clients import make_client
from handlers.voice import Voice

__all__ = ["Shell", "ShellSettings", "begin", "make_app", "make_client", "register"]


def make_app(
    workflow: Workflow,
    jobs: Jobs,
    client: AsyncWebClient,
    settings: ShellSettings,
    clock: Callable[[], datetime],
    signing_secret: str = "",
    delivery_clock: Callable[[], datetime] | None = None,
) -> tuple[AsyncApp, Shell]:
    """A Bolt app with every listener. `signing_secret` is needed in HTTP mode only, where Bolt checks it.

    `delivery_clock` says when a word is due again; a test may let it run while `clock` stands still.
    """
    acks = Acks()
    slack = Slack(client)
    cards = Cards(slack, workflow.store, workflow.policy, settings.approvers, settings.pace, clock)
    voice = Voice(Slack(client, repeats=False), cards, workflow.store, workflow.life)
    outbox = Outbox(workflow.store, voice.say, delivery_clock or clock, workflow.life)
    directory = Directory(client)
    people = People(slack, directory, settings.approvers, settings.alert_bots)
    guests = Guests(slack, directory, allowed=settings.allow_guests)
    shell = Shell(workflow, jobs, slack, people, guests, cards, settings, clock, outbox, acks)

    async def go_the_same_way(context: AsyncBoltContext, _: Json, let_in: Next) -> None:
        """Bolt makes a client for each request, which would take a proxy that this one does not."""
        if context.client is not None:
            context.client.proxy = client.proxy
        await let_in()

    app = App(
        acks,
        # Without a name Bolt reads the source files of all its callers to find one.
        name=__name__,
        client=client,
        signing_secret=signing_secret,
        before_authorize=Middleware(go_the_same_way),
    )
    register(app, shell)
    return app, shell


def register(app: AsyncApp, shell: Shell) -> None:
    """Every listener, on one screen. The first match wins."""
    diagnosing, changing, details = Diagnosing(shell), Changing(shell), Details(shell)
    commands = Commands(shell, diagnosing, details)
    messages = Messages(shell, commands)
    shortcuts = Shortcuts(shell, diagnosing)
    buttons = Buttons(shell, changing, diagnosing, details)
    home_tab = HomeTab(shell)

    app.middleware(Middleware(shell.people.only_ours))
    app.error(Errors(shell.slack).handle)

    app.command(ids.COMMAND)(commands.agw)
    app.event("app_mention")(messages.mention)
    app.event("message")(messages.message)
    app.event("app_home_opened")(home_tab.publish)
    app.shortcut(ids.DIAGNOSE_SHORTCUT)(shortcuts.diagnose)

    app.action(ids.APPROVE)(buttons.approve)
    app.action(ids.REJECT)(buttons.reject)
    app.action(ids.CANCEL)(buttons.cancel)
    app.action(ids.UNDO)(buttons.undo)
    app.action(ids.EVIDENCE)(buttons.evidence)
    app.action(ids.DETAILS)(buttons.details)
    app.action(ids.TICK)(buttons.seen)
    app.action(ids.CERTIFICATE)(buttons.certificate)
    app.action(ids.HAND_IN)(buttons.hand_in)
    app.action(ids.AS_CODE)(buttons.as_code)
    app.action(ids.DIAGNOSE_AGAIN)(buttons.diagnose_again)
    app.action(ids.DIAGNOSE_NOW)(buttons.diagnose_now)
    app.action(ids.PICK_GATEWAY)(buttons.pick_gateway)
    app.options(ids.PICK_GATEWAY)(buttons.suggest_gateways)
    app.action(ids.ANYTHING)(buttons.unknown)

    app.view(ids.APPROVE_VIEW)(buttons.approved)
    app.view(ids.HAND_IN_VIEW)(buttons.handed_in)
    app.view(ids.ANYTHING)(buttons.seen)


async def begin(shell: Shell) -> None:
    """After a start: resume interrupted changes, and keep closing offers that expire.

    Raises `Problem` if the store cannot be read.
    """
    carrying_out = CarryingOut(shell)
    await carrying_out.resume()
    shell.jobs.every(shell.settings.sweep, "sweep", carrying_out.sweep)
    shell.jobs.every(LOOK, "takeover", carrying_out.resume)
    shell.jobs.every(1.0, "outbox", shell.outbox.run)
