"""What is said of a TLS handshake: agreed, refused, broken, or none at all."""

import asyncio
import ssl
from pathlib import Path

import pytest

from bot.core.model.observation import HandshakeFailed, NoResponse, Outcome, Response
from bot.lab.backends import Backends, BackendSpec
from bot.lab.pki import leaf, rsa_key
from tests.probe.asking import HOST, attempt, handshake, outcome, response
from tests.probe.conftest import Pki
from tests.probe.servers import Handler, answering, over_tls, saying, serving, tls_context

# A prime of 1024 bits (RFC 2409, 6.2) with the generator 2, as PKCS#3.
WEAK_GROUP = bytes.fromhex(
    "30818702818100"
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
    "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
    "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF"
    "020102"
)

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def context(pki: Pki, tmp_path: Path) -> ssl.SSLContext:
    """A server's context, to be made odd by the test."""
    return tls_context(tmp_path, (pki.site, pki.issuing))


async def reaching(context: ssl.SSLContext, path: str | None = "/") -> tuple[Outcome, int]:
    """What comes of an attempt at a server with this context, and how many connections it took."""
    async with serving(over_tls(context, OK)) as server:
        found = await outcome(attempt(path=path), server.endpoint)
        return found, server.opened


def failed(found: Outcome) -> HandshakeFailed:
    assert isinstance(found, HandshakeFailed), found
    return found


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_both_versions_of_the_gateway_are_spoken(
    context: ssl.SSLContext, version: ssl.TLSVersion
) -> None:
    context.minimum_version = context.maximum_version = version
    found, connections = await reaching(context)
    assert handshake(found).tls == version.name.replace("_", ".")
    assert "AES" in handshake(found).cipher
    assert not handshake(found).client_certificate_wanted
    assert response(found) == Response(200, None, "ok")
    assert connections == 1


async def test_a_handshake_alone_makes_no_request(pki: Pki) -> None:
    spec = BackendSpec("10.1.5.11", default=pki.site.path)
    async with Backends.open([spec]) as backends:
        found = await outcome(attempt(path=None), backends.connect_to["10.1.5.11", 443])
        assert backends.at("10.1.5.11").requests == []
    assert response(found) == NoResponse("not_asked", "no request was to be made")


@pytest.mark.parametrize(
    ("sni", "seen"), [(HOST, HOST), ("shop.contoso.com.", HOST), ("bücher.de", "xn--bcher-kva.de")]
)
async def test_the_sni_is_what_was_asked_for(pki: Pki, sni: str, seen: str) -> None:
    spec = BackendSpec("10.1.5.11", default=pki.site.path)
    async with Backends.open([spec]) as backends:
        await outcome(attempt(sni=sni), backends.connect_to["10.1.5.11", 443])
        assert backends.at("10.1.5.11").snis == [seen]


async def test_no_sni_means_none(pki: Pki) -> None:
    spec = BackendSpec("10.1.5.11", default=pki.site.path)
    async with Backends.open([spec]) as backends:
        await outcome(attempt(sni=None), backends.connect_to["10.1.5.11", 443])
        assert backends.at("10.1.5.11").snis == [None]


async def test_an_alert_is_told_with_its_number(context: ssl.SSLContext) -> None:
    context.sni_callback = lambda *_: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    found, connections = await reaching(context)
    assert failed(found).kind == "alert"
    assert failed(found).alert == 112
    assert failed(found).reason == "it sent alert 112 (unrecognized_name)"
    assert connections == 1


async def test_an_old_server_says_protocol_version(context: ssl.SSLContext) -> None:
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    found, _ = await reaching(context)
    assert (failed(found).kind, failed(found).alert) == ("alert", 70)


async def test_no_common_cipher_is_a_handshake_failure(context: ssl.SSLContext) -> None:
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-RSA-AES128-GCM-SHA256")  # and the certificate is not RSA
    found, connections = await reaching(context)
    assert (failed(found).kind, failed(found).alert) == ("alert", 40)
    assert connections == 2  # once more, in case it was only our choice of curves


async def test_a_server_with_another_curve_gets_a_second_hello(context: ssl.SSLContext) -> None:
    context.set_ecdh_curve("secp384r1")
    found, connections = await reaching(context)
    assert response(found) == Response(200, None, "ok")
    assert connections == 2


async def test_plain_http_on_the_port() -> None:
    async with serving(saying(b"HTTP/1.1 400 Bad Request\r\n\r\n")) as server:
        found = await outcome(attempt(), server.endpoint)
    assert failed(found).kind == "not_tls"
    assert failed(found).reason == 'it answered without TLS: "HTTP/1.1 400 Bad Request"'


async def test_bytes_that_only_begin_like_tls() -> None:
    async with serving(saying(b"\x16\x03\x03\x00\x04\x02\x00\x00\x00")) as server:
        found = await outcome(attempt(), server.endpoint)
    assert (failed(found).kind, failed(found).alert) == ("alert", None)
    assert failed(found).reason.startswith("no agreement: ")


