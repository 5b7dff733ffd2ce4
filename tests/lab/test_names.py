"""The lab's DNS servers, asked over the wire."""

import asyncio
import socket
from dataclasses import replace

import dns.asyncquery
import dns.message
import dns.rcode
import pytest

from bot.lab.azure import AzureLab
from bot.lab.backends import Backends
from bot.lab.dns import DnsServer
from bot.lab.names import NameServers
from bot.lab.scenarios import scenario

ZONES = {"shop.contoso.com": ["10.4.0.10", "10.4.0.11", "fd12::5"], "six.contoso.com": ["fd12::6"]}


async def asked(server: DnsServer, name: str, family: str = "A") -> dns.message.Message:
    question = dns.message.make_query(name, family)
    host, port = server.endpoint
    return await dns.asyncquery.udp(question, host, port=port, timeout=5)


def addresses(answer: dns.message.Message) -> list[str]:
    return [record.to_text() for rrset in answer.answer for record in rrset]


@pytest.mark.parametrize(
    ("name", "family", "code", "found"),
    [
        ("Shop.Contoso.COM", "A", "NOERROR", ["10.4.0.10", "10.4.0.11"]),
        ("shop.contoso.com", "AAAA", "NOERROR", ["fd12::5"]),
        ("shop.contoso.com", "TXT", "NOERROR", []),
        ("six.contoso.com", "A", "NOERROR", []),
        ("gone.contoso.com", "A", "NXDOMAIN", []),
    ],
)
async def test_it_answers_from_its_zones(
    name: str, family: str, code: str, found: list[str]
) -> None:
    async with DnsServer.open(lambda asked: ZONES.get(asked, ())) as server:
        answer = await asked(server, name, family)
        assert server.questions == [name.lower()]
    assert dns.rcode.to_text(answer.rcode()) == code
    assert addresses(answer) == found


async def test_what_is_no_question_is_not_answered() -> None:
    async with DnsServer.open(lambda asked: ("10.4.0.10",)) as server:
        with socket.socket(type=socket.SOCK_DGRAM) as client:
            client.sendto(b"hello", server.endpoint)
        assert addresses(await asked(server, "shop.contoso.com")) == ["10.4.0.10"]


async def test_the_bot_sees_names_as_the_gateways_do_unless_told_otherwise() -> None:
    world = replace(
        scenario("ilb-ase"), dns={"a.contoso.com": ["10.4.0.1"]}, dns_servers={"10.9.0.5": {}}
    )
    other = replace(world, bot_dns={"a.contoso.com": ["203.0.113.7"]})
    async with (
        asyncio.timeout(20),
        Backends.open(world.backends) as backends,
        AzureLab.open(world.gateways, backends, world.dns) as azure,
        NameServers.open(world, azure) as same,
        NameServers.open(other, azure) as split,
    ):
        assert addresses(await asked(same.bot, "a.contoso.com")) == ["10.4.0.1"]
        assert addresses(await asked(split.bot, "a.contoso.com")) == ["203.0.113.7"]
        azure.set_dns("a.contoso.com", ["10.4.0.2"])
        assert addresses(await asked(same.bot, "a.contoso.com")) == ["10.4.0.2"]
        assert addresses(await asked(split.bot, "a.contoso.com")) == ["203.0.113.7"]
        server = same.networks["10.9.0.5"]
        assert same.connect_to == {("10.9.0.5", 53): server.endpoint}
        assert (await asked(server, "a.contoso.com")).rcode() == dns.rcode.NXDOMAIN
