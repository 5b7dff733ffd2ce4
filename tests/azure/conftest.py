"""The lab's Azure with short times, and our edge to it."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot.azure import ResourceManager
from bot.lab.azure import AzureLab, Options, Recorded
from bot.lab.backends import Backends
from tests.lab.azure.world import (
    BACKEND,
    GROUP,
    PLAIN,
    SUBSCRIPTION,
    V1,
    V2,
    v1_gateway,
    v2_gateway,
)

FAST = Options(put_seconds=0.05, health_seconds=0.02, retry_after=0, least_timeout=5.0)

ID = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}"
    f"/providers/Microsoft.Network/applicationGateways/{V1}"
)
ID_V2 = ID.replace(V1, V2)


@dataclass(frozen=True, slots=True)
class World:
    """A running Azure, and our edge to it."""

    azure: AzureLab
    arm: ResourceManager

    def requests(self, method: str) -> list[Recorded]:
        return [each for each in self.azure.requests if each.method == method]


@asynccontextmanager
async def arm_at(url: str, subscriptions: Iterable[str] = ()) -> AsyncIterator[ResourceManager]:
    """Our edge to the Resource Manager at `url`, closed however the test ends."""
    arm = ResourceManager(url, subscriptions)
    try:
        yield arm
    finally:
        await arm.close()


@asynccontextmanager
async def open_world(
    options: Options = FAST, gateways: Iterable[dict[str, Any]] | None = None
) -> AsyncIterator[World]:
    """By default with a gateway of each generation."""
    there = [v1_gateway(), v2_gateway()] if gateways is None else list(gateways)
    async with (
        Backends.open([BACKEND, PLAIN]) as backends,
        AzureLab.open(there, backends, None, options) as azure,
        arm_at(azure.url) as arm,
    ):
        yield World(azure, arm)


@pytest.fixture
async def world() -> AsyncIterator[World]:
    async with open_world() as opened:
        yield opened
