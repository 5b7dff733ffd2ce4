"""What an app may put into a message, checked as chat.postMessage checks it."""

from typing import Any

from bot.lab.slack.blockkit import block_faults, with_ids
from bot.lab.slack.values import ApiError
from bot.lab.values import Json

# https://docs.slack.dev/reference/methods/chat.postMessage (truncating) and .../chat.update
_POST_TEXT = 40_000
_UPDATE_TEXT = 4_000
_ATTACHMENTS = 100
# What Slack shows if blocks come without the text that notifications and screen readers need.
_NO_TEXT = "This content can't be displayed."


def new_content(arguments: Json) -> Json:
    """The content of a new message; raises `no_text`, `msg_too_long`, `invalid_blocks` and kin."""
    return {"text": _NO_TEXT} | _checked(arguments, _POST_TEXT)


def changed_content(arguments: Json) -> Json:
    """The content of an edit. Blocks and attachments that it does not name stay as they are."""
    return _checked(arguments, _UPDATE_TEXT)


def _checked(arguments: Json, text_limit: int) -> Json:
    content: Json = {}
    if arguments.get("text") is not None:
        content["text"] = str(arguments["text"])
        if len(content["text"]) > text_limit:
            raise ApiError("msg_too_long")
    if arguments.get("blocks") is not None:
        content["blocks"] = _blocks(arguments["blocks"])
    if arguments.get("attachments") is not None:
        content["attachments"] = _attachments(arguments["attachments"])
    if arguments.get("metadata") is not None:
        content["metadata"] = arguments["metadata"]
    if not any(content.get(key) for key in ("text", "blocks", "attachments")):
        raise ApiError("no_text")
    return content


def _blocks(blocks: Any, pointer: str = "/blocks") -> list[Json]:
    if not isinstance(blocks, list):
        raise ApiError("invalid_blocks_format")
    if faults := block_faults(blocks, "message", pointer):
        messages = [f"[ERROR] {fault}" for fault in faults]
        raise ApiError("invalid_blocks", errors=faults, response_metadata={"messages": messages})
    return with_ids(blocks)


def _attachments(attachments: Any) -> list[Json]:
    """Attachments as they are, with their blocks checked. They are numbered from 1."""
    if not isinstance(attachments, list):
        raise ApiError("invalid_attachments")
    if len(attachments) > _ATTACHMENTS:
        raise ApiError("too_many_attachments")
    return [_attachment(attachment, index) for index, attachment in enumerate(attachments)]


def _attachment(attachment: Json, index: int) -> Json:
    numbered = attachment | {"id": index + 1}
    if "blocks" in attachment:
        numbered["blocks"] = _blocks(attachment["blocks"], f"/attachments/{index}/blocks")
    return numbered
