"""The parts of the workspace, created and connected. There is no web server in here."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.lab.slack.changes import Changes
from bot.lab.slack.clock import Timestamps
from bot.lab.slack.delivery import Delivery
from bot.lab.slack.events import Events
from bot.lab.slack.faults import Faults
from bot.lab.slack.files import Files
from bot.lab.slack.grid import Grid
from bot.lab.slack.interactions import Interactions
from bot.lab.slack.limits import RateLimits
from bot.lab.slack.messages import Messages
from bot.lab.slack.modals import Modals
from bot.lab.slack.sockets import Sockets
from bot.lab.slack.tickets import ResponseUrls, Triggers
from bot.lab.slack.values import App, Limits
from bot.lab.slack.views import Views
from bot.lab.values import Json


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One call of the Web API and its answer. `status` is the HTTP status."""

    method: str
    arguments: Json
    answer: Json
    status: int


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the app needs to connect; random for each workspace."""

    bot_token: str
    app_token: str
    signing_secret: str


@dataclass(slots=True)
class Workspace:
    """Everything that is true in the workspace now. `base_url` ends with a slash.

    `clock` gives the seconds since 1970 that message timestamps are made from. `refused` is the error for every call
    with the bot token, if that is no longer valid.
    """

    app: App
    limits: Limits
    secrets: Secrets
    grid: Grid | None = None
    clock: Callable[[], float] = time.time
    changes: Changes = field(default_factory=Changes)
    faults: Faults = field(default_factory=Faults)
    rate_limits: RateLimits = field(default_factory=RateLimits)
    files: Files = field(default_factory=Files)
    calls: list[ApiCall] = field(default_factory=list)
    flags: dict[str, Json] = field(default_factory=dict)
    base_url: str = ""
    refused: str | None = None
    triggers: Triggers = field(init=False)
    response_urls: ResponseUrls = field(init=False)
    sockets: Sockets = field(init=False)
    delivery: Delivery = field(init=False)
    events: Events = field(init=False)
    messages: Messages = field(init=False)
    views: Views = field(init=False)
    interactions: Interactions = field(init=False)
    modals: Modals = field(init=False)

    def __post_init__(self) -> None:
        timestamps = Timestamps(self.clock)
        self.triggers = Triggers(self.limits)
        self.response_urls = ResponseUrls(self.limits)
        self.sockets = Sockets(self.limits, self.changes, self.faults)
        self.delivery = Delivery(self.sockets, self.limits, self.changes, self.faults, self.grid)
        self.events = Events(self.app, self.delivery)
        self.messages = Messages(self.changes, timestamps, self.events.emit)
        self.views = Views(self.changes)
        self.interactions = Interactions(
            self.app,
            self.messages,
            self.changes,
            timestamps,
            self.delivery,
            self.triggers,
            self.response_urls,
        )
        self.modals = Modals(self.views, self.changes, timestamps, self.delivery, self.triggers)

    def settle(self, base_url: str) -> None:
        """Set the address of the server, which the URLs in payloads need."""
        self.base_url = self.files.base_url = self.interactions.base_url = base_url
