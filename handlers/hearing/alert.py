"""Alerts of monitors: what such a message shows, whether it reports a 502 that has begun, and on which gateway."""

import re
from collections.abc import Iterator
from typing import Any

from bot.core.routing.target import resource_id_in
from handlers.hearing.report import mentioned, reports
from handlers.hearing.symptom import symptom_in
from handlers.hearing.text import as_typed

MOST_SHOWN = 40_000
"""How many characters of a message are read: as many as Slack allows in its text."""
_DEEPEST = 12

# The metrics that indicate a 502, in words and as Azure Monitor names them:
# learn.microsoft.com/azure/application-gateway/monitor-application-gateway-reference
_METRIC = re.compile(
    r"(?i)\b(?:un)?healthy[ _-]?host[ _-]?(?:s|count)?\b|\bfailed[ _-]?requests?\b"
    r"|status(?:[ _.-]?(?:code|d))?\W{1,4}50[24]\b|\b5xx\b"
)
# No data is no 502: Grafana's DatasourceNoData and DatasourceError, Datadog's "No data".
_UNKNOWN = re.compile(r"(?i)\bdatasource(?:nodata|error)\b|\bno data\b")
_OVER = r"resolved|recovered|closed|deactivated|cleared|acknowledged|acked"
_STATE = re.compile(
    rf"(?i)\b(?P<over>{_OVER}"
    r"|(?:is|are|went|gone|came|back) (?:back )?(?:up|online))\b|\[(?:\W{0,3}|:\w{1,40}: )(?P<ok>ok|up)\]"
    r"|\b(?P<begun>(?P<fires>fired|firing|triggered|alerting|activated)|down|downtime|incident|outage|problem)\b"
)
# A rule may be called "Shop is down": then its state stands at the end of the first line, or in a field of its own.
_STATED_OVER = re.compile(
    rf"(?i)\A\s*[^\n]{{1,300}}[:|\u2013\u2014-] ?\W{{0,3}}(?:{_OVER}|ok)\W{{0,3}}(?:\n|\Z)"
    r"|(?:^|\n)(?::\w{1,40}:)?\W{0,3}(?:alert |incident |monitor )?(?:status|state|condition)"
    rf"\W{{1,6}}(?:{_OVER}|ok)\b"
)
_LINE_STARTS = re.compile(r"(?:\A|\n)(?::\w{1,40}:|\W){0,6}(?:re-)?\Z", re.IGNORECASE)
# "@ada closed the alert": what somebody did with an alert that was told before.
_HANDLED = re.compile(
    r"(?im)^\W{0,3}<@\w{1,40}(?:\|[^<>\n]{0,80})?> \w{2,40}ed [^\n]{0,60}\balert\b"
)
_LINK = re.compile(r"<(https?://[^<|>\s]+)\|([^<>\n]+)>")
_GREEN = frozenset({"good", "2eb886", "36a64f"})
"""Colours of an attachment that mean "over": Slack's own word for it, that word as events show it, and Grafana's.

https://docs.slack.dev/legacy/legacy-messaging/legacy-secondary-message-attachments; Alertmanager's default for what is
resolved (https://prometheus.io/docs/alerting/latest/configuration/#slack_config, `color`); `ColorAlertResolved` in
https://github.com/grafana/alerting.
"""
_ADDRESS = re.compile(r"https?://\S+")
_BY_TYPE = re.compile(
    r"(?i)(?<![\w.-])([\w.-]{1,80}) {0,3}\( {0,3}microsoft\.network/applicationgateways {0,3}\)"
    r"|\bapplicationgateways/([\w.-]{1,80})"
)
_READ = ("subject", "pretext", "author_name", "title", "text", "value", "fallback", "plain_text")
_HOLD = ("blocks", "attachments", "files", "elements", "fields", "accessory")
_LEAD = ("title_link", "url", "from_url")
"""Link targets are read last: most lead to the monitor itself."""


def alert(text: str, *, green: bool = False) -> tuple[str, ...]:
    """The names in a monitor's message, likeliest first, if it reports a 502 or unhealthy hosts.

    The first word about the state decides whether it is over: "Resolved:Sev1 ..." in a subject, `[FIRING:1]` in a
    title. Where that is no word of monitors ("down"), the `green` colour of its attachments counts; and a stated state,
    unless a line starts with that word: a service that passes alerts on quotes their titles.
    """
    said = as_typed(text)
    unlinked = _ADDRESS.sub(" ", said)
    state = _STATE.search(unlinked)
    if _UNKNOWN.search(said) or _HANDLED.search(text) or (state is not None and not state["begun"]):
        return ()
    fires = state is not None and state["fires"]
    leads = fires and state is not None and _LINE_STARTS.search(unlinked[: state.start()])
    if (green and not fires) or (not leads and _STATED_OVER.search(said)):
        return ()
    has_symptom = bool(reports(text)) or (state is not None and symptom_in(said) is not None)
    if not has_symptom and not _METRIC.search(said):
        return ()
    return named(text)


def named(text: str) -> tuple[str, ...]:
    """What may be a gateway in a monitor's message, whatever it says about it; likeliest first."""
    names = mentioned(text)
    ids = [found for found in map(resource_id_in, names) if found is not None]
    by_type = [(it[1] or it[2]).rstrip(".-") for it in _BY_TYPE.finditer(as_typed(text))]
    return tuple(dict.fromkeys([*ids, *by_type, *names]))


def is_green(event: dict[str, Any]) -> bool:
    """Whether every attachment that has a colour has one that means "over"."""
    found = event.get("attachments")
    held = [it for it in found if isinstance(it, dict)] if isinstance(found, list) else []
    colours = {str(it["color"]).lower().lstrip("#") for it in held if it.get("color")}
    return bool(colours) and colours <= _GREEN


def shown(event: dict[str, Any]) -> str:
    """All text of a message: monitors write into attachments and blocks, e-mail arrives as a file.

    Of a link its words, for PagerDuty and Opsgenie make an alert's title the words of one; where it leads is last.
    """
    texts = [*_texts(event, _READ)]
    led = (it[1] for text in texts for it in _LINK.finditer(text))
    parts = (*(_LINK.sub(r"\2", it) for it in texts), *_texts(event, _LEAD), *led)
    return "\n".join(dict.fromkeys(parts))[:MOST_SHOWN]


def _texts(value: Any, keys: tuple[str, ...], depth: int = 0) -> Iterator[str]:
    if depth > _DEEPEST:
        return
    if isinstance(value, dict):
        yield from (text for key in keys if isinstance(text := value.get(key), str) and text)
        # A block's text is an object with a text.
        for key in (*_READ, *_HOLD):
            if isinstance(value.get(key), dict | list):
                yield from _texts(value[key], keys, depth + 1)
    elif isinstance(value, list):
        for it in value:
            yield from _texts(it, keys, depth + 1)
