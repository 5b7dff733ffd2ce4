"""The environment, read once at the start and handed down as values. A bad value stops the start.

The error names the variable, says what is wrong and gives an example. It never repeats the value: a secret that was
put into the wrong variable must not end up in a log.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar
from urllib.parse import urlsplit

from bot.core.problem import Problem

DNS_PORT = 53

T = TypeVar("T")
Endpoint = tuple[str, int]
"""Host and port; the host is a name or an IP address, in lower case and without brackets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set. (The AZURE_* variables are azure-identity's own.)

    `slack_api_url` ends with a slash, `arm_url` does not. `connect_to` sends what is meant for its left side to its
    right side. `dns_servers` are asked for backends' names, without any this machine's resolver is. `approvers` are
    ids of users and user groups; without any, nobody may approve. `public_ca_file` is a PEM file of roots that count
    as well-known public CAs.
    """

    slack_bot_token: str | None = field(default=None, repr=False)
    slack_app_token: str | None = field(default=None, repr=False)
    slack_signing_secret: str | None = field(default=None, repr=False)
    slack_api_url: str = "https://slack.com/api/"
    listen: Endpoint = ("127.0.0.1", 3000)
    arm_url: str = "https://management.azure.com"
    subscriptions: tuple[str, ...] = ()
    connect_to: Mapping[Endpoint, Endpoint] = field(default_factory=dict)
    loopback_only: bool = False
    dns_servers: tuple[Endpoint, ...] = ()
    database_url: str = field(repr=False)  # A PostgreSQL address holds a password.
    approvers: tuple[str, ...] = ()
    require_second_person: bool = False
    approval_ttl: timedelta = timedelta(seconds=1800)
    report_channels: tuple[str, ...] = ()
    alert_bots: tuple[str, ...] = ()
    read_only: bool = False
    public_ca_file: Path | None = None
    debug: bool = False

    @property
    def approver_users(self) -> tuple[str, ...]:
        """The approvers that are named themselves."""
        return tuple(it for it in self.approvers if not it.startswith("S"))

    @property
    def approver_groups(self) -> tuple[str, ...]:
        """The user groups whose members are approvers."""
        return tuple(it for it in self.approvers if it.startswith("S"))

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> Self:
        """The settings of one environment; a variable that is empty counts as not set.

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
    """All that is wrong with the variables, where `from_environment` stops at the first."""
    wrong: list[Problem] = []
    for it, text in _given(environ):
        try:
            _parsed(it.name, it.parse, text, it.example)
        except Problem as problem:
            wrong.append(problem)
    return tuple(wrong)


def parse_connect_to(text: str) -> dict[Endpoint, Endpoint]:
    """What `--connect-to` says: HOST:PORT=HOST:PORT, one or a comma list, IPv6 addresses in brackets.

    Raises:
        Problem: `bad_setting`.
    """
    return _parsed("--connect-to", _connect_to, text, "10.1.5.11:443=127.0.0.1:8443")


class _Wrong(Exception):
    """What is wrong with a value, as the end of a sentence that begins with the variable's name."""


def _parsed(name: str, parse: Callable[[str], T], text: str, example: str) -> T:
    try:
        return parse(text)
    except _Wrong as wrong:
        raise Problem("bad_setting", f"{name} {wrong}.", f"Example: {name}={example}") from None


def _switch(text: str) -> bool:
    try:
        return _SWITCH[text.lower()]
    except KeyError:
        raise _Wrong("is neither yes (1, true, yes) nor no (0, false, no)") from None


_SWITCH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def _seconds(text: str) -> timedelta:
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) == 0:
        raise _Wrong("is not a whole number of seconds above 0")
    return timedelta(seconds=int(text))


def _secret(text: str) -> str:
    if not re.fullmatch("[!-~]+", text):
        raise _Wrong("holds a space, a line break or another character that no secret of Slack has")
    return text


