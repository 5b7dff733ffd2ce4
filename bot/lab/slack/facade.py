"""`SlackWorkspace`: the lab's Slack as tests, the scenarios and the terminal use it."""

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Self, TypedDict, TypeVar, Unpack

from bot.lab.slack.changes import Change
from bot.lab.slack.faults import Faults
from bot.lab.slack.files import StoredFile
from bot.lab.slack.grid import Grid
from bot.lab.slack.http_mode import RequestUrl
from bot.lab.slack.message_json import texts
from bot.lab.slack.people_acts import Acts
from bot.lab.slack.roster import CHANNELS, PEOPLE
from bot.lab.slack.server import Server
from bot.lab.slack.sockets import Sockets
from bot.lab.slack.values import AGW, ALL_EVENTS, ALL_SCOPES, App, Limits, SlashCommand
from bot.lab.slack.workspace import ApiCall, Secrets, Workspace
from bot.lab.values import Json

T = TypeVar("T")

_NO_SCENARIO: Json = {"name": "", "title": "", "story": []}
_REAL = Limits()


class Settings(TypedDict, total=False):
    """The settings of a workspace, all optional.

    `scenario_card` is `{"name", "title", "story"}` for the page. `scopes` and `events` are what the
    app was granted and subscribed to, `commands` what its manifest declares. `grid` puts an org
    around the workspace. `clock` is where message timestamps come from, in seconds since 1970.
    """

    scenario_card: Json
    scopes: tuple[str, ...]
    events: tuple[str, ...]
    commands: tuple[SlashCommand, ...]
    limits: Limits
    grid: Grid | None
    clock: Callable[[], float]


