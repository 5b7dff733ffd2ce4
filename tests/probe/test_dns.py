"""Names to addresses: this machine's resolver, and DNS servers of the operator's choice."""

import asyncio
import socket

import pytest

from bot.core.model.observation import Unresolved
from bot.probe.dns import MOST_ALIASES, resolve
from tests.probe.names import SILENT, Says, naming

NAME = "shop.contoso.com"


def soon(seconds: float = 5) -> float:
    return asyncio.get_running_loop().time() + seconds


@pytest.mark.parametrize("address", ["10.1.5.11", "2001:db8::1"])
async def test_an_address_stands_for_itself(address: str) -> None:
    assert await resolve(address, [], soon()) == (address,)


async def test_this_machine_resolves_a_name() -> None:
    found = await resolve("localhost", [], soon())
    assert isinstance(found, tuple)
    assert "127.0.0.1" in found
    assert len(found) == len(set(found))


async def test_a_failing_resolver_is_told() -> None:
    # The guard around the tests refuses the look-up, as a resolver might.
    found = await resolve(NAME, [], soon())
    assert isinstance(found, Unresolved)
    assert (found.name, found.kind) == (NAME, "other")
    assert "refused" in found.reason


@pytest.mark.parametrize("name", ["a..b", "x" * 64 + ".com", "\ud800.com"])
@pytest.mark.parametrize("servers", [[], [("127.0.0.1", 53)]])
async def test_what_cannot_be_a_name_is_told(name: str, servers: list[tuple[str, int]]) -> None:
    assert await resolve(name, servers, soon()) == Unresolved(name, "it is not a valid host name")


async def test_a_resolver_is_not_waited_for_past_the_deadline() -> None:
    for servers in ([], [("127.0.0.1", 53)]):
        found = await resolve("localhost", servers, soon(-1))
        assert isinstance(found, Unresolved)
        assert found.kind == "silent"
        assert found.reason.startswith("no answer from DNS within ")


async def asked(says: Says, seconds: float = 5) -> tuple[str, ...] | Unresolved:
    async with naming(says) as server:
        return await resolve(NAME, [server.endpoint], soon(seconds))


async def test_a_server_gives_both_families_in_its_own_order() -> None:
    found = await asked(
        {
            f"{NAME} A": [f"{NAME} 60 IN A 10.1.5.12 10.1.5.11"],
            f"{NAME} AAAA": [f"{NAME} 60 IN AAAA fd12::5"],
        }
    )
    assert found == ("10.1.5.12", "10.1.5.11", "fd12::5")


async def test_aliases_are_followed_within_an_answer_and_beyond() -> None:
    chain = [f"{NAME} 60 IN CNAME web.contoso.net", "web.contoso.net 60 IN A 10.1.5.11"]
    assert await asked({f"{NAME} A": chain}) == ("10.1.5.11",)
    cut = {f"{NAME} A": chain[:1], "web.contoso.net A": chain[1:]}
    assert await asked(cut) == ("10.1.5.11",)


async def test_aliases_without_end_are_not() -> None:
    ring: Says = {
        f"{NAME} A": [f"{NAME} 60 IN CNAME web.contoso.net"],
        "web.contoso.net A": [f"web.contoso.net 60 IN CNAME {NAME}"],
    }
    async with naming(ring) as server:
        found = await resolve(NAME, [server.endpoint], soon())
        assert server.asked.count(f"{NAME} A") <= MOST_ALIASES
    assert isinstance(found, Unresolved)
    assert (found.name, found.kind) == (NAME, "failed")


@pytest.mark.parametrize(
    ("says", "kind", "words"),
    [
        ({}, "no_such_name", "NXDOMAIN"),
        ({f"{NAME} TXT": []}, "no_address", "exists"),
        ({f"{NAME} A": "SERVFAIL", f"{NAME} AAAA": "SERVFAIL"}, "failed", "SERVFAIL"),
        ({f"{NAME} A": "REFUSED", f"{NAME} AAAA": "REFUSED"}, "failed", "REFUSED"),
        ({f"{NAME} A": SILENT, f"{NAME} AAAA": SILENT}, "silent", "no answer from DNS within"),
        # One family that is not known is no proof that there is no address.
        ({f"{NAME} A": SILENT, f"{NAME} AAAA": []}, "silent", "no answer from DNS within"),
    ],
    ids=["nxdomain", "no data", "servfail", "refused", "silence", "half a silence"],
)
async def test_what_went_wrong_is_told_apart(says: Says, kind: str, words: str) -> None:
    found = await asked(says, 0.5)
    assert isinstance(found, Unresolved)
    assert (found.name, found.kind) == (NAME, kind)
    assert words in found.reason


async def test_nobody_at_the_port_is_a_failure_and_the_next_server_is_asked() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    async with naming({f"{NAME} A": [f"{NAME} 60 IN A 10.1.5.11"]}) as server:
        alone = await resolve(NAME, [("127.0.0.1", port)], soon(1))
        found = await resolve(NAME, [("127.0.0.1", port), server.endpoint], soon())
    assert isinstance(alone, Unresolved)
    assert not alone.is_answer
    assert found == ("10.1.5.11",)


async def test_a_name_with_other_letters_is_asked_for_in_its_ascii_form() -> None:
    sent = "xn--bcher-kva.contoso.com"
    async with naming({f"{sent} A": [f"{sent} 60 IN A 10.1.5.11"]}) as server:
        assert await resolve("b\u00fccher.contoso.com", [server.endpoint], soon()) == ("10.1.5.11",)
