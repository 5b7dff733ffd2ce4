"""CPU of everything that happens once the looks have come back, for gateways as large as Azure lets them be.

Judging, all options on paper, what further they call for, the report, and its four forms. Work may grow no faster than
the gateway. The outcomes are made here, so no network is in it, and CPU is counted, so a busy machine is not either.
"""

import gc
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.cli.answer import answer
from bot.cli.garbage import look_seldom
from bot.cli.terminal import render
from bot.core.analysis.addresses import with_chosen_addresses
from bot.core.analysis.follow_up_probes import further_attempts
from bot.core.arm.document import Json
from bot.core.case.attempts import probe_attempts, wanted_attempts
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.changes.change import Person
from bot.core.model.observation import (
    HandshakeFailed,
    NotConnected,
    Observation,
    Outcome,
)
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import attempts_to_judge, try_options
from bot.core.report.incident import Incident
from bot.core.report.report import Report, to_json
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from handlers.blocks.card import CardView, card
from handlers.blocks.evidence import evidence
from tests.core.make import (
    APP,
    NOW,
    answered,
    case,
    certificate,
    document,
    item,
    ref,
    v2_settings,
    what_if,
)

LARGE, SMALL = 1200, 120
MOST_LARGE = 2.0
"""Seconds for the faults of one kind at so many servers."""

MOST_TIMES = 11.0
"""How many times ten times the servers may cost."""

PARTS = 100
"""Listeners, HTTP settings and pools: Azure's limits (azure-subscription-service-limits)."""

MOST_PARTS, MOST_SHARED = 5.0, 15.0

Outcomes = Callable[[int], Outcome]


@dataclass(frozen=True, slots=True)
class Cost:
    """What was measured, and how much it may be at most."""

    what: str
    value: float
    most: float
    unit: str

    @property
    def line(self) -> str:
        """As it is printed."""
        verdict = "as wanted" if self.value <= self.most else "NOT AS WANTED"
        return f"{self.what}: {self.value:.2f}{self.unit} ({verdict}: at most {self.most:g}{self.unit})"


def _own_certificate(number: int) -> Outcome:
    own = certificate(f"s{number}.contoso.com", sha256=f"{number:064x}")
    return answered(own, public=20)


def _refused(number: int) -> Outcome:
    return NotConnected("refused", _address(number), "connection refused")


def _silent(number: int) -> Outcome:
    return NotConnected("timeout", _address(number), "no answer within 5.0 s")


def _alert(number: int) -> Outcome:
    return HandshakeFailed("alert", _address(number), 40, "handshake failure")


_NOT_FOUND = answered(APP, status=404, public=0)

KINDS: dict[str, Outcomes] = {
    "status": lambda _: _NOT_FOUND,
    "chain, each its own certificate": _own_certificate,
    "chain, 20 certificates": lambda number: _own_certificate(number % 20),
    "refused": _refused,
    "silent": _silent,
    "TLS alert": _alert,
    "mixed": lambda number: _MIXED[number % len(_MIXED)](number),
    "healthy": lambda _: answered(APP, public=0),
}
_MIXED: tuple[Outcomes, ...] = tuple(KINDS.values())[:6]


def lines() -> list[str]:
    """Every figure with its goal."""
    return [it.line for it in costs()]


def costs() -> list[Cost]:
    """All of them."""
    look_seldom()  # As `agw` does.
    found: list[Cost] = []
    for kind in KINDS:
        large, small = (of_pool(count, kind) for count in (LARGE, SMALL))
        found.append(Cost(f"CPU of judging {LARGE:,} servers, {kind}", large, MOST_LARGE, " s"))
        found.append(Cost(f"  against {SMALL}", large / small, MOST_TIMES, "x"))
    for what, shared, most in (
        (f"{PARTS} pools of 12", False, MOST_PARTS),
        (f"one pool of {PARTS}", True, MOST_SHARED),
    ):
        taken = of_parts(shared=shared)
        found.append(
            Cost(f"CPU of judging {PARTS} listeners x {PARTS} settings, {what}", taken, most, " s")
        )
    return found


