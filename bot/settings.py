"""The environment variables, read once at the start and passed on as values. A bad value stops the start.

The error names the variable, says what is wrong and gives an example. It never repeats the value: a secret in the wrong
variable must not end up in a log.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

from bot import setting_values as values
from bot.core.changes.limits import Once, Weekly
from bot.core.model.endpoint import Endpoint
from bot.core.problem import Problem
from bot.freeze_setting import freeze
from bot.nearest import did_you_mean, near

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings. (The AZURE_* variables belong to azure-identity.)

    `slack_api_url` ends with a slash, `arm_url` does not. `connect_to` redirects connections from its left side to its
    right side. `dns_servers` resolve the backends' names; if there are none, this machine's resolver does. `approvers`
    are ids of users and user groups; if there are none, nobody may approve. `public_ca_file` is a PEM file of roots
    that count as well-known public CAs.
    """

    slack_bot_token: str | None = field(default=None, repr=False)
    slack_app_token: str | None = field(default=None, repr=False)
    slack_signing_secret: str | None = field(default=None, repr=False)
    slack_api_url: str = values.SLACKS["Slack"]
    listen: Endpoint = ("127.0.0.1", 3000)
    arm_url: str = "https://management.azure.com"
    writer_client_id: str = ""
    subscriptions: tuple[str, ...] = ()
    connect_to: Mapping[Endpoint, Endpoint] = field(default_factory=dict)
    loopback_only: bool = False
    dns_servers: tuple[Endpoint, ...] = ()
    database_url: str = field(repr=False)  # A PostgreSQL address holds a password.
    retention: values.Retention = field(default_factory=values.Retention)
    audit_syslog: values.SyslogServer | None = None
    approvers: tuple[str, ...] = ()
    allow_guests: bool = False
    require_second_person: bool = False
    approval_ttl: timedelta = timedelta(seconds=1800)
    approval_channel: str = ""
    rate: tuple[int, timedelta] | None = None
    report_channels: tuple[str, ...] = ()
    alert_bots: tuple[str, ...] = ()
    read_only: bool = False
    freeze: tuple[Weekly | Once, ...] = ()
    change_only: tuple[str, ...] = ()
    change_never: tuple[str, ...] = ()
    public_ca_file: Path | None = None
    debug: bool = False
    health_listen: Endpoint | None = None
    log_format: values.LogFormat = "text"
    log_level: values.LogLevel = "info"

    @property
    def approver_users(self) -> tuple[str, ...]:
        """The approvers that are named individually."""
        return tuple(it for it in self.approvers if not it.startswith("S"))

    @property
    def approver_groups(self) -> tuple[str, ...]:
        """The user groups whose members are approvers."""
        return tuple(it for it in self.approvers if it.startswith("S"))

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """The settings in an environment; an empty variable counts as not set.

        Raises:
            Problem: `bad_setting`.
        """
        given: dict[str, Any] = {
            it.field: _parsed(it.name, it.parse, text, it.example) for it, text in _given(environ)
        }
        if "database_url" not in given:
            given["database_url"] = _database_at_home(environ)
        return cls(**given)


