"""Backends that turn clients away: by protocol, by TLS version, by address, without saying why."""

import asyncio
import ssl
from dataclasses import replace
from typing import Literal

import pytest

from bot.lab.backends import (
    Answer,
    BackendSpec,
    ClientCertificates,
    Denying,
    HeaderFirst,
    Http2Only,
    Route,
    TlsLimits,
)
from bot.lab.pki import authority, leaf
from tests.lab.backends.client import http_get, s_client
from tests.lab.backends.conftest import OpenServer

ROOT = authority("Root")
SITE = leaf("app.example.com", issuer=ROOT)
HOST = "app.example.com"
SPEC = BackendSpec("10.1.5.11", default=SITE.path, routes=(Route(HOST),))
PLAIN = BackendSpec("10.1.5.11", port=80, routes=(Route(HOST),))


@pytest.mark.parametrize(
    ("says", "begins"), [("closed", b""), ("bare", b"HTTP/1.1 400 "), ("page", b"HTTP/1.1 400 ")]
)
async def test_what_a_tls_server_says_to_plain_http(
    open_server: OpenServer, says: Literal["closed", "bare", "page"], begins: bytes
) -> None:
    async with open_server(replace(SPEC, on_plain_http=says)) as server:
        answer = await http_get(server.port, HOST)
        assert answer.startswith(begins)
        assert bool(answer) is bool(begins)
        assert (b"HTTPS port" in answer) is (says == "page")
        assert (await s_client(server.port)).subjects[0] == HOST


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ("protocol_version", "alert protocol version"),
        ("internal_error", "alert internal error"),
        ("closed", "unexpected eof"),
    ],
)
async def test_how_an_old_server_turns_newer_versions_down(
    open_server: OpenServer,
    refusal: Literal["protocol_version", "internal_error", "closed"],
    said: str,
) -> None:
    old = TlsLimits(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1, refusal=refusal)
    async with open_server(replace(SPEC, tls=old)) as server:
        seen = await s_client(server.port, "-min_protocol", "TLSv1.2")
        assert said in seen.text
        assert seen.subjects == ()
        older = await s_client(server.port, "-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0")
        assert older.subjects[0] == HOST


async def test_a_certificate_that_is_only_asked_for(open_server: OpenServer) -> None:
    asked = ClientCertificates((ROOT,), required=False)
    async with open_server(replace(SPEC, client_certificates=asked)) as server:
        request = f"GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
        seen = await s_client(server.port, "-quiet", "-ign_eof", send=request)
        assert "HTTP/1.1 200 " in seen.text


async def test_http2_begins_with_settings_and_ends_with_goaway(open_server: OpenServer) -> None:
    async with open_server(replace(PLAIN, behaviour=Http2Only())) as server:
        answer = await http_get(server.port, HOST)
        settings, goaway = answer[:9], answer[9:]
        assert (settings[3], goaway[3]) == (4, 7)
        assert len(goaway) == 9 + int.from_bytes(goaway[:3], "big")
        assert server.requests == []


@pytest.mark.parametrize("line", [b"PROXY UNKNOWN\r\n", b"PROXY TCP4 10.0.0.1 10.0.0.2 5 80\r\n"])
async def test_a_connection_is_taken_after_a_line_of_the_proxy_protocol_only(
    open_server: OpenServer, line: bytes
) -> None:
    request = f"GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
    async with open_server(replace(PLAIN, behaviour=HeaderFirst())) as server:
        assert b" 200 " in await _answer(server.port, line, request)
        assert b" 200 " in await _answer(server.port, line[:3], line[3:] + request)
        for other in (request, b"PROXIES\r\n" + request, b"PROXY " + 20_000 * b"x"):
            assert await _answer(server.port, other) == b""
        assert await _answer(server.port, line[:3]) == b""
        assert server.requests == [(HOST, "/")] * 2


async def _answer(port: int, *parts: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for part in parts:
            writer.write(part)
            await writer.drain()
        writer.write_eof()
        return await asyncio.wait_for(reader.read(), 10)
    except ConnectionError:
        return b""
    finally:
        writer.transport.abort()


async def _from(source: str, port: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0))
    try:
        writer.write(f"GET / HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.transport.abort()


async def test_callers_from_some_addresses_are_denied(open_server: OpenServer) -> None:
    denying = Denying(("127.0.0.2",), Answer(403, b"Forbidden\n"))
    async with open_server(replace(PLAIN, behaviour=denying)) as server:
        assert b" 403 " in await _from("127.0.0.2", server.port)
        assert b" 200 " in await _from("127.0.0.1", server.port)


async def test_callers_from_some_addresses_are_reset(open_server: OpenServer) -> None:
    async with open_server(replace(PLAIN, behaviour=Denying(("127.0.0.2",)))) as server:
        with pytest.raises(ConnectionResetError):
            await _from("127.0.0.2", server.port)
        assert b" 200 " in await _from("127.0.0.1", server.port)