def of_pool(count: int, kind: str) -> float:
    """Seconds for one pool of so many servers with that kind of fault."""
    servers = tuple(map(_address, range(count)))
    base = document(
        tier="Standard_v2", servers=servers, backendHttpSettingsCollection=[v2_settings()]
    )
    return _taken(base, kind)


def of_parts(*, shared: bool) -> float:
    """Seconds for as many parts as a gateway may have."""
    return _taken(many_parts(shared=shared), "status", every_probe=not shared)


def many_parts(*, shared: bool) -> Json:
    """A gateway with as many listeners, rules, HTTP settings and probes as Azure allows, each for a site of its own.

    `shared`: they all lead to one pool of as many servers; else each to a pool of twelve.
    """
    pools = 1 if shared else PARTS
    members = PARTS if shared else 12
    numbers = range(PARTS)
    return document(
        tier="Standard_v2",
        backendAddressPools=[
            item(
                "backendAddressPools",
                f"pool{at}",
                backendAddresses=[
                    {"ipAddress": _address(at * members + it)} for it in range(members)
                ],
            )
            for at in range(pools)
        ],
        backendHttpSettingsCollection=[
            v2_settings(name=f"https{at}", probe=ref("probes", f"probe{at}")) for at in numbers
        ],
        probes=[
            item(
                "probes",
                f"probe{at}",
                protocol="Https",
                host=f"h{at}.contoso.com",
                path="/",
                interval=30,
                timeout=30,
                unhealthyThreshold=3,
            )
            for at in numbers
        ],
        httpListeners=[
            item(
                "httpListeners",
                f"site{at}",
                protocol="Https",
                hostName=f"h{at}.contoso.com",
                frontendPort=ref("frontendPorts", "p443"),
            )
            for at in numbers
        ],
        requestRoutingRules=[
            item(
                "requestRoutingRules",
                f"rule{at}",
                ruleType="Basic",
                priority=at + 1,
                httpListener=ref("httpListeners", f"site{at}"),
                backendAddressPool=ref("backendAddressPools", f"pool{at % pools}"),
                backendHttpSettings=ref("backendHttpSettingsCollection", f"https{at}"),
            )
            for at in numbers
        ],
    )


def _taken(base: Json, kind: str, *, every_probe: bool = True) -> float:
    looked = looked_at(base, kind, every_probe=every_probe)
    gc.collect()  # What the figure before has left behind is not this one's.
    began = time.process_time()
    everything(looked, base)
    return time.process_time() - began


def looked_at(base: Json, kind: str, *, every_probe: bool = True) -> Case:
    """What a diagnosis looks at first, of many backends a part; `every_probe`: and the health probe of each."""
    outcomes = KINDS[kind]
    empty = case(base, state="healthy" if kind == "healthy" else "unhealthy")
    numbers: dict[str, int] = {}
    probes = probe_attempts(empty) if every_probe else ()
    wanted = dict.fromkeys((*probes, *wanted_attempts(empty)))
    seen = tuple(
        Observation(it, outcomes(numbers.setdefault(it.server, len(numbers)))) for it in wanted
    )
    return replace(empty, observations=seen)


def everything(looked: Case, base: Json) -> Report:
    """From what was seen to what people see."""
    made = with_chosen_addresses(looked)
    further_attempts(made)
    diagnosis = diagnose(made, RULES)
    paper = what_if(made, base)
    trials = try_options(paper, diagnosis, OPTIONS)
    attempts_to_judge(paper, trials)
    report = make_report(made, diagnosis, trials, RULES, NOW)
    to_json(report)
    render(report, colour=False, width=100)
    answer(report, "agw diagnose", colour=False, width=80)
    gateway = report.gateway
    person = Person("T0LAB", "U0ADA")
    card(CardView(Incident("i", gateway.id, gateway.name, "C", "1.1", person, "", NOW, report)))
    evidence(report)
    return report


def _address(number: int) -> str:
    return f"10.2.{number // 250}.{number % 250 + 1}"


if __name__ == "__main__":
    look_seldom()
    for kind in sys.argv[1:] or KINDS:
        for count in (SMALL, LARGE):
            print(f"{kind}, {count:,}: {of_pool(count, kind):.2f} s", flush=True)
