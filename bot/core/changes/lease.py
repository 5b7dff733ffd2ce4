"""Who may work on something now, where several replicas could."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to work on one thing for a while, by the database's clock.

    `key` says on what: `change:ID`, `examine:GATEWAY ID`, `outbox`. `holder` is one life of one process. `fence` grows
    each time that somebody takes it anew, so that work of an earlier holder can be told from work of a later one.
    """

    key: str
    holder: str
    fence: int
