"""Lines of the audit log as syslog messages: what RFC 5424 says, and nothing that gets out of its place."""

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.cli.syslog import LONGEST_DATAGRAM, message
from bot.core.changes.audit import AuditEntry, AuditLine

AT = datetime(2026, 11, 23, 4, 0, 0, 250_000, timezone(timedelta(hours=1)))
HASH = "ab" * 32

# RFC 5424, section 6, as strict as it is there.
_HEADER = r"<(\d{1,3})>(\d{1,2}) (\S+) ([!-~]{1,255}) ([!-~]{1,48}) ([!-~]{1,128}) ([!-~]{1,32})"
_PARAM = r'[!#-<>-\\^-~]{1,32}="(?:[^"\\\]]|\\["\\\]])*"'
_MESSAGE = re.compile(rf"{_HEADER} (\[[!#-<>-\\^-~]{{1,32}}(?: {_PARAM})*\]) (.*)", re.DOTALL)


def line(text: str = '{"a":1}', hash_: str | None = HASH, **entry: str) -> AuditLine:
    """A line with what a test says."""
    given = {"action": "approved", "gateway_id": "/g/agw", "user": "U1"} | entry
    return AuditLine(AuditEntry(AT, **given), 7, text, hash_ and "", hash_)  # type: ignore[arg-type]


def parsed(told: bytes) -> tuple[str, ...]:
    """Priority, version, time, host, app, process, id, data and text."""
    found = _MESSAGE.fullmatch(told.decode())
    assert found is not None, told
    return found.groups()


def test_a_message_has_everything_in_its_place() -> None:
    assert parsed(message(line(), "host-1", "42")) == (
        "110",  # 13 (log audit) * 8 + 6 (informational)
        "1",
        "2026-11-23T03:00:00.250000+00:00",
        "host-1",
        "agw",
        "42",
        "approved",
        f'[agw@32473 line="7" hash="{HASH}" gateway="/g/agw" user="U1"]',
        '{"a":1}',
    )


def test_what_is_not_known_is_a_dash() -> None:
    assert parsed(message(line(action="")))[3:7] == ("-", "agw", "-", "-")


def test_a_line_that_is_not_chained_has_no_hash() -> None:
    assert "hash" not in parsed(message(line(hash_=None)))[7]


@pytest.mark.parametrize(
    ("user", "shown"),
    [
        ('a"] [x@1 b="', r"a\"\] [x@1 b=\""),
        ("back\\slash", r"back\\slash"),
        ("two\nlines\x1b[2J", "two lines [2J"),
        ("\u00fcber\u2028", "\u00fcber "),
        ("\ud800", " "),
    ],
)
def test_no_value_gets_out_of_its_quotation_marks(user: str, shown: str) -> None:
    told = message(line(user=user))
    data = parsed(told)[7]
    assert data.endswith(f' user="{shown}"]')
    assert b"\n" not in told


@pytest.mark.parametrize("action", ["a b", "a\nb", "a\u00e9b"])
def test_no_header_has_a_space_within(action: str) -> None:
    assert parsed(message(line(action=action), "my host"))[3:7] == ("my_host", "agw", "-", "a_b")


@pytest.mark.parametrize("length", [1, 10_000])
def test_a_datagram_is_cut_where_it_would_be_lost(length: int) -> None:
    told = message(line("x" * length), most=LONGEST_DATAGRAM)
    *_, data, text = parsed(told)
    assert len(told) <= LONGEST_DATAGRAM
    assert (' cut="1"' in data, len(text) < length) == (length > 1, length > 1)


def test_the_time_is_utc() -> None:
    assert datetime.fromisoformat(parsed(message(line()))[2]) == AT.astimezone(UTC)
