"""Names to addresses, with the system's resolver."""

import asyncio

import pytest

from bot.core.observation import Unresolved
from bot.probe.dns import resolve


def soon() -> float:
    return asyncio.get_running_loop().time() + 5


@pytest.mark.parametrize("address", ["10.1.5.11", "2001:db8::1"])
async def test_an_address_stands_for_itself(address: str) -> None:
    assert await resolve(address, 443, soon()) == (address,)


async def test_a_name_is_resolved() -> None:
    found = await resolve("localhost", 443, soon())
    assert isinstance(found, tuple)
    assert "127.0.0.1" in found
    assert len(found) == len(set(found))


async def test_a_failing_resolver_is_told() -> None:
    # The guard around the tests refuses the look-up, as a resolver might.
    found = await resolve("shop.contoso.com", 443, soon())
    assert isinstance(found, Unresolved)
    assert found.name == "shop.contoso.com"
    assert "refused" in found.reason


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".com", "\ud800.com"])
async def test_what_cannot_be_a_name_is_told(name: str) -> None:
    assert await resolve(name, 443, soon()) == Unresolved(name, "it is not a valid host name")


async def test_a_resolver_is_not_waited_for_past_the_deadline() -> None:
    found = await resolve("localhost", 443, asyncio.get_running_loop().time() - 1)
    assert isinstance(found, Unresolved)
    assert found.reason.startswith("no answer from DNS within ")
