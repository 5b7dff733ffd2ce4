"""Parsers of settings: text in, value out; an invalid text raises `Wrong`, which never repeats the text."""

import re
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import Literal, NamedTuple, cast, get_args
from urllib.parse import unquote, urlsplit

from bot.core.model.endpoint import Endpoint

DNS_PORT = 53

SLACKS = {"Slack": "https://slack.com/api/", "GovSlack": "https://slack-gov.com/api/"}
"""Bases of the Web API; everything else that an app talks to is told by it (https://api.slack-gov.com/gov-slack/about)."""

LogFormat = Literal["text", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]


class Retention(NamedTuple):
    """For how long things are kept: lines of the audit log (None: for good), and what else is kept for a while."""

    others: timedelta = timedelta(days=90)
    audit: timedelta | None = None


class SyslogServer(NamedTuple):
    """Where syslog messages go: `address` is a host and a port, or the path of a socket."""

    kind: Literal["udp", "tcp", "unix"]
    address: Endpoint | str


class Wrong(Exception):
    """What is wrong with a value, as the rest of a sentence that begins with the variable's name."""


def switch(text: str) -> bool:
    """Yes or no."""
    try:
        return _SWITCH[text.lower()]
    except KeyError:
        raise Wrong("is neither yes (1, true, yes) nor no (0, false, no)") from None


_SWITCH = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}


def seconds(text: str) -> timedelta:
    """A whole number of seconds."""
    if not re.fullmatch("[0-9]{1,9}", text) or int(text) == 0:
        raise Wrong("is not a whole number of seconds above 0")
    return timedelta(seconds=int(text))


def rate(text: str) -> tuple[int, timedelta]:
    """N/M: so many within so many minutes."""
    found = re.fullmatch("([0-9]{1,3}) ?/ ?([0-9]{1,4})", text)
    if found is None:
        raise Wrong("is not N/M, a number of diagnoses and a number of minutes")
    number, minutes = int(found[1]), int(found[2])
    if not 1 <= number <= 100 or not 1 <= minutes <= 1440:
        raise Wrong("must have from 1 to 100 diagnoses within 1 to 1440 minutes")
    return number, timedelta(minutes=minutes)


def days(text: str) -> timedelta:
    """A whole number of days."""
    if not re.fullmatch("[0-9]{1,5}", text) or int(text) == 0:
        raise Wrong("is not a whole number of days above 0")
    return timedelta(days=int(text))


def retention(text: str) -> Retention:
    """DAYS, or audit=DAYS, or both: only with the latter does the audit log lose anything."""
    found = Retention()
    for place, entry in entries(text):
        name, equals, number = entry.rpartition("=")
        if equals and name.strip() != "audit":
            raise Wrong(f"has something other than DAYS or audit=DAYS in {place}")
        kept = days(number.strip())
        found = found._replace(audit=kept) if equals else found._replace(others=kept)
    return found


def syslog(text: str) -> SyslogServer:
    """udp://HOST:PORT, tcp://HOST:PORT or unix:///PATH."""
    kind, found, rest = text.partition("://")
    if found and kind == "unix" and rest.startswith("/") and "\0" not in unquote(rest):
        return SyslogServer("unix", unquote(rest))
    if not found or kind not in ("udp", "tcp"):
        raise Wrong("is neither udp://HOST:PORT, tcp://HOST:PORT nor unix:///PATH")
    return SyslogServer("tcp" if kind == "tcp" else "udp", _endpoint(rest.rstrip("/"), "it"))


def log_format(text: str) -> LogFormat:
    """How the log is written."""
    if text.lower() not in get_args(LogFormat):
        raise Wrong("is neither text nor json")
    return cast(LogFormat, text.lower())


def log_level(text: str) -> LogLevel:
    """From which level on something is logged."""
    if text.lower() not in get_args(LogLevel):
        raise Wrong(f"is none of {', '.join(get_args(LogLevel))}")
    return cast(LogLevel, text.lower())


def secret(text: str) -> str:
    """A Slack token or secret of any kind."""
    if not re.fullmatch("[!-~]+", text):
        raise Wrong("contains a space, a line break or another character that no Slack secret has")
    return text


def bot_token(text: str) -> str:
    """A bot token."""
    if text.startswith("xapp-"):
        raise Wrong("is an app-level token; a bot token is needed here")
    return secret(text)


def app_token(text: str) -> str:
    """An app-level token."""
    if text.startswith("xoxb-"):
        raise Wrong("is a bot token; an app-level token is needed here")
    return secret(text)


def slack_url(text: str) -> str:
    """The base URL of a Slack Web API."""
    # slack_sdk appends a method's name to it.
    found = f"{url(text)}/"
    for base in SLACKS.values():
        if urlsplit(found).hostname == urlsplit(base).hostname and found != base:
            raise Wrong(f"is not where that Slack has its Web API, which is {base}")
    return found