def _bot_token(text: str) -> str:
    if text.startswith("xapp-"):
        raise _Wrong("holds an app-level token; a bot token is needed here")
    return _secret(text)


def _app_token(text: str) -> str:
    if text.startswith("xoxb-"):
        raise _Wrong("holds a bot token; an app-level token is needed here")
    return _secret(text)


def _slack_url(text: str) -> str:
    # slack_sdk joins it with a method's name.
    return f"{_url(text)}/"


def _url(text: str) -> str:
    """An https address without its last slash; plain http only where nothing leaves the machine."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise _Wrong("is not a URL") from None
    if parts.scheme not in ("http", "https") or not host or not re.fullmatch("[!-~]+", text):
        raise _Wrong("is not a URL")
    if re.search("[@?#]", text):
        raise _Wrong("has more than a host and a path")
    if parts.scheme == "http" and not _is_loopback(host):
        raise _Wrong("is plain http, which is taken for loopback only; use https")
    return text.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _database(text: str) -> str:
    if not re.fullmatch("(sqlite:///|postgresql://).+", text):
        raise _Wrong(
            "begins neither with sqlite:/// (and a file) nor with postgresql:// (and a server)"
        )
    return text


def _database_at_home(environ: Mapping[str, str]) -> str:
    # A relative XDG_STATE_HOME is to be ignored (specifications.freedesktop.org/basedir-spec).
    state = Path(environ.get("XDG_STATE_HOME", ""))
    if not state.is_absolute():
        try:
            state = Path(environ.get("HOME") or Path.home(), ".local", "state")
        except RuntimeError:
            raise Problem(
                "bad_setting",
                "AGW_DATABASE_URL is not set, and there is no home directory to keep the database in.",
                "Example: AGW_DATABASE_URL=sqlite:////var/lib/agw/agw.db",
            ) from None
    return f"sqlite:///{state / 'agw' / 'agw.db'}"


def _connect_to(text: str) -> dict[Endpoint, Endpoint]:
    mapped: dict[Endpoint, Endpoint] = {}
    for place, entry in _entries(text):
        meant, equals, real = entry.partition("=")
        if not equals:
            raise _Wrong(f"has no = in {place}")
        left, right = _endpoint(meant, place), _endpoint(real, place)
        if mapped.setdefault(left, right) != right:
            raise _Wrong(f"sends the left side of {place} to two different places")
    return mapped


def _dns_servers(text: str) -> tuple[Endpoint, ...]:
    return tuple(dict.fromkeys(_dns_server(entry, place) for place, entry in _entries(text)))


def _dns_server(text: str, place: str) -> Endpoint:
    try:
        return str(ip_address(text)), DNS_PORT
    except ValueError:
        host, port = _endpoint(text, place)
    if not re.fullmatch("[0-9A-Fa-f:.]+", host):
        raise _Wrong(f"has a name in {place}; a DNS server is told by its IP address")
    return host, port


def _listen(text: str) -> Endpoint:
    return _endpoint(text, "it", least_port=0)


def _endpoint(text: str, place: str, least_port: int = 1) -> Endpoint:
    found = re.fullmatch(
        r"(?:\[(?P<six>[0-9A-Fa-f:.]*)\]|(?P<host>[^\[\]:]*)):(?P<port>[0-9]{1,5})", text
    )
    if not found:
        raise _Wrong(f"has something else than HOST:PORT in {place} (IPv6 addresses in brackets)")
    port = int(found["port"])
    if not least_port <= port <= 65535:
        raise _Wrong(f"has a port that does not exist in {place}")
    return _host(found["six"], found["host"], place), port


def _host(six: str | None, host: str | None, place: str) -> str:
    try:
        if six is not None:
            return str(IPv6Address(six))
        if host and re.fullmatch("[0-9.]+", host):
            return str(ip_address(host))
    except ValueError:
        raise _Wrong(f"has an IP address that does not exist in {place}") from None
    if not host or not _NAME.fullmatch(host):
        raise _Wrong(f"has no host name in {place}")
    return host.lower()


_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?")


def _subscriptions(text: str) -> tuple[str, ...]:
    return _ids(text, "[A-Za-z0-9-]+", "a subscription id (not its name)")


def _approvers(text: str) -> tuple[str, ...]:
    return _ids(text, "[UWS][A-Z0-9]+", "the id of a Slack user (U..., W...) or user group (S...)")


def _channels(text: str) -> tuple[str, ...]:
    return _ids(text, "[CG][A-Z0-9]+", "the id of a Slack channel (C..., G...)")


def _bots(text: str) -> tuple[str, ...]:
    return _ids(text, "[AB][A-Z0-9]+", "the id of a Slack bot (B...) or app (A...)")


def _ids(text: str, shape: str, what: str) -> tuple[str, ...]:
    for place, entry in _entries(text):
        if not re.fullmatch(shape, entry):
            raise _Wrong(f"has something else than {what} in {place}")
    return tuple(dict.fromkeys(entry for _, entry in _entries(text)))


def _entries(text: str) -> list[tuple[str, str]]:
    """The parts of a comma list, each with its place in words, because its text is never repeated."""
    entries = [entry.strip() for entry in text.split(",")]
    if not any(entries):
        raise _Wrong("names nothing")
    return [(f"entry {number}", entry) for number, entry in enumerate(entries, 1) if entry]


def _given(environ: Mapping[str, str]) -> Iterator[tuple["_Variable", str]]:
    """The variables that are set, each with its text."""
    return ((it, text) for it in _VARIABLES if (text := environ.get(it.name, "").strip()))


class _Variable(NamedTuple):
    name: str
    field: str
    parse: Callable[[str], Any]
    example: str


_VARIABLES = (
    _Variable("SLACK_BOT_TOKEN", "slack_bot_token", _bot_token, "xoxb-..."),
    _Variable("SLACK_APP_TOKEN", "slack_app_token", _app_token, "xapp-..."),
    _Variable("SLACK_SIGNING_SECRET", "slack_signing_secret", _secret, "8f742231b10e..."),
    _Variable("SLACK_API_URL", "slack_api_url", _slack_url, "https://slack-gov.com/api/"),
    _Variable("AGW_LISTEN", "listen", _listen, "127.0.0.1:3000"),
    _Variable("AGW_ARM_URL", "arm_url", _url, "https://management.usgovcloudapi.net"),
    _Variable(
        "AGW_SUBSCRIPTIONS", "subscriptions", _subscriptions, "11111111-2222-3333-4444-555555555555"
    ),
    _Variable("AGW_CONNECT_TO", "connect_to", _connect_to, "10.1.5.11:443=127.0.0.1:8443"),
    _Variable("AGW_DNS_SERVERS", "dns_servers", _dns_servers, "10.0.0.4,10.0.0.5:53"),
    _Variable("AGW_LOOPBACK_ONLY", "loopback_only", _switch, "1"),
    _Variable("AGW_DATABASE_URL", "database_url", _database, "sqlite:////var/lib/agw/agw.db"),
    _Variable("AGW_APPROVERS", "approvers", _approvers, "U012ABCDEF,S034GHIJKL"),
    _Variable("AGW_REQUIRE_SECOND_PERSON", "require_second_person", _switch, "1"),
    _Variable("AGW_APPROVAL_TTL", "approval_ttl", _seconds, "1800"),
    _Variable("AGW_REPORT_CHANNELS", "report_channels", _channels, "C012ABCDEF,C034GHIJKL"),
    _Variable("AGW_ALERT_BOTS", "alert_bots", _bots, "B012ABCDEF,A034GHIJKL"),
    _Variable("AGW_READ_ONLY", "read_only", _switch, "1"),
    _Variable("AGW_PUBLIC_CA_FILE", "public_ca_file", Path, "/etc/agw/public-roots.pem"),
    _Variable("AGW_DEBUG", "debug", _switch, "1"),
)
