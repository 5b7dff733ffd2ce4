"""Which certificates a backend sends, as openssl sees them."""

import asyncio
import ssl
from dataclasses import replace

import pytest

from bot.lab.backends import BackendSpec, ClientCertificates, OnePacket, Route, TlsLimits
from bot.lab.pki import authority, leaf
from tests.lab.backends.client import http_get, s_client
from tests.lab.backends.conftest import OpenServer

ROOT = authority("Root")
ISSUING = authority("Issuing", issuer=ROOT)
APP = leaf("app.example.com", issuer=ISSUING)
OTHER = leaf("*.other.example.com", issuer=ISSUING)
DEFAULT = leaf("default.example.com", issuer=ISSUING)
SPEC = BackendSpec(
    "10.1.5.11",
    certificates={"app.example.com": APP.path, "*.other.example.com": (OTHER,)},
    default=(DEFAULT, ISSUING),
    routes=(Route("app.example.com"),),
)


async def test_sni_chooses_the_chain(open_server: OpenServer) -> None:
    async with open_server(SPEC) as server:
        seen = await s_client(server.port, "-servername", "app.example.com")
        assert seen.subjects == ("app.example.com", "Issuing", "Root")
        seen = await s_client(server.port, "-servername", "a.other.example.com")
        assert seen.subjects == ("*.other.example.com",)
        assert server.snis == ["app.example.com", "a.other.example.com"]


async def test_without_sni_the_default_chain_is_sent(open_server: OpenServer) -> None:
    async with open_server(SPEC) as server:
        assert (await s_client(server.port, "-noservername")).subjects == (
            "default.example.com",
            "Issuing",
        )
        assert server.snis == [None]


async def test_an_unknown_name_gets_the_default_unless_it_is_refused(
    open_server: OpenServer,
) -> None:
    async with open_server(SPEC) as server:
        seen = await s_client(server.port, "-servername", "a.b.other.example.com")
        assert seen.subjects[0] == "default.example.com"
        await server.change(refuses_unknown_sni=True)
        seen = await s_client(server.port, "-servername", "a.b.other.example.com")
        assert seen.subjects == ()
        assert "unrecognized name" in seen.text


async def test_a_server_without_default_refuses_a_client_without_sni(
    open_server: OpenServer,
) -> None:
    async with open_server(
        BackendSpec("10.1.5.11", certificates={"app.example.com": (APP,)})
    ) as server:
        seen = await s_client(server.port, "-noservername")
        assert seen.subjects == ()
        assert "unrecognized name" in seen.text


async def test_a_chain_may_come_in_the_wrong_order(open_server: OpenServer) -> None:
    async with open_server(BackendSpec("10.1.5.11", default=(ISSUING, APP))) as server:
        assert (await s_client(server.port)).subjects == ("Issuing", "app.example.com")


async def test_the_certificate_can_be_renewed_while_the_server_runs(
    open_server: OpenServer,
) -> None:
    renewed = leaf("renewed.example.com", issuer=ISSUING)
    async with open_server(SPEC) as server:
        await server.change(default=(renewed,))
        assert (await s_client(server.port, "-noservername")).subjects == ("renewed.example.com",)


async def test_limits_of_version_and_cipher_are_kept(open_server: OpenServer) -> None:
    limits = TlsLimits(maximum=ssl.TLSVersion.TLSv1_2, ciphers="ECDHE-ECDSA-AES256-GCM-SHA384")
    async with open_server(BackendSpec("10.1.5.11", default=(APP,), tls=limits)) as server:
        assert "Cipher is ECDHE-ECDSA-AES256-GCM-SHA384" in (await s_client(server.port)).text
        refused = await s_client(server.port, "-tls1_3")
        assert refused.subjects == ()
        refused = await s_client(server.port, "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256", "-tls1_2")
        assert refused.subjects == ()


async def test_an_old_server_speaks_nothing_newer_than_tls_1_1(open_server: OpenServer) -> None:
    limits = TlsLimits(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)
    async with open_server(BackendSpec("10.1.5.11", default=(APP,), tls=limits)) as server:
        old = await s_client(server.port, "-tls1_1", "-cipher", "ALL:@SECLEVEL=0")
        assert old.subjects == ("app.example.com",)
        assert (await s_client(server.port, "-tls1_2")).subjects == ()


async def test_a_client_certificate_is_demanded_by_the_names_of_its_authorities(
    open_server: OpenServer,
) -> None:
    clients = authority("Client CA")
    spec = BackendSpec(
        "10.1.5.11", default=(APP,), client_certificates=ClientCertificates((clients,))
    )
    async with open_server(spec) as server:
        seen = await s_client(server.port, "-tls1_2")
        assert "Acceptable client certificate CA names\nCN = Client CA" in seen.text
        assert "alert handshake failure" in seen.text


async def test_http_goes_over_tls(open_server: OpenServer) -> None:
    request = b"GET /x HTTP/1.1\r\nHost: app.example.com:443\r\n\r\n"
    async with open_server(SPEC) as server:
        seen = await s_client(server.port, "-quiet", "-servername", "app.example.com", send=request)
        assert "HTTP/1.1 200" in seen.text
        assert server.requests == [("app.example.com", "/x")]
        assert server.connections == 1


LONG = ("-groups", "P-256", "-alpn", ",".join(["http/1.1"] * 140))


async def test_a_server_may_take_no_hello_that_is_longer_than_a_packet(
    open_server: OpenServer,
) -> None:
    async with open_server(SPEC) as server:
        assert (await s_client(server.port, *LONG)).subjects
        await server.change(behaviour=OnePacket(resets=True))
        assert (await s_client(server.port, "-groups", "P-256")).subjects
        assert (await s_client(server.port, *LONG)).subjects == ()
        assert server.snis == [None] * 2


async def test_or_drop_it_and_say_nothing(open_server: OpenServer) -> None:
    async with open_server(replace(SPEC, behaviour=OnePacket(most=100))) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        # The head of a record in two parts, one byte longer than is taken (RFC 8446, section 5.1).
        for part in (bytes.fromhex("1603"), bytes.fromhex("010060") + bytes(96)):
            writer.write(part)
            await writer.drain()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.2)
        writer.close()
        await writer.wait_closed()


async def test_a_client_that_leaves_before_its_hello_is_no_trouble(open_server: OpenServer) -> None:
    async with open_server(replace(SPEC, behaviour=OnePacket())) as server:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"\x16")
        writer.write_eof()
        assert await reader.read() == b""
        writer.close()
        await writer.wait_closed()


async def test_plain_http_is_not_measured(open_server: OpenServer) -> None:
    async with open_server(BackendSpec("10.1.5.12", 80, behaviour=OnePacket())) as server:
        assert b"404" in await http_get(server.port, "app.example.com")
