"""A stored word as an answer in the thread of its card."""

from bot.core.changes.change import Change
from bot.core.changes.word import Word
from bot.core.report.incident import Incident
from handlers.blocks.evidence import evidence
from handlers.blocks.kit import Message, note
from handlers.blocks.outcome import announcement
from handlers.blocks.request import answered


def reply(
    word: Word, incident: Incident, change: Change | None, changes: tuple[Change, ...]
) -> Message | None:
    """A text, a page of evidence, or how a change was decided or ended; None if there is nothing to say any more.

    `changes` are those of the card.
    """
    if "text" in word.parts:
        return note(word.parts["text"])
    if "evidence" in word.parts:
        first = tuple(it for it in changes if it.undoes is None)
        pages = evidence(incident.report, first) if incident.report is not None else ()
        number = int(word.parts["evidence"])
        return pages[number] if number < len(pages) else None
    if "answer" in word.parts:
        return answered(change, word.parts["answer"]) if change is not None else None
    return announcement(change) if change is not None else None
