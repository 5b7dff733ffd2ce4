"""What an app may answer with at a `response_url`, or in the acknowledgement of a command.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from bot.lab.slack.content import new_content
from bot.lab.slack.messages import Messages
from bot.lab.slack.roster import BOT_USER
from bot.lab.slack.tickets import Origin
from bot.lab.slack.values import ApiError
from bot.lab.values import Json

_REPLACED_WHOLE: Json = {"blocks": [], "attachments": []}


def respond(messages: Messages, origin: Origin, body: Json) -> None:
    """Do what `body` asks: a new message, or the one acted upon replaced or deleted.

    A new message is ephemeral unless it says `"response_type": "in_channel"`.
    Raises ApiError as chat.postMessage does, and `message_not_found`.
    """
    if origin.ts is not None and body.get("delete_original"):
        _delete(messages, origin, origin.ts)
    elif origin.ts is not None and body.get("replace_original"):
        _replace(messages, origin, origin.ts, body)
    elif body.get("response_type") == "in_channel":
        messages.post(origin.channel, BOT_USER, new_content(body), body.get("thread_ts"))
    else:
        messages.post_ephemeral(
            origin.channel, origin.person, new_content(body), body.get("thread_ts")
        )


def _delete(messages: Messages, origin: Origin, ts: str) -> None:
    if _seen(messages, origin, ts).get("is_ephemeral"):
        messages.delete_ephemeral(origin.person, origin.channel, ts)
    else:
        messages.delete(origin.channel, ts)


def _replace(messages: Messages, origin: Origin, ts: str, body: Json) -> None:
    content = _REPLACED_WHOLE | new_content(body)
    if _seen(messages, origin, ts).get("is_ephemeral"):
        messages.update_ephemeral(origin.person, origin.channel, ts, content)
    else:
        messages.update(origin.channel, ts, content)


def _seen(messages: Messages, origin: Origin, ts: str) -> Json:
    message = messages.on_screen(origin.person, origin.channel, ts)
    if message is None:
        raise ApiError("message_not_found", status=404)
    return message
