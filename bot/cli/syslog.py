"""A line of the audit log as a syslog message (RFC 5424, https://www.rfc-editor.org/rfc/rfc5424).

Its structured data has what one searches for, and the hashes; its MSG is the line's text as it is stored, so the chain
can be verified where the messages are kept. That text is JSON in ASCII, so it has no line break.
"""

import re
from datetime import UTC

from bot.core.changes.audit import AuditLine

PRIORITY = 13 * 8 + 6
"""Facility 13, log audit, and severity 6, informational (section 6.2.1)."""

NOTHING = "-"
"""What a header has where there is nothing to say (NILVALUE, section 6)."""

SD_ID = "agw@32473"
"""The number is the one reserved for examples (RFC 5612), because this project has none of its own."""

LONGEST_DATAGRAM = 2048
"""Bytes that a receiver of datagrams should take (RFC 5426, section 3.2); a longer one may be lost on its way."""

_VISIBLE = re.compile("[^!-~]+")
_ESCAPED = re.compile(r'(["\\\]])')


def message(
    line: AuditLine, host: str = NOTHING, process: str = NOTHING, most: int | None = None
) -> bytes:
    """The message, of `most` bytes if that is given: its text is cut then, and the structured data says `cut`."""
    whole = _message(line, host, process, "")
    if most is None or len(whole) <= most:
        return whole
    return _message(line, host, process, "1")[:most]


def _message(line: AuditLine, host: str, process: str, cut: str) -> bytes:
    entry = line.entry
    head = " ".join(
        (
            f"<{PRIORITY}>1",
            # At most six digits of a second (section 6.2.3).
            entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            _visible(host, 255),
            "agw",
            _visible(process, 128),
            _visible(entry.action, 32),
        )
    )
    given = {
        "line": str(line.number),
        "previous": line.previous,
        "hash": line.hash,
        "gateway": entry.gateway_id,
        "team": entry.team,
        "user": entry.user,
        "change": entry.change,
        "cut": cut,
    }
    data = "".join(f' {name}="{_value(text)}"' for name, text in given.items() if text)
    return f"{head} [{SD_ID}{data}] {line.text}".encode("utf-8", "replace")


def _visible(text: str, most: int) -> str:
    """A field of the header: visible ASCII, of limited length (section 6)."""
    return _VISIBLE.sub("_", text)[:most] or NOTHING


def _value(text: str) -> str:
    """A value of the structured data: three characters are escaped (section 6.3.3), and none steers a terminal."""
    shown = "".join(it if it.isprintable() else " " for it in text)
    return _ESCAPED.sub(r"\\\1", shown)
