"""What is on the screen of people in a case."""

from bot.lab.values import Json
from bot.lab.world import CHANNEL, World

APPROVE = "approve_upload_ilb_certificate"
AGAIN = "diagnose_again"
WORKING = ("Working on it", "Diagnosing ", "Looking at ")
ENDED = (
    "healthy again",
    "nothing was changed",
    "the change failed",
    "not healthy",
    "carried out",
    "not known how it ended",
)


def cards(world: World) -> list[Json]:
    """The bot's messages in the channel itself, not in threads."""
    every = (it for it in world.slack.messages(CHANNEL) if it["user"] == "U0AGW")
    return [it for it in every if it.get("thread_ts", it["ts"]) == it["ts"]]


def card_text(world: World) -> str:
    """The newest one's."""
    found = cards(world)
    return str(found[-1]["text"]) if found else ""


def last_words(world: World) -> list[str]:
    """What its thread says of the end."""
    ts = next((it["ts"] for it in reversed(cards(world))), None)
    replies = world.slack.messages(CHANNEL, ts) if ts else []
    texts = (str(it["text"]) for it in replies if it["user"] == "U0AGW" and it["ts"] != ts)
    return [it for it in texts if any(word in it for word in ENDED)]


def diagnosed(world: World) -> Json | None:
    """The newest card, once its diagnosis has ended."""
    newest = next(reversed(cards(world)), None)
    return newest if newest is not None and AGAIN in str(newest["blocks"]) else None


def more_cards(world: World, count: int) -> bool:
    return len(cards(world)) > count