def wrong_settings(environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """Everything that is wrong with the variables; `from_environment` stops at the first."""
    wrong: list[Problem] = []
    for it, text in _given(environ):
        try:
            _parsed(it.name, it.parse, text, it.example)
        except Problem as problem:
            wrong.append(problem)
    return tuple(wrong)


def unknown_settings(environ: Mapping[str, str]) -> tuple[Problem, ...]:
    """Every AGW_ variable that means nothing, and the one that was probably meant."""
    strange = sorted(it for it in environ if it.startswith("AGW_") and it not in SETTING_NAMES)
    return tuple(map(_unknown, strange))


def hint_for_setting(name: str) -> str:
    """What to do about a name that is no setting."""
    return did_you_mean(near(name, SETTING_NAMES, 1), "docs/settings.md has all that there are.")


def _unknown(name: str) -> Problem:
    told = f"{name} is no setting, so it has no effect."
    return Problem("bad_setting", told, hint_for_setting(name))


def parse_connect_to(text: str) -> dict[Endpoint, Endpoint]:
    """Parse `--connect-to`: HOST:PORT=HOST:PORT, one or a comma list, IPv6 addresses in brackets.

    Raises:
        Problem: `bad_setting`.
    """
    return _parsed("--connect-to", values.connect_to, text, "10.1.5.11:443=127.0.0.1:8443")


def _parsed(name: str, parse: Callable[[str], T], text: str, example: str) -> T:
    try:
        return parse(text)
    except values.Wrong as wrong:
        raise Problem("bad_setting", f"{name} {wrong}.", f"Example: {name}={example}") from None


def _database_at_home(environ: Mapping[str, str]) -> str:
    # A relative XDG_STATE_HOME must be ignored (specifications.freedesktop.org/basedir-spec).
    state = Path(environ.get("XDG_STATE_HOME", ""))
    if not state.is_absolute():
        try:
            state = Path(environ.get("HOME") or Path.home(), ".local", "state")
        except RuntimeError:
            raise Problem(
                "bad_setting",
                "AGW_DATABASE_URL is not set, and there is no home directory for the database.",
                "Example: AGW_DATABASE_URL=sqlite:////var/lib/agw/agw.db",
            ) from None
    return f"sqlite:///{state / 'agw' / 'agw.db'}"


def _given(environ: Mapping[str, str]) -> Iterator[tuple["_Variable", str]]:
    """The variables that are set, each with its text."""
    return ((it, text) for it in _VARIABLES if (text := environ.get(it.name, "").strip()))


class _Variable(NamedTuple):
    name: str
    field: str
    parse: Callable[[str], Any]
    example: str


_VARIABLES = (
    _Variable("SLACK_BOT_TOKEN", "slack_bot_token", values.bot_token, "xoxb-..."),
    _Variable("SLACK_APP_TOKEN", "slack_app_token", values.app_token, "xapp-..."),
    _Variable("SLACK_SIGNING_SECRET", "slack_signing_secret", values.secret, "8f742231b10e..."),
    _Variable("SLACK_API_URL", "slack_api_url", values.slack_url, values.SLACKS["GovSlack"]),
    _Variable("AGW_LISTEN", "listen", values.listen, "127.0.0.1:3000"),
    _Variable("AGW_ARM_URL", "arm_url", values.url, "https://management.usgovcloudapi.net"),
    _Variable(
        "AGW_WRITER_CLIENT_ID",
        "writer_client_id",
        values.client_id,
        "11111111-2222-3333-4444-555555555555",
    ),
    _Variable(
        "AGW_SUBSCRIPTIONS",
        "subscriptions",
        values.subscriptions,
        "11111111-2222-3333-4444-555555555555",
    ),
    _Variable("AGW_CONNECT_TO", "connect_to", values.connect_to, "10.1.5.11:443=127.0.0.1:8443"),
    _Variable("AGW_DNS_SERVERS", "dns_servers", values.dns_servers, "10.0.0.4,10.0.0.5:53"),
    _Variable("AGW_LOOPBACK_ONLY", "loopback_only", values.switch, "1"),
    _Variable("AGW_DATABASE_URL", "database_url", values.database, "sqlite:////var/lib/agw/agw.db"),
    _Variable("AGW_RETENTION", "retention", values.retention, "90,audit=400"),
    _Variable("AGW_AUDIT_SYSLOG", "audit_syslog", values.syslog, "tcp://syslog.contoso.com:601"),
    _Variable("AGW_APPROVERS", "approvers", values.approvers, "U012ABCDEF,S034GHIJKL"),
    _Variable("AGW_ALLOW_GUESTS", "allow_guests", values.switch, "1"),
    _Variable("AGW_REQUIRE_SECOND_PERSON", "require_second_person", values.switch, "1"),
    _Variable("AGW_APPROVAL_TTL", "approval_ttl", values.seconds, "1800"),
    _Variable("AGW_APPROVAL_CHANNEL", "approval_channel", values.channel, "C012ABCDEF"),
    _Variable("AGW_RATE", "rate", values.rate, "5/10"),
    _Variable("AGW_REPORT_CHANNELS", "report_channels", values.channels, "C012ABCDEF,C034GHIJKL"),
    _Variable("AGW_ALERT_BOTS", "alert_bots", values.bots, "B012ABCDEF,A034GHIJKL"),
    _Variable("AGW_READ_ONLY", "read_only", values.switch, "1"),
    _Variable("AGW_FREEZE", "freeze", freeze, "Fri 16:00..Mon 07:00 Europe/Berlin"),
    _Variable("AGW_CHANGE_ONLY", "change_only", values.patterns, "agw-test,rg-shop/*"),
    _Variable("AGW_CHANGE_NEVER", "change_never", values.patterns, "*-prod"),
    _Variable("AGW_PUBLIC_CA_FILE", "public_ca_file", Path, "/etc/agw/public-roots.pem"),
    _Variable("AGW_HEALTH_LISTEN", "health_listen", values.listen, "0.0.0.0:8080"),
    _Variable("AGW_LOG_FORMAT", "log_format", values.log_format, "json"),
    _Variable("AGW_LOG_LEVEL", "log_level", values.log_level, "info"),
    _Variable("AGW_DEBUG", "debug", values.switch, "1"),
)

SETTING_NAMES = tuple(it.name for it in _VARIABLES)
"""The environment variables that mean something to the bot."""
