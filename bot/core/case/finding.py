"""What rules answer, and what the runner makes of it."""

from dataclasses import dataclass
from typing import Literal

from bot.core.routing.client_request import ClientRequest
from bot.core.routing.client_way import ClientWay
from bot.core.routing.gateway_request import GatewayRequest
from bot.core.routing.routes import Backend

Concerns = Literal["probe", "clients", "both", "gateway"]
"""Whose requests a fault is met by; `gateway`: it concerns the gateway as a whole, or one of its parts."""

Severity = Literal["error", "warning", "info"]
Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One observed fact in words, and the command that shows the same to anyone (if there is one)."""

    text: str
    command: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A rule's answer: the symptom is there. `backend` None: it concerns the gateway as a whole.

    `part` names a part of the gateway that has no backend to point at: an empty pool, a rule that leads nowhere.
    `concerns` None: the health probe, or the gateway where there is no backend. `sites` are those whose clients meet
    it, and `client` is a request of theirs that shows it. `beyond`: the settings and the server that it is about, by
    name, where no backend stands for them because no way to it is followed.
    """

    summary: str
    evidence: tuple[Evidence, ...]
    backend: Backend | None = None
    confidence: Confidence = "high"
    part: str | None = None
    concerns: Concerns | None = None
    sites: tuple[str, ...] = ()
    client: ClientRequest | None = None
    beyond: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class ByReading:
    """What a rule sees of a client's request if it is read in some of the ways in which it may be, and not in others.

    `doubt` in words: why it may be read in another one. `shown_by` are the readings that show it, of `every` one;
    `either_way` is what to say if each of the others shows a fault as well.
    """

    way: ClientWay
    doubt: str
    shown_by: frozenset[GatewayRequest]
    every: frozenset[GatewayRequest]
    either_way: Match


@dataclass(frozen=True, slots=True)
class Undecided:
    """A rule's answer: it cannot be told, and why. The rest as in `Match`."""

    because: str
    backend: Backend | None = None
    part: str | None = None
    concerns: Concerns | None = None
    sites: tuple[str, ...] = ()
    by_reading: ByReading | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule saw, with what the rule stands for."""

    rule: str
    severity: Severity
    match: Match
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """What stayed undecided: the rule's id and its reason."""

    rule: str
    undecided: Undecided
