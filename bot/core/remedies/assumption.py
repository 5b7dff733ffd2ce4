"""What a trial takes for granted: things outside the gateway's document that would have to come true as well."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import assert_never

from bot.core.case.case import AssumedCertificate, Case
from bot.core.model.health import SimulatedHealth


@dataclass(frozen=True, slots=True)
class Resolves:
    """The name leads to that address and to no other, for us and for the gateway."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class PathOpened:
    """The gateway gets through to whatever we get through to."""


@dataclass(frozen=True, slots=True)
class LargeHelloTaken:
    """The backends take a ClientHello of any length."""


@dataclass(frozen=True, slots=True)
class GatewayStarted:
    """The gateway runs."""


Assumption = Resolves | AssumedCertificate | PathOpened | LargeHelloTaken | GatewayStarted
"""`AssumedCertificate` lives with the case, which answers for a server that shows it."""


def assuming(case: Case, assumptions: Iterable[Assumption]) -> Case:
    """The case on paper, if all of these came true."""
    names: list[tuple[str, str]] = []
    certificates: list[AssumedCertificate] = []
    for it in assumptions:
        match it:
            case Resolves(name, address):
                names.append((name, address))
            case AssumedCertificate():
                certificates.append(it)
            case PathOpened():
                case = case.assuming_reachable()
            case LargeHelloTaken():
                case = replace(case, health=SimulatedHealth())
            case GatewayStarted():
                running = replace(case.gateway, operational_state="Running")
                case = replace(case, gateway=running)
            case _ as never:
                assert_never(never)
    # One new case for all of them: a pool may have 1,200 members, each with a certificate that is supposed.
    return replace(case.assuming_dns(tuple(names)), assumed_certificates=tuple(certificates))
