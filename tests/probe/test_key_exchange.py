"""The length of the Diffie-Hellman group, from real handshakes and from what is cut off."""

import pytest

from bot.core.model.observation import HandshakeFailed
from bot.lab.backends import Backends, BackendSpec, DhGroup
from bot.lab.pki import authority, leaf, rsa_key
from bot.lab.scenarios.badssl import BADSSL
from bot.lab.scenarios.dh_groups import DH_512, DH_1024, DH_2048
from bot.probe import NetworkProber
from bot.probe.key_exchange import dh_bits, is_tls13
from tests.probe.asking import BACKEND, attempt, handshake

SITE = leaf("site.example", issuer=authority("Root"), key=rsa_key())


def spec(group: DhGroup) -> BackendSpec:
    (limits,) = {it.backends[0].tls for it in BADSSL if it.backends[0].tls.dh == group}
    return BackendSpec(BACKEND, default=SITE.path, tls=limits)


@pytest.mark.parametrize("group", [DH_1024, DH_2048], ids=lambda it: str(it.bits))
async def test_what_was_agreed_is_seen(group: DhGroup) -> None:
    async with Backends.open([spec(group)]) as backends:
        prober = NetworkProber(backends.connect_to, loopback_only=True)
        (found,) = await prober.observe([attempt()], [], 10)
    assert handshake(found.outcome).dh_bits == group.bits
    assert handshake(found.outcome).cipher.startswith("DHE-")


async def test_without_such_a_group_there_is_none() -> None:
    async with Backends.open([BackendSpec(BACKEND, default=SITE.path)]) as backends:
        prober = NetworkProber(backends.connect_to, loopback_only=True)
        (found,) = await prober.observe([attempt()], [], 10)
    assert handshake(found.outcome).dh_bits is None


async def test_a_group_that_openssl_refuses_is_named_in_its_words() -> None:
    async with Backends.open([spec(DH_512)]) as backends:
        prober = NetworkProber(backends.connect_to, loopback_only=True)
        (found,) = await prober.observe([attempt()], [], 10)
    assert isinstance(found.outcome, HandshakeFailed)
    assert (found.outcome.alert, found.outcome.reason) == (None, "no agreement: dh key too small")


@pytest.mark.parametrize(
    "heard",
    [
        b"",
        bytes.fromhex("16 0303 0004 0e000000"),
        bytes.fromhex("14 0303 0001 01"),
        bytes.fromhex("16 0303 0003 0c0000"),
        bytes.fromhex("16 03"),
    ],
)
def test_in_what_has_no_key_exchange_there_is_none(heard: bytes) -> None:
    assert dh_bits(heard) is None


def test_a_message_may_be_divided_among_records() -> None:
    message = bytes.fromhex("0c 000005 0003 0400ff")
    first, rest = message[:5], message[5:]
    records = b"".join(b"\x16\x03\x03" + len(it).to_bytes(2, "big") + it for it in (first, rest))
    assert dh_bits(records) == 19


def server_hello(version: bytes, extensions: str = "") -> bytes:
    """As RFC 8446, 4.1.3 has it, with supported_versions last."""
    more = bytes.fromhex(extensions) + bytes.fromhex("002b 0002") + version
    body = b"\3\3" + bytes(32) + b"\x20" + bytes(32) + b"\x13\1\0"
    body += len(more).to_bytes(2, "big") + more
    message = b"\2" + len(body).to_bytes(3, "big") + body
    return b"\x16\3\3" + len(message).to_bytes(2, "big") + message


def test_tls_1_3_is_told_by_the_extension() -> None:
    assert is_tls13(server_hello(b"\3\4"))
    assert is_tls13(server_hello(b"\3\4", "0033 0004 00170000") + b"\x17\3\3")
    assert not is_tls13(server_hello(b"\3\3"))


@pytest.mark.parametrize("length", range(80))
def test_what_is_cut_off_is_not_tls_1_3(length: int) -> None:
    assert not is_tls13(server_hello(b"\3\4")[:length])


def test_what_is_no_server_hello_is_not_tls_1_3() -> None:
    whole = server_hello(b"\3\4")
    assert not is_tls13(b"\x15" + whole[1:])
    assert not is_tls13(whole[:5] + b"\x0b" + whole[6:])