def url(text: str) -> str:
    """An https URL without trailing slashes; plain http only for loopback."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise Wrong("is not a URL") from None
    if parts.scheme not in ("http", "https") or not host or not re.fullmatch("[!-~]+", text):
        raise Wrong("is not a URL")
    if re.search("[@?#]", text):
        raise Wrong("may have only a host and a path")
    if parts.scheme == "http" and not _is_loopback(host):
        raise Wrong("is plain http, which is allowed for loopback only; use https")
    return text.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def database(text: str) -> str:
    """The URL of the database."""
    if not re.fullmatch("(sqlite:///|postgresql://).+", text):
        raise Wrong("must begin with sqlite:/// (and a file) or postgresql:// (and a server)")
    return text


def connect_to(text: str) -> dict[Endpoint, Endpoint]:
    """HOST:PORT=HOST:PORT, a comma list."""
    mapped: dict[Endpoint, Endpoint] = {}
    for place, entry in entries(text):
        meant, equals, real = entry.partition("=")
        if not equals:
            raise Wrong(f"has no = in {place}")
        left, right = _endpoint(meant, place), _endpoint(real, place)
        if mapped.setdefault(left, right) != right:
            raise Wrong(f"maps the left side of {place} to two different destinations")
    return mapped


def dns_servers(text: str) -> tuple[Endpoint, ...]:
    """IP or IP:PORT, a comma list."""
    return tuple(dict.fromkeys(_dns_server(entry, place) for place, entry in entries(text)))


def _dns_server(text: str, place: str) -> Endpoint:
    try:
        return str(ip_address(text)), DNS_PORT
    except ValueError:
        host, port = _endpoint(text, place)
    if not re.fullmatch("[0-9A-Fa-f:.]+", host):
        raise Wrong(f"has a name in {place}; give a DNS server by its IP address")
    return host, port


def patterns(text: str) -> tuple[str, ...]:
    """Names of gateways with * and ?, a comma list: NAME, GROUP/NAME or a resource id."""
    return _matching(text, r"[\w./*?() -]+", "has in {} what no name of a gateway or group has")


def listen(text: str) -> Endpoint:
    """HOST:PORT to listen on; port 0 means any free port."""
    return _endpoint(text, "it", least_port=0)


def _endpoint(text: str, place: str, least_port: int = 1) -> Endpoint:
    found = re.fullmatch(
        r"(?:\[(?P<six>[0-9A-Fa-f:.]*)\]|(?P<host>[^\[\]:]*)):(?P<port>[0-9]{1,5})", text
    )
    if not found:
        raise Wrong(f"has something other than HOST:PORT in {place} (IPv6 addresses in brackets)")
    port = int(found["port"])
    if not least_port <= port <= 65535:
        raise Wrong(f"has an invalid port in {place}")
    return _host(found["six"], found["host"], place), port


def _host(six: str | None, host: str | None, place: str) -> str:
    try:
        if six is not None:
            return str(IPv6Address(six))
        if host and re.fullmatch("[0-9.]+", host):
            return str(ip_address(host))
    except ValueError:
        raise Wrong(f"has an invalid IP address in {place}") from None
    if not host or not _NAME.fullmatch(host):
        raise Wrong(f"has no valid host name in {place}")
    return host.lower()


_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?")


def client_id(text: str) -> str:
    """The client id of an identity."""
    if not re.fullmatch("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", text):
        raise Wrong(
            "is not the client id of an identity (not its name, principal id or resource id)"
        )
    return text.lower()


def subscriptions(text: str) -> tuple[str, ...]:
    """Subscription ids, a comma list."""
    return _ids(text, "[A-Za-z0-9-]+", "a subscription id (not its name)")


def approvers(text: str) -> tuple[str, ...]:
    """Ids of Slack users and user groups, a comma list."""
    return _ids(text, "[UWS][A-Z0-9]+", "the id of a Slack user (U..., W...) or user group (S...)")


def channel(text: str) -> str:
    """The id of one Slack channel."""
    if not re.fullmatch("[CG][A-Z0-9]+", text):
        raise Wrong("is not the id of a Slack channel (C..., G...)")
    return text


def channels(text: str) -> tuple[str, ...]:
    """Ids of Slack channels, a comma list."""
    return _ids(text, "[CG][A-Z0-9]+", "the id of a Slack channel (C..., G...)")


def bots(text: str) -> tuple[str, ...]:
    """Ids of Slack bots and apps, a comma list."""
    return _ids(text, "[AB][A-Z0-9]+", "the id of a Slack bot (B...) or app (A...)")


def _ids(text: str, shape: str, what: str) -> tuple[str, ...]:
    return _matching(text, shape, f"has something other than {what} in {{}}")


def _matching(text: str, shape: str, wrong: str) -> tuple[str, ...]:
    """The entries of a comma list, each once; `wrong` is said with the place of one that has another shape."""
    for place, entry in entries(text):
        if not re.fullmatch(shape, entry):
            raise Wrong(wrong.format(place))
    return tuple(dict.fromkeys(entry for _, entry in entries(text)))


def entries(text: str) -> list[tuple[str, str]]:
    """The entries of a comma list, each with its position in words, as its text is never repeated."""
    entries = [entry.strip() for entry in text.split(",")]
    if not any(entries):
        raise Wrong("has no entries")
    return [(f"entry {number}", entry) for number, entry in enumerate(entries, 1) if entry]
