"""What came of trying an option on paper, in parts: what it would do, how that ended, and because of what."""

from dataclasses import dataclass
from typing import assert_never

from bot.core.case.finding import Finding
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.remedies.relief import NO_RELIEF, Relief


@dataclass(frozen=True, slots=True)
class NoFaultLeft:
    """It works: no fault is left on these `backends` (their labels), and none is new anywhere else."""

    backends: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CausesRemoved:
    """By definition: its steps remove every cause that was found on these `parts` (their labels)."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaultsLeft:
    """It would not be enough: these `findings`, at least one, would be left on the backends it is meant for."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class NewFaults:
    """It would break something else: these `findings`, at least one, would be new."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class CannotTell:
    """Whether it helps is not known, and why."""

    because: str


TrialOutcome = NoFaultLeft | CausesRemoved | FaultsLeft | NewFaults | CannotTell | NotApplicable


@dataclass(frozen=True, slots=True)
class Trial:
    """One option and its `outcome`; `proposal` None: it is not applicable, and nothing was tried.

    `together_with` names a second option without which this one does not suffice; `proposal` then holds both.
    `as_code` is the change as (language, text). `relief` says which faults it would end, and which it would not.
    """

    option: Option
    outcome: TrialOutcome
    proposal: Proposal | None = None
    together_with: str | None = None
    as_code: tuple[tuple[str, str], ...] = ()
    relief: Relief = NO_RELIEF

    @property
    def works(self) -> bool:
        """Whether it would end the incident, as far as its causes are known."""
        return isinstance(self.outcome, NoFaultLeft | CausesRemoved)

    @property
    def automated(self) -> bool:
        """Whether a press of a button may carry it out."""
        return self.option.automated and self.proposal is not None and not self.proposal.by_hand

    @property
    def steps(self) -> tuple[str, ...]:
        """For a person to follow by hand."""
        if isinstance(self.outcome, NotApplicable):
            return self.outcome.steps
        return (*self.proposal.first, *self.proposal.steps) if self.proposal else ()

    @property
    def effect(self) -> str | None:
        """What it would do; None where it is not applicable."""
        return self.proposal.summary if self.proposal else None

    @property
    def because(self) -> str | None:
        """Why it does not work; None if it does."""
        match self.outcome:
            case NoFaultLeft() | CausesRemoved():
                return None
            case FaultsLeft(findings) | NewFaults(findings):
                return findings[0].match.summary
            case CannotTell(because) | NotApplicable(because):
                return because
            case _ as never:
                assert_never(never)

    @property
    def reason(self) -> str:
        """All parts in one text, for whoever shows no more than that."""
        match self.outcome:
            case NotApplicable(reason):
                return reason
            case NoFaultLeft(backends):
                ended = f"Tried on paper: no fault is left on {', '.join(backends)}"
            case CausesRemoved(parts):
                ended = f"That removes what was found on {', '.join(parts)}"
            case FaultsLeft():
                ended = f"It would not be enough: {self.because}"
            case NewFaults():
                ended = f"It would break something else: {self.because}"
            case CannotTell():
                ended = f"Whether it helps cannot be told: {self.because}"
            case _ as never:
                assert_never(never)
        return f"{self.effect}. {ended}"
