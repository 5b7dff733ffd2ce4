"""An option: one way to end the incident, and what it would mean for one backend of one gateway."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.arm.edit import Edit
from bot.core.arm.gateway_reader import Document
from bot.core.case.case import AssumedCertificate
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.observation import Attempt


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an option would do.

    `edits` change the gateway's document. Further fields are suppositions for the paper trial, of things that
    happen outside the document: `resolves` (a name -> the server it would mean), `served` (the certificates that
    servers would show), `opens` (the gateway gets through to whatever we get through to), `takes_hello` (whatever
    the length of its hello), `starts` (it runs).
    `by_hand`: though the option is automated, something has to be done outside the gateway first.
    `certificates` are uploaded or trusted by it: what an approver must see.
    `asks` are connections that would tell more of it: they are made, and the option is tried again.
    `steps` are the exact steps for a person, where the bot does not do it by itself.
    """

    summary: str
    edits: tuple[Edit, ...] = ()
    resolves: tuple[tuple[str, str], ...] = ()
    served: tuple[AssumedCertificate, ...] = ()
    opens: bool = False
    takes_hello: bool = False
    starts: bool = False
    by_hand: bool = False
    certificates: tuple[Certificate, ...] = ()
    asks: tuple[Attempt, ...] = ()
    steps: tuple[str, ...] = ()

    @property
    def is_change_only(self) -> bool:
        """Whether a change to the gateway is all it takes: it is, whoever makes it, if nothing else is supposed."""
        supposed = (self.resolves, self.served, self.opens, self.takes_hello, self.starts)
        return bool(self.edits) and not any(supposed)


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """Why an option makes no sense here, or cannot be carried out from here; `steps` say what a person can do."""

    reason: str
    steps: tuple[str, ...] = ()


Propose = Callable[[BackendView, Document], Proposal | NotApplicable]


@dataclass(frozen=True, slots=True)
class Option:
    """One remedy. `automated`: the bot can do it on a button press; else `steps` explain it.

    `button` is the text of that button; `undo_note` says in a sentence how it is undone.
    """

    id: str
    title: str
    button: str
    automated: bool
    sources: tuple[str, ...]
    propose: Propose


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying an option on paper: `works` and why (not); `proposal` None: not applicable.

    `together_with` names a second option without which this one does not suffice; `proposal` then holds both.
    `steps` are for a person to follow by hand; `as_code` is the change as (language, text).
    """

    option: Option
    works: bool
    reason: str
    proposal: Proposal | None = None
    together_with: str | None = None
    steps: tuple[str, ...] = ()
    as_code: tuple[tuple[str, str], ...] = ()

    @property
    def automated(self) -> bool:
        """Whether a press of a button may carry it out."""
        return self.option.automated and self.proposal is not None and not self.proposal.by_hand
