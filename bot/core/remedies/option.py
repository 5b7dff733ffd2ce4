"""An option: one way to end the incident, and what it would mean for one backend of one gateway."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.arm.document import Document
from bot.core.arm.edit import Edit
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.observation import Attempt
from bot.core.remedies.assumption import Assumption


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an option would do.

    `edits` change the gateway's document; `assumptions` are for the paper trial, of things that happen outside it.
    `by_hand`: though the option is automated, something has to be done outside the gateway first.
    `certificates` are uploaded or trusted by it: what an approver must see.
    `asks` are connections that would tell more of it: they are made, and the option is tried again.
    `steps` are the exact steps for a person, where the bot does not do it by itself; `first` are those that come
    before any button, since without them its change would not last.
    """

    summary: str
    edits: tuple[Edit, ...] = ()
    assumptions: tuple[Assumption, ...] = ()
    by_hand: bool = False
    certificates: tuple[Certificate, ...] = ()
    asks: tuple[Attempt, ...] = ()
    steps: tuple[str, ...] = ()
    first: tuple[str, ...] = ()

    @property
    def is_change_only(self) -> bool:
        """Whether a change to the gateway is all it takes: it is, whoever makes it, if nothing else is assumed."""
        return bool(self.edits) and not self.assumptions


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """Why an option makes no sense here, or cannot be carried out from here; `steps` say what a person can do."""

    reason: str
    steps: tuple[str, ...] = ()


Propose = Callable[[BackendView, Document], Proposal | NotApplicable]


@dataclass(frozen=True, slots=True)
class Option:
    """One remedy. `automated`: the bot can do it on a button press; else `steps` explain it.

    `title` is its only name, on that button too, so one that is automated has a short one; `undo_note` says in a
    sentence how it is undone. `layer4`: it also fits backends of the TCP/TLS proxy. `one_member`: it writes the members
    of a pool anew with another one in place of the backend's, so that in each pool it is for one member only.
    """

    id: str
    title: str
    automated: bool
    sources: tuple[str, ...]
    propose: Propose
    layer4: bool = False
    one_member: bool = False
