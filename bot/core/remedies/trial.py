"""What came of trying an option on paper."""

from dataclasses import dataclass

from bot.core.remedies.option import Option, Proposal


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