async def test_a_server_that_hangs_up() -> None:
    async with serving(hanging_up_after(b"")) as server:
        found = await outcome(attempt(), server.endpoint)
    assert failed(found).kind == "closed"
    assert failed(found).reason == "it closed the connection during the handshake"


def hanging_up_after(words: bytes) -> Handler:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        writer.write(words)

    return handler


async def test_a_server_that_takes_its_leave_instead_of_an_answer() -> None:
    async with serving(saying(bytes.fromhex("15030300020100"))) as server:  # close_notify
        found = await outcome(attempt(), server.endpoint)
    assert (failed(found).kind, failed(found).alert) == ("closed", None)


async def test_a_weak_key_exchange_is_looked_at_too(tmp_path: Path) -> None:
    context = tls_context(tmp_path, (leaf(HOST, key=rsa_key()),))
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0")
    group = ssl.DER_cert_to_PEM_cert(WEAK_GROUP).replace("CERTIFICATE", "DH PARAMETERS")
    file = tmp_path / "group.pem"
    file.write_text(group, "ascii")
    context.load_dh_params(str(file))
    found, _ = await reaching(context)
    assert handshake(found).cipher == "DHE-RSA-AES128-GCM-SHA256"


async def test_a_server_without_secure_renegotiation_is_not_refused() -> None:
    # A ServerHello of TLS 1.2 without any extension (RFC 5246, 7.4.1.3), and then nothing more.
    body = bytes.fromhex("0303") + bytes(32) + bytes.fromhex("00c02b00")
    hello = bytes.fromhex("160303002a02000026") + body
    async with serving(hanging_up_after(hello)) as server:
        found = await outcome(attempt(), server.endpoint)
    assert failed(found).kind == "closed"


async def test_a_server_that_never_says_a_word() -> None:
    async with serving(saying(b"")) as server:
        found = await outcome(attempt(), server.endpoint, timeout=0.2)
    assert failed(found).kind == "timeout"
    assert failed(found).alert is None


@pytest.mark.parametrize("path", ["/", None])
async def test_a_required_client_certificate_shows_after_a_tls_1_3_handshake(
    context: ssl.SSLContext, pki: Pki, path: str | None
) -> None:
    demand_certificate(context, pki)
    found, _ = await reaching(context, path)
    assert handshake(found).tls == "TLSv1.3"
    assert handshake(found).client_certificate_wanted
    http = response(found)
    assert isinstance(http, NoResponse)
    assert http.kind == "client_certificate"


async def test_a_required_client_certificate_fails_a_tls_1_2_handshake(
    context: ssl.SSLContext, pki: Pki
) -> None:
    demand_certificate(context, pki)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    found, connections = await reaching(context)
    assert connections == 1
    assert (failed(found).kind, failed(found).alert) == ("alert", 40)
    assert failed(found).client_certificate_wanted
    assert failed(found).reason.endswith("after requesting a client certificate")


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_a_client_certificate_that_is_only_wished_for_stops_nothing(
    context: ssl.SSLContext, version: ssl.TLSVersion
) -> None:
    # Asked without naming any authority: an empty list is a request as well.
    context.verify_mode = ssl.CERT_OPTIONAL
    context.minimum_version = context.maximum_version = version
    found, _ = await reaching(context)
    assert handshake(found).client_certificate_wanted
    assert response(found) == Response(200, None, "ok")


def demand_certificate(context: ssl.SSLContext, pki: Pki) -> None:
    context.load_verify_locations(cadata=pki.root.pem.decode("ascii"))
    context.verify_mode = ssl.CERT_REQUIRED


async def test_an_http_request_to_a_tls_port(context: ssl.SSLContext) -> None:
    # OpenSSL recognises the request and hangs up without an alert; other servers send one.
    async with serving(over_tls(context)) as server:
        found = await outcome(attempt(tls=False), server.endpoint)
    assert response(found) == NoResponse("closed", "it closed the connection without a response")
    async with serving(answering(bytes.fromhex("15030300020216"))) as server:
        found = await outcome(attempt(tls=False), server.endpoint)
    assert response(found) == NoResponse("tls", "it answered plain HTTP with TLS")


async def test_a_tls_server_that_answers_with_rubbish(context: ssl.SSLContext) -> None:
    async with serving(over_tls(context, b"SSH-2.0-OpenSSH_9.6\r\n")) as server:
        found = await outcome(attempt(), server.endpoint)
    assert response(found) == NoResponse(
        "malformed", 'its response is not HTTP: "SSH-2.0-OpenSSH_9.6"'
    )


async def test_plain_connections_can_be_made_without_a_request() -> None:
    async with serving(answering(OK)) as server:
        found = await outcome(attempt(tls=False, path=None), server.endpoint)
    assert response(found) == NoResponse("not_asked", "no request was to be made")
