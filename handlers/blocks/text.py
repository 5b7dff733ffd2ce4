"""Text for Slack: the one place that knows escaping, lengths, dates and emoji.

What comes from outside (names, health messages, certificate fields) passes `outside` or `code` on its way into
mrkdwn, so that it can neither mention anybody nor look like something the bot says. Names that are marked in a
sentence (`bot.core.model.marked`) become code there.
https://docs.slack.dev/messaging/formatting-message-text
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal

from bot.core.case.diagnosis import Verdict
from bot.core.case.finding import Severity
from bot.core.changes.change import Person
from bot.core.model.health import HealthState
from bot.core.model.marked import mark, parts, plain
from bot.workflow.progress import StepState

ELLIPSIS = "..."

StepMark = StepState | Literal["pending"]

# Always next to words that say the same, so that nobody depends on seeing them.
VERDICT_EMOJI: dict[Verdict, str] = {
    "fault": ":red_circle:",
    "undecided": ":large_yellow_circle:",
    "healthy": ":large_green_circle:",
}
SEVERITY_EMOJI: dict[Severity, str] = {
    "error": ":red_circle: *Fault:*",
    "warning": ":warning: *Warning:*",
    "info": ":information_source: *Note:*",
}
HEALTH_EMOJI: dict[HealthState, str] = {
    "healthy": ":large_green_circle:",
    "unhealthy": ":red_circle:",
    "partial": ":large_orange_circle:",
    "draining": ":large_blue_circle:",
    "unknown": ":white_circle:",
}
STEP_EMOJI: dict[StepMark, str] = {
    "pending": ":white_circle:",
    "running": ":hourglass_flowing_sand:",
    "done": ":white_check_mark:",
    "failed": ":x:",
}

MOST_SITES = 3
"""Sites that one line names."""


def clean(text: str) -> str:
    """One line in single spaces, without what cannot be printed, marks of names among it."""
    return " ".join(printable(plain(text)).split())


def printable(text: str) -> str:
    """Without control characters, including those that change the text direction or break UTF-8."""
    if text.isprintable():
        return text  # Of what is printable, only the plain space is a space.
    return "".join(" " if it.isspace() else it for it in text if it.isspace() or it.isprintable())


def clip(text: str, most: int) -> str:
    """At most so many characters, marks of names not counted; dots stand for what was cut off."""
    if len(plain(text)) <= most:
        return text
    kept, room = "", most - len(ELLIPSIS)
    for part, is_name in parts(text):
        cut = part[:room]
        kept += mark(cut) if is_name and cut else cut
        room -= len(cut)
    return kept.rstrip() + ELLIPSIS


def escape(text: str) -> str:
    """The three characters that mrkdwn reserves."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def outside(text: str, most: int = 300) -> str:
    """Foreign text, or a sentence with names in it, within mrkdwn; `most` counts what a reader sees."""
    return "".join(
        _code(part) if is_name else escape(part) for part, is_name in parts(clip(_tidy(text), most))
    )


def sentence(text: str, most: int = 300) -> str:
    """The same standing by itself: begins with a capital letter, or with a name as it is."""
    return outside(text[:1].upper() + text[1:], most)


def code(text: str, most: int = 150) -> str:
    """A foreign name, shown as it is: nothing in it is formatting."""
    return _code(clip(clean(text), most))


def link(url: str, label: str) -> str:
    """A link; the address is ours or Slack's, the label may come from anywhere."""
    return f"<{escape(url).replace('|', '%7C')}|{outside(label).replace('|', '/')}>"


def user(person: Person | str) -> str:
    """A mention of somebody."""
    return f"<@{person.user if isinstance(person, Person) else person}>"


def approver(name: str) -> str:
    """A mention of somebody who may approve: a user, or a user group (`S...`)."""
    return f"<!subteam^{name}>" if name.startswith("S") else user(name)


def approvers(names: tuple[str, ...], most: int = 100) -> str:
    """Everybody who may approve, as mentions, or the first of them."""
    shown = ", ".join(map(approver, names[:most])) or "nobody (no approvers are configured)"
    more = len(names) - most
    return f"{shown} and {more} more" if more > 0 else shown


def moment(at: datetime) -> str:
    """A point in time, shown in the reader's own time zone."""
    return _date(at, "{date_short_pretty} {time}", f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC")


def day(at: datetime) -> str:
    """A date."""
    return _date(at, "{date_short}", f"{at.astimezone(UTC):%Y-%m-%d}")


def names(every: Iterable[str], most: int) -> str:
    """Names as a list: the first of them, then how many more there are."""
    told = tuple(every)
    shown = ", ".join(code(it, 80) for it in told[:most])
    more = len(told) - most
    return f"{shown} and {more:,} more" if more > 0 else shown


def count(number: int, noun: str) -> str:
    """`1 backend`, `2 backends`."""
    return f"{number} {noun}{'s' * (number != 1)}"


def _code(text: str) -> str:
    return f"`{escape(text.replace('`', chr(39))) or ' '}`"


def _tidy(text: str) -> str:
    """As `clean`, but names keep their marks."""
    pieces = (
        mark(clean(part)) if is_name else re.sub(r"\s+", " ", printable(part))
        for part, is_name in parts(text)
    )
    return "".join(pieces).strip()


def _date(at: datetime, layout: str, fallback: str) -> str:
    return f"<!date^{int(at.timestamp())}^{layout}|{fallback}>"
