"""What Slack turns a typed text into before an app sees it.

`&`, `<` and `>` are escaped, and what looks like a link becomes one: `shop.contoso.com` arrives as
`<http://shop.contoso.com|shop.contoso.com>`. Bots that match plain text trip over exactly this.
https://docs.slack.dev/messaging/formatting-message-text/#retrieving-messages
"""

import re

from bot.lab.slack.clock import new_id
from bot.lab.values import Json

_CONTROL = r"<[@#!][^<>\s][^<>]*>"
_CODE = r"`[^`\n]+`"
_URL = r"https?://[^\s<>|`]*[^\s<>|`.,;:!?'\")\]]"
_EMAIL = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
# Slack links a bare name only when it ends in a real top-level domain; these are the common ones.
_NAME = (
    r"(?<![\w/.@-])(?:[\w-]+\.)+(?:com|net|org|io|dev|app|cloud|co|eu|uk|de|biz|info)\b"
    r"(?:/[^\s<>|`]*)?"
)
_PARTS = re.compile(
    f"(?P<control>{_CONTROL})|(?P<code>{_CODE})|(?P<url>{_URL})|(?P<email>{_EMAIL})|(?P<name>{_NAME})",
    re.IGNORECASE,
)
_MENTION = re.compile(r"<@(?P<user>[UW]\w+)(?:\|[^>]*)?>|<#(?P<channel>C\w+)(?:\|[^>]*)?>")


def escape(text: str) -> str:
    """The three characters that Slack's markup reserves."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def received(text: str) -> str:
    """The text as an app receives it in a message event, or in a command that asks for escaping."""
    parts: list[str] = []
    end = 0
    for match in _PARTS.finditer(text):
        parts += [escape(text[end : match.start()]), _marked_up(match)]
        end = match.end()
    return "".join([*parts, escape(text[end:])])


def _marked_up(match: re.Match[str]) -> str:
    part = escape(match.group())
    match match.lastgroup:
        case "control":
            return match.group()
        case "url":
            return f"<{part}>"
        case "email":
            return f"<mailto:{part}|{part}>"
        case "name":
            return f"<http://{part}|{part}>"
    return part


def rich_text(text: str) -> Json:
    """The `rich_text` block that Slack's clients send beside the text of a typed message."""
    elements: list[Json] = []
    end = 0
    for match in _PARTS.finditer(text):
        elements += _text(text[end : match.start()]) + _element(match)
        end = match.end()
    section = {"type": "rich_text_section", "elements": [*elements, *_text(text[end:])]}
    return {"type": "rich_text", "block_id": new_id("b"), "elements": [section]}


def _text(text: str) -> list[Json]:
    return [{"type": "text", "text": text}] if text else []


def _element(match: re.Match[str]) -> list[Json]:
    part = match.group()
    match match.lastgroup:
        case "url":
            return [{"type": "link", "url": part}]
        case "email":
            return [{"type": "link", "url": f"mailto:{part}", "text": part}]
        case "name":
            return [{"type": "link", "url": f"http://{part}", "text": part}]
        case "code":
            return [{"type": "text", "text": part[1:-1], "style": {"code": True}}]
    mention = _MENTION.fullmatch(part)
    if mention is None:
        return _text(part)
    if mention["user"]:
        return [{"type": "user", "user_id": mention["user"]}]
    return [{"type": "channel", "channel_id": mention["channel"]}]