class SlackWorkspace(Acts):
    """One workspace with its web server. See the package for the whole interface by example."""

    def __init__(
        self,
        *,
        scenario_card: Json = _NO_SCENARIO,
        scopes: tuple[str, ...] = ALL_SCOPES,
        events: tuple[str, ...] = ALL_EVENTS,
        commands: tuple[SlashCommand, ...] = (AGW,),
        limits: Limits = _REAL,
        grid: Grid | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._secrets = Secrets(
            bot_token=f"xoxb-lab-{secrets.token_hex(12)}",
            app_token=f"xapp-lab-{secrets.token_hex(12)}",
            signing_secret=secrets.token_hex(16),
        )
        self._limits = limits
        super().__init__(
            Workspace(App(scopes, events, commands), limits, self._secrets, grid, clock)
        )
        self._server = Server(self._workspace, scenario_card)

    @classmethod
    @asynccontextmanager
    async def open(cls, port: int = 0, **settings: Unpack[Settings]) -> AsyncIterator[Self]:
        """A running workspace that is closed at the end of the block."""
        slack = cls(**settings)
        try:
            await slack.start(port)
            yield slack
        finally:
            await slack.close()

    async def start(self, port: int = 0) -> None:
        """Listen on 127.0.0.1. Raises OSError if the port is taken."""
        await self._server.start(port)

    async def close(self) -> None:
        """Stop deliveries, close connections, stop listening."""
        await self._workspace.delivery.close()
        await self._server.close()

    # -- for the app ---------------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        """Base address of the Web API; ends with `/api/`."""
        return f"{self._workspace.base_url}api/"

    @property
    def page_url(self) -> str:
        """Address of the page for people; ends with a slash."""
        return self._workspace.base_url

    @property
    def bot_token(self) -> str:
        return self._secrets.bot_token

    @property
    def app_token(self) -> str:
        return self._secrets.app_token

    @property
    def signing_secret(self) -> str:
        return self._secrets.signing_secret

    def tell_environment(self, environment: Mapping[str, str]) -> None:
        """Say under `/lab/environment` how programs of this machine are pointed at the lab."""
        self._server.tell_environment(environment)

    async def use_http(self, url: str) -> None:
        """Deliver to this request URL, not to sockets; raises ConnectionError if it is wrong."""
        request_url = RequestUrl(url, self.signing_secret, self._limits)
        try:
            await request_url.verify()
        except ConnectionError:
            await request_url.close()
            raise
        self._workspace.delivery.request_url = request_url
        self._workspace.changes.publish({"type": "connected", "connected": True})

    async def wait_connected(self, timeout: float | None = 10.0) -> None:
        """Return as soon as the app can be reached; raises TimeoutError, unless there is no limit."""
        await self.wait_for(lambda: self._workspace.delivery.connected, timeout)

    # -- what there is to see ------------------------------------------------------------------

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """Public messages, oldest first; with `thread_ts` that parent and its replies."""
        return self._workspace.messages.in_channel(channel, thread_ts)

    def ephemerals(self, person_id: str, channel: str) -> list[Json]:
        """What only that person sees there, oldest first."""
        return self._workspace.messages.only_for(person_id, channel)

    def views(self, person_id: str) -> list[Json]:
        """The views of the person's open modal, the visible one last."""
        return self._workspace.views.stack(person_id)

    def home(self, person_id: str) -> Json | None:
        """The app's Home tab of that person."""
        return self._workspace.views.home(person_id)

    def files(self) -> tuple[StoredFile, ...]:
        """All shared files, with their content."""
        return self._workspace.files.shared()

    @property
    def calls(self) -> tuple[ApiCall, ...]:
        """Every Web API call so far."""
        return tuple(self._workspace.calls)

    def transcript(self) -> str:
        """All conversations as text, what only one person sees included."""
        everything = [
            message
            for channel in CHANNELS
            for message in (
                *self.messages(channel),
                *(one for person in PEOPLE for one in self.ephemerals(person, channel)),
            )
        ]
        return texts(sorted(everything, key=lambda message: float(message["ts"])))

    async def wait_for(
        self,
        predicate: Callable[[], T],
        timeout: float | None = 10.0,
    ) -> T:
        """The predicate's result as soon as it is truthy; evaluated again after each change.

        Raises TimeoutError with the conversation in its text.
        """
        try:
            return await self._workspace.changes.until(predicate, timeout)
        except TimeoutError:
            said = self.transcript() or "(nobody said anything)"
            raise TimeoutError(f"not within {timeout} s; the conversation:\n{said}") from None

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call `callback` for every change on anyone's screen; call the result to stop."""
        return self._workspace.changes.subscribe(callback)

    def changes(self) -> AsyncGenerator[Change, None]:
        """Every change from now on."""
        news: asyncio.Queue[Change] = asyncio.Queue()
        return _followed(news, self.subscribe(news.put_nowait))

    # -- trouble on demand ---------------------------------------------------------------------

    @property
    def faults(self) -> Faults:
        """What goes wrong next."""
        return self._workspace.faults

    @property
    def sockets(self) -> Sockets:
        """The app's connections, to refresh or to cut."""
        return self._workspace.sockets

    def describe(self, user: str, **flags: bool | str) -> None:
        """Make somebody a guest (`is_restricted`, `is_ultra_restricted`), `deleted` or of another `team_id`, for
        users.info (https://docs.slack.dev/reference/objects/user-object)."""
        self._workspace.flags[user] = dict(flags)

    def leave(self, channel: str, user: str) -> None:
        """Take someone, or the bot, out of a channel."""
        self._workspace.messages.members[channel].discard(user)

    def archive(self, channel: str) -> None:
        """Nobody can write there any more, and nothing there can be edited."""
        self._workspace.messages.archived.add(channel)

    def refuse_token(self, error: str | None) -> None:
        """The bot token is answered with this (`token_revoked`, `account_inactive`); None: it is valid again."""
        self._workspace.refused = error

    def expire_triggers(self) -> None:
        """Make every `trigger_id` too old."""
        self._workspace.triggers.expire_all()

    def expire_response_urls(self) -> None:
        """Make every `response_url` too old."""
        self._workspace.response_urls.expire_all()


async def _followed(
    news: asyncio.Queue[Change], unsubscribe: Callable[[], None]
) -> AsyncGenerator[Change, None]:
    try:
        while True:
            yield await news.get()
    finally:
        unsubscribe()
