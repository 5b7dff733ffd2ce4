"""Handing in a certificate that the bot could not get itself: the modal, what comes of it, and what the card says."""

from collections.abc import Iterator

from bot.core.changes.change import Change
from bot.core.changes.handed import is_handed_in
from bot.core.remedies.handed_certificate import WANTED_WORDS, Wanted
from handlers import ids
from handlers.blocks.certificates import SHORT_SHA
from handlers.blocks.forms import MOST_TYPED, View, file_input, modal, text_input
from handlers.blocks.kit import Block, context, section
from handlers.blocks.text import code, day, outside, user

KINDS = ("cer", "crt", "pem", "der", "txt")
TITLE = "Hand in a certificate"
BUTTONS: dict[Wanted, str] = {"served": "Hand in the .cer", "root": "Hand in the root"}
_NEEDED: dict[Wanted, str] = {
    "served": (
        "The gateway refuses the backend's certificate, and I cannot reach the backend to read it. Somebody who can:"
        " open its address over HTTPS as the gateway does (by IP address, without a name), and export the *server's"
        " own* certificate as Base-64 (.CER)."
    ),
    "root": (
        "The gateway does not know who issued the backend's certificate, and I cannot reach the backend to read it. Get"
        " the *root* of its chain from whoever runs that CA, as Base-64 (.CER)."
    ),
}


def asks_for(wanted: Wanted) -> str:
    """The card's line about it."""
    return f":inbox_tray: *I cannot reach the backend.* Hand in {WANTED_WORDS[wanted]}, and I go on with it."


def form(wanted: Wanted, metadata: str, *, by_file: bool, wrong: str = "") -> View:
    """The modal; `wrong` says what is wrong with what was handed in. Not `by_file`: the app may read no files."""
    return modal(
        ids.HAND_IN_VIEW, TITLE, _form(wanted, wrong, by_file), submit="Hand in", metadata=metadata
    )


def _form(wanted: Wanted, wrong: str, by_file: bool) -> Iterator[Block]:
    if wrong:
        yield section(f":warning: {outside(wrong, 900)}")
    yield section(_NEEDED[wanted])
    if by_file:
        yield file_input(ids.CER_FILE, "The exported file", KINDS)
    yield text_input(
        ids.CER_TEXT,
        "Or its text" if by_file else "Its text",
        "-----BEGIN CERTIFICATE-----",
        MOST_TYPED,
    )
    yield context(
        "Never a private key (.pfx, .key): that is refused. An approver decides, and sees the fingerprint."
    )


def under_inspection(external_id: str) -> View:
    """While it is looked at; by that id the modal is found again."""
    made = modal(ids.HAND_IN_VIEW, TITLE, [section("Looking at it ...")])
    return made | {"external_id": external_id}


def accepted(change: Change, card: str) -> View:
    """It was taken; `card` is a link to where it waits for an approval, if Slack says one."""
    where = card or "the card"
    return modal(
        ids.HAND_IN_VIEW,
        TITLE,
        [
            section(
                f":white_check_mark: {_facts(change)}\n*{outside(change.plan.title)}* waits for an approval: {where}."
            )
        ],
    )


def thread_note(change: Change) -> str:
    """For the card's thread, since an edit of the card notifies nobody."""
    return (
        f"{user(change.requested_by)} handed in {_facts(change)}. *{outside(change.plan.title)}* waits for an approval"
        " on the card. I did not see the backend serve it."
    )


def on_card(change: Change) -> str:
    """Whose certificate the button is for; empty for what the bot has read itself."""
    if not is_handed_in(change.plan):
        return ""
    it = change.plan.certificates[0]
    which = f"{code(it.subject, 80)}, SHA-256 {code(it.sha256[:SHORT_SHA])}..."
    return f":inbox_tray: {user(change.requested_by)} handed in {which} *I did not see it served.*"


def _facts(change: Change) -> str:
    it = change.plan.certificates[0]
    return f"{code(it.subject)}, SHA-256 {code(it.sha256)}, valid {day(it.not_before)} to {day(it.not_after)}"
