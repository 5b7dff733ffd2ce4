"""A scenario: one world that is broken (or not) in one way, as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.lab.azure.faults import Fault
from bot.lab.azure.options import Options
from bot.lab.backends import BackendSpec

Way = tuple[str, int]
"""The host and port at which the lab really runs something."""

Names = Mapping[str, Sequence[str]]
"""What a resolver answers: the addresses of each name."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What a diagnosis of `gateway` must conclude.

    `cause`: the id of the rule that names the cause, None if nothing is wrong; `option`: the
    id of the recommended option, None if there is none; `heals`: the gateway's backends are
    healthy once the bot has applied that option. `also`: the rules of further causes, if several
    things are wrong at once. `notes`: rules that must warn or inform. `hidden`: the gateway
    itself reports no backend as unhealthy, although something is wrong. `undecided`: rules that
    cannot tell, because it depends on what nobody knows; then nothing counts as healthy.
    """

    gateway: str
    cause: str | None
    option: str | None = None
    heals: bool = False
    also: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    hidden: bool = False
    undecided: tuple[str, ...] = ()

    @property
    def causes(self) -> tuple[str, ...]:
        """The rules of every cause, the first one first."""
        return (self.cause, *self.also) if self.cause else ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """One world.

    `title` is a line, `summary` a paragraph for people; `story` says step by step what to try.
    `gateways` are complete ARM documents. `dns` is what the gateways can resolve; a name that is
    not in it does not exist. `bot_dns` is what the bot's resolver answers, if that differs.
    `dns_servers` are the networks' DNS servers that can be queried directly, by address, each
    with what it answers. `faults` are Azure's own. `out_of_reach` are the addresses of backends
    that the gateway reaches, and the bot does not. `exported` are certificates that somebody has
    saved elsewhere, as PEM under the name of their file: the page hands them out.
    """

    name: str
    title: str
    summary: str
    story: tuple[str, ...]
    gateways: tuple[dict[str, Any], ...]
    backends: tuple[BackendSpec, ...]
    expected: Expected
    dns: Names = field(default_factory=dict)
    bot_dns: Names | None = None
    dns_servers: Mapping[str, Names] = field(default_factory=dict)
    options: Options = field(default_factory=Options)
    faults: tuple[Fault, ...] = ()
    out_of_reach: tuple[str, ...] = ()
    exported: Mapping[str, bytes] = field(default_factory=dict)

    def reached(self, ways: Mapping[tuple[str, int], Way]) -> dict[tuple[str, int], Way]:
        """Of the ways to what the lab runs, by address and port, those that the bot has."""
        return {place: way for place, way in ways.items() if place[0] not in self.out_of_reach}
