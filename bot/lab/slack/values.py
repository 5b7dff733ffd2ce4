"""The few types that every part of the lab's Slack uses: JSON, an API error, the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.lab.values import Json


class ApiError(Exception):
    """A Web API method refuses: becomes `{"ok": false, "error": code, ...extra}`.

    `status` and `headers` are those of the HTTP answer: Slack says 200 to nearly every refusal.
    """

    def __init__(
        self,
        code: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = dict(headers or {})
        self.extra = extra


class NoSuchElement(LookupError):
    """A person tries to use a button, menu or modal that is not on their screen."""


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A slash command as the app's manifest declares it.

    `should_escape` is the manifest's "escape channels, users, and links sent to your app".
    https://docs.slack.dev/interactivity/implementing-slash-commands
    """

    command: str
    description: str
    usage_hint: str = ""
    should_escape: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """Slack's clocks and counters, in seconds unless said otherwise. Tests shorten them.

    https://docs.slack.dev/interactivity/handling-user-interaction (3 s, trigger, response_url)
    https://docs.slack.dev/apis/events-api/#retries (three retries: at once, 1 min, 5 min)
    https://docs.slack.dev/apis/web-api/rate-limits (tiers; one message a second in a channel)
    """

    ack: float = 3.0
    trigger: float = 3.0
    response_url: float = 1800.0
    response_url_uses: int = 5
    event_retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    sockets: int = 10
    rate_limited: bool = True


ALL_SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users:read",
    "users:read.email",
)

ALL_EVENTS = ("app_mention", "message.channels", "app_home_opened")

AGW = SlashCommand(
    "/agw",
    "Find out why an Application Gateway returns 502, and fix it",
    "diagnose <gateway> | help",
)


@dataclass(frozen=True, slots=True)
class App:
    """The one app that is installed in the workspace, as its manifest describes it."""

    scopes: tuple[str, ...]
    events: tuple[str, ...]
    commands: tuple[SlashCommand, ...]


@dataclass(frozen=True, slots=True)
class Payload:
    """Something for the app. `kind` is the envelope's type; `retry` counts from 0."""

    kind: str
    body: Json
    retry: int = 0
    retry_reason: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the acknowledgement may carry a body."""
        return self.kind != "events_api"

    @property
    def by_person(self) -> bool:
        """Whether a person has just caused it: no repetition, and no news of what the app said itself."""
        event = self.body.get("event", {})
        said = event.get("message") or event.get("previous_message") or event
        return self.retry == 0 and "bot_id" not in said


@dataclass(frozen=True, slots=True)
class Ack:
    """The app's answer to a payload: its body, or the error that Slack shows instead."""

    payload: Json | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The result of a slash command. `response` is the body of the acknowledgement, if it had one.

    `error` is Slack's code: `operation_timeout` (no answer in time), `dispatch_failed` (the app
    could not be reached, or answered with an error), `unknown_command`.
    """

    ok: bool
    error: str | None = None
    response: Json | None = None


@dataclass(frozen=True, slots=True)
class ClickResult:
    """Whether the app acknowledged the click; `error` as in `CommandResult`."""

    ok: bool
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ViewResult:
    """The result of pressing a modal's submit button: accepted, or `errors` by block id.

    `error` says that the app did not answer as it must (the modal then stays open).
    """

    ok: bool
    errors: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
