"""From names to doors: DNS, then the operator's map, then the guard; and what single DNS servers say."""

import asyncio

import pytest

from bot.core.model.marked import plain
from bot.core.model.observation import Answered, Attempt, Lookup, NotTried, Question, Unresolved
from bot.probe import NetworkProber
from tests.core.plainly import plainly
from tests.probe.asking import BACKEND, HOST, attempt
from tests.probe.names import Says, naming
from tests.probe.servers import answering, serving

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
OTHER = "10.1.5.12"
ONE: Says = {f"{HOST} A": [f"{HOST} 60 IN A {BACKEND}"]}
BY_NAME = attempt(server=HOST, tls=False, port=80)


async def test_the_address_of_a_name_goes_the_way_of_the_address() -> None:
    async with serving(answering(OK)) as server, naming(ONE) as dns:
        ways = {(BACKEND, 80): server.endpoint}
        prober = NetworkProber(ways, loopback_only=True, dns_servers=[dns.endpoint])
        (found,) = await prober.observe([BY_NAME], [], 5)
    assert isinstance(found.outcome, Answered)
    assert found.outcome.address == f"{BACKEND} via 127.0.0.1:{server.port}"
    assert found.addresses == (BACKEND,)


async def test_a_name_that_is_mapped_itself_is_not_looked_up() -> None:
    async with serving(answering(OK)) as server, naming(ONE) as dns:
        ways = {(HOST, 80): server.endpoint}
        prober = NetworkProber(ways, loopback_only=True, dns_servers=[dns.endpoint])
        (found,) = await prober.observe([BY_NAME], [], 5)
        assert dns.asked == []
    assert isinstance(found.outcome, Answered)
    assert found.addresses == ()


async def test_with_loopback_only_an_address_is_reached_through_the_map_or_not_at_all() -> None:
    async with naming(ONE) as dns:
        prober = NetworkProber({}, loopback_only=True, dns_servers=[dns.endpoint])
        (found,) = await prober.observe([BY_NAME], [], 5)
    assert isinstance(found.outcome, NotTried)
    assert "only loopback may be contacted" in plain(found.outcome.reason)
    assert found.addresses == (BACKEND,)


async def test_of_several_addresses_those_that_may_be_contacted_are_tried() -> None:
    says: Says = {f"{HOST} A": [f"{HOST} 60 IN A 169.254.169.254 {OTHER} {BACKEND}"]}
    async with serving(answering(OK)) as server, naming(says) as dns:
        ways = {(BACKEND, 80): server.endpoint}
        prober = NetworkProber(ways, loopback_only=True, dns_servers=[dns.endpoint])
        (found,) = await prober.observe([BY_NAME], [], 5)
    assert isinstance(found.outcome, Answered)
    assert found.outcome.address.startswith(f"{BACKEND} via ")
    assert set(found.addresses) == {"169.254.169.254", OTHER, BACKEND}


async def test_a_name_that_leads_to_the_bot_itself_is_refused() -> None:
    says: Says = {f"{HOST} A": [f"{HOST} 60 IN A 127.0.0.1"]}
    async with serving(answering(OK)) as here, naming(says) as dns:
        prober = NetworkProber({}, loopback_only=False, dns_servers=[dns.endpoint])
        wanted = Attempt(HOST, here.port, False, None, HOST, "/")
        (found,) = await prober.observe([wanted], [], 5)
        assert here.opened == 0
    assert isinstance(found.outcome, NotTried)
    assert "is this machine, not a backend" in plain(found.outcome.reason)


async def test_what_dns_says_of_an_unknown_name_is_the_outcome() -> None:
    async with naming({}) as dns:
        prober = NetworkProber({}, loopback_only=True, dns_servers=[dns.endpoint])
        (found,) = await prober.observe([BY_NAME], [], 5)
    assert found.outcome == Unresolved(HOST, "no such name (NXDOMAIN)", "no_such_name")


async def test_with_loopback_only_a_dns_server_elsewhere_is_not_asked() -> None:
    prober = NetworkProber({}, loopback_only=True, dns_servers=[("10.9.0.5", 53)])
    (found,) = await prober.observe([BY_NAME], [], 5)
    assert isinstance(found.outcome, NotTried)
    assert "10.9.0.5 is not a loopback address" in plain(found.outcome.reason)


async def asked(prober: NetworkProber, server: str, name: str = HOST) -> Lookup:
    (found,) = await prober.look_up([Question(name, server)], 5)
    assert found.question == Question(name, server)
    return found


async def test_a_dns_server_of_a_network_is_asked_where_the_map_sends_it() -> None:
    async with naming(ONE) as dns:
        prober = NetworkProber({("10.9.0.5", 53): dns.endpoint}, loopback_only=True)
        assert (await asked(prober, "10.9.0.5")).answer == (BACKEND,)
        unknown = (await asked(prober, "10.9.0.5", "other.contoso.com")).answer
        assert isinstance(unknown, Unresolved)
        assert unknown.is_answer


@pytest.mark.parametrize("server", ["10.9.0.5", "168.63.129.16", "127.0.0.1"])
async def test_other_dns_servers_are_kept_from(server: str) -> None:
    outside = NetworkProber({}, loopback_only=server == "10.9.0.5")
    assert isinstance((await asked(outside, server)).answer, NotTried)


async def test_the_way_to_a_dns_server_is_no_name() -> None:
    prober = NetworkProber({("10.9.0.5", 53): ("localhost", 53)}, loopback_only=True)
    answer = (await asked(prober, "10.9.0.5")).answer
    assert plainly(answer) == NotTried("a DNS server must be mapped to an IP, not localhost")


async def test_questions_are_asked_side_by_side_and_answered_in_order() -> None:
    other: Says = {f"{HOST} A": [f"{HOST} 60 IN A {OTHER}"]}
    async with naming(ONE) as first, naming(other) as second, asyncio.timeout(10):
        ways = {("10.9.0.5", 53): first.endpoint, ("10.9.0.6", 53): second.endpoint}
        prober = NetworkProber(ways, loopback_only=True)
        questions = [Question(HOST, "10.9.0.6"), Question(HOST, "10.9.0.5")]
        found = await prober.look_up(questions, 5)
    assert [it.answer for it in found] == [(OTHER,), (BACKEND,)]
    assert await prober.look_up([], 5) == ()


@pytest.mark.parametrize("mapped", ["b\u00fccher.contoso.com", "xn--bcher-kva.contoso.com"])
async def test_a_mapped_name_may_be_written_either_way(mapped: str) -> None:
    asked = attempt(server="b\u00fccher.contoso.com", tls=False, port=80)
    async with serving(answering(OK)) as server:
        prober = NetworkProber({(mapped, 80): server.endpoint}, loopback_only=True)
        (found,) = await prober.observe([asked], [], 5)
    assert isinstance(found.outcome, Answered)
