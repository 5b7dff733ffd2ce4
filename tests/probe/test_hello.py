"""The first message of a handshake: how long it is, and what comes of it where only a short one is taken."""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest

from bot.core.model.observation import Answered, HandshakeFailed, Hello, NoResponse, Response
from bot.lab.backends import Backends, BackendSpec, HeaderFirst, OnePacket, Route, TlsLimits
from tests.probe.asking import BACKEND, HOST, attempt, handshake, outcome, response
from tests.probe.conftest import Pki
from tests.probe.servers import Handler, over_tls, serving, tls_context

PACKET = 1460
"""What fits into one packet of Ethernet: 1,500 bytes less 40 for IP and TCP (RFC 879)."""

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def noting(lengths: list[int]) -> Handler:
    """Note how long the first record is (RFC 8446, section 5.1), and hang up."""

    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readexactly(5)
        lengths.append(5 + len(await reader.readexactly(int.from_bytes(head[3:], "big"))))

    return handler


async def test_the_small_one_fits_into_a_packet_and_the_full_one_does_not() -> None:
    lengths: list[int] = []
    async with serving(noting(lengths)) as server:
        await outcome(attempt(), server.endpoint)
        await outcome(attempt(hello="full"), server.endpoint)
    small, full = lengths
    assert small < 512
    assert PACKET < full < 2048


@pytest.mark.parametrize("hello", ["small", "full"])
async def test_most_servers_take_both(pki: Pki, hello: Hello) -> None:
    spec = BackendSpec(BACKEND, default=pki.site.path, routes=(Route(HOST),))
    async with Backends.open([spec]) as backends:
        found = await outcome(attempt(hello=hello), backends.connect_to[BACKEND, 443])
        assert handshake(found).tls == "TLSv1.3"
        assert isinstance(response(found), Response)
        assert backends.at(BACKEND).connections == 1


@pytest.mark.parametrize(("resets", "kind"), [(False, "timeout"), (True, "closed")])
async def test_a_server_that_reads_one_packet_only(pki: Pki, resets: bool, kind: str) -> None:
    behaviour = OnePacket(resets=resets)
    spec = BackendSpec(BACKEND, default=pki.site.path, routes=(Route(HOST),), behaviour=behaviour)
    async with Backends.open([spec]) as backends:
        endpoint = backends.connect_to[BACKEND, 443]
        assert handshake(await outcome(attempt(), endpoint)).leaf
        found = await outcome(attempt(path=None, hello="full"), endpoint, timeout=0.5)
        assert isinstance(found, HandshakeFailed)
        assert (found.kind, found.alert) == (kind, None)
        assert backends.at(BACKEND).connections == 2


async def test_a_full_one_that_is_refused_is_not_followed_by_a_small_one(
    pki: Pki, tmp_path: Path
) -> None:
    context = tls_context(tmp_path, (pki.site, pki.issuing))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-RSA-AES128-GCM-SHA256")  # and the certificate is not RSA
    async with serving(over_tls(context, OK)) as server:
        found = await outcome(attempt(hello="full"), server.endpoint)
        assert isinstance(found, HandshakeFailed)
        assert found.alert == 40
        assert server.opened == 1


async def test_without_tls_1_3_the_handshake_is_one_of_tls_1_2(pki: Pki) -> None:
    spec = BackendSpec(BACKEND, default=pki.site.path, routes=(Route(HOST),))
    async with Backends.open([spec]) as backends:
        found = await outcome(attempt(hello="tls12"), backends.connect_to[BACKEND, 443])
        assert handshake(found).tls == "TLSv1.2"


@pytest.mark.parametrize("refusal", ["protocol_version", "internal_error", "closed"])
async def test_an_old_hello_is_taken_by_an_old_server_only(pki: Pki, refusal: Any) -> None:
    old = TlsLimits(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, refusal=refusal)
    said = {
        "protocol_version": ("alert", 70),
        "internal_error": ("alert", 80),
        "closed": ("closed", None),
    }
    spec = BackendSpec(BACKEND, default=pki.site.path, routes=(Route(HOST),), tls=old)
    async with Backends.open([spec]) as backends:
        endpoint = backends.connect_to[BACKEND, 443]
        found = await outcome(attempt(path=None, hello="old"), endpoint)
        assert handshake(found).tls == "TLSv1.1"
        refused = await outcome(attempt(path=None), endpoint)
        assert isinstance(refused, HandshakeFailed)
        assert (refused.kind, refused.alert) == said[refusal]
        await backends.at(BACKEND, 443).change(tls=TlsLimits())
        assert isinstance(await outcome(attempt(path=None, hello="old"), endpoint), HandshakeFailed)


async def test_a_server_that_speaks_tls_1_3_only_turns_it_down(pki: Pki) -> None:
    only = TlsLimits(ssl.TLSVersion.TLSv1_3)
    spec = BackendSpec(BACKEND, default=pki.site.path, routes=(Route(HOST),), tls=only)
    async with Backends.open([spec]) as backends:
        endpoint = backends.connect_to[BACKEND, 443]
        assert handshake(await outcome(attempt(), endpoint)).tls == "TLSv1.3"
        found = await outcome(attempt(path=None, hello="tls12"), endpoint)
        assert isinstance(found, HandshakeFailed)
        # protocol_version: RFC 8446, section 6.2.
        assert (found.kind, found.alert) == ("alert", 70)


@pytest.mark.parametrize("tls", [True, False])
async def test_a_server_that_wants_the_proxy_protocol_answers_after_its_line_alone(
    pki: Pki, tls: bool
) -> None:
    served = pki.site.path if tls else None
    spec = BackendSpec(BACKEND, 443, default=served, routes=(Route(HOST),), behaviour=HeaderFirst())
    async with Backends.open([spec]) as backends:
        endpoint = backends.connect_to[BACKEND, 443]
        proxied = await outcome(attempt(tls=tls, hello="proxied"), endpoint)
        assert isinstance(response(proxied), Response)
        bare = await outcome(attempt(tls=tls), endpoint)
        match bare:
            case HandshakeFailed(kind="closed") | Answered(http=NoResponse(kind="closed")):
                assert backends.at(BACKEND).requests == [(HOST, "/")]
            case _:
                pytest.fail(f"it was taken: {bare}")
