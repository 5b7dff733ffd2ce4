"""A scenario: one world that is broken (or not) in one way, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.lab.azure.options import Options
from bot.lab.backends import BackendSpec


@dataclass(frozen=True, slots=True)
class Expected:
    """What a diagnosis of `gateway` must come to.

    `cause`: the id of the rule that names the cause, None where nothing is wrong; `option`: the
    id of the recommended option, None where none is; `heals`: the gateway's backends are healthy
    once that option was applied by the bot.
    """

    gateway: str
    cause: str | None
    option: str | None = None
    heals: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """One world.

    `title` is a line, `summary` a paragraph for people; `story` says step by step what to try.
    `gateways` are complete ARM documents. `dns` is what the gateways (and whoever looks from
    their network) can resolve; a name that is not in it does not exist.
    """

    name: str
    title: str
    summary: str
    story: tuple[str, ...]
    gateways: tuple[dict[str, Any], ...]
    backends: tuple[BackendSpec, ...]
    expected: Expected
    dns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    options: Options = field(default_factory=Options)
