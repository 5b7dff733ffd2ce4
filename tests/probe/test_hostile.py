"""No server holds the event loop: what is done in one turn of it is bounded, whatever a server sends.

Bytes and certificates are counted for each turn, not seconds; `make bench` has those.
"""

import asyncio
import ssl
from pathlib import Path
from typing import Any

import pytest
from OpenSSL import SSL, crypto

from bot.core.model.observation import NoResponse, NotTried, Response, Unresolved
from bot.lab.pki import authority, leaf
from bot.probe import http, tls
from bot.probe.dns import resolve
from bot.probe.dns_backend import LONGEST_ANSWER
from bot.probe.http_answer import MOST_INTERIM
from bot.probe.probe_run import MOST_SENT
from bot.probe.self_signed import LONGEST_EXPONENT
from bot.probe.verification import ServedChain
from bot.probe.x509 import read_certificate
from tests.probe.asking import attempt, handshake, outcome, response
from tests.probe.conftest import Pki
from tests.probe.hostile import INTERIM, byte_by_byte, costly_key, endless
from tests.probe.names import naming
from tests.probe.servers import over_tls, serving, tls_context
from tests.probe.turns import Turns, counting_turns

BYTES_A_TURN = 32 * 1024
"""Of what a server sent, understood in one turn of the loop: a fraction of a millisecond."""


def spied(monkeypatch: pytest.MonkeyPatch, on: Any, name: str, turns: Turns, *, size: bool) -> None:
    """Count the calls of a library's function, or the bytes that it gives."""
    real = getattr(on, name)

    def spy(*args: Any, **kwargs: Any) -> Any:
        turns.did(0 if size else 1)
        found = real(*args, **kwargs)
        turns.did(len(found) if size else 0)
        return found

    monkeypatch.setattr(on, name, spy)


async def test_records_of_one_byte_leave_the_loop_its_turns(
    monkeypatch: pytest.MonkeyPatch, pki: Pki, tmp_path: Path
) -> None:
    page = b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 20_000 + b"\r\nContent-Length: 2\r\n\r\nok"
    server = byte_by_byte(tls_context(tmp_path, pki.site.path), page)
    async with serving(server) as listening:
        with counting_turns() as turns:
            spied(monkeypatch, SSL.Connection, "recv", turns, size=False)
            found = response(await outcome(attempt(), listening.endpoint))
    assert found == Response(200, None, "ok")
    assert turns.total >= len(page)
    # The last of them finds that nothing more is there, and the stream is asked.
    assert turns.most <= tls.RECORDS_A_TURN + 1


async def test_a_flood_of_interim_answers_in_records_of_one_byte_ends_early(
    monkeypatch: pytest.MonkeyPatch, pki: Pki, tmp_path: Path
) -> None:
    server = byte_by_byte(tls_context(tmp_path, pki.site.path), INTERIM * 6_000)
    async with serving(server) as listening:
        with counting_turns() as turns:
            spied(monkeypatch, SSL.Connection, "recv", turns, size=True)
            found = response(await outcome(attempt(), listening.endpoint))
    assert found == NoResponse(
        "malformed", f"more than {MOST_INTERIM} interim responses (1xx), and no final one"
    )
    assert turns.total <= len(INTERIM) * (MOST_INTERIM + 1) + tls.RECORDS_A_TURN


class Flood:
    """A connection on which everything is there already, in pieces of one size."""

    def __init__(self, words: bytes, size: int, turns: Turns) -> None:
        self._words = words
        self._size = size
        self._turns = turns
        self.given = 0

    def send(self, data: bytes) -> None:
        """Nobody listens."""

    async def receive(self) -> bytes:
        await asyncio.sleep(0)
        piece = self._words[self.given : self.given + self._size]
        self.given += len(piece)
        self._turns.did(len(piece))
        return piece


@pytest.mark.parametrize("size", [1, 1000, 16 * 1024])
@pytest.mark.parametrize(
    "words",
    [
        b"HTTP/1.1 200 OK\r\n" + b"a:b\r\n" * 20_000,
        b"HTTP/1.1 200 OK\r\n" + b"a" * 100_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 20_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b" \n" * 50_000,
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1" + b";" * 100_000,
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000,
    ],
)
async def test_no_more_is_read_than_is_needed(words: bytes, size: int) -> None:
    with counting_turns() as turns:
        flood = Flood(words, size, turns)
        deadline = asyncio.get_running_loop().time() + 60
        await http.ask(flood, b"", deadline)
    assert flood.given <= http.MOST_READ + size
    assert turns.most <= BYTES_A_TURN


async def test_an_endless_body_ends() -> None:
    for head in (
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n",
    ):
        async with serving(endless(head, b"x" * 65_536)) as listening:
            found = response(await outcome(attempt(tls=False), listening.endpoint))
        assert isinstance(found, Response)


async def test_more_than_usual_certificates_are_read_and_verified_aside_from_the_loop(
    monkeypatch: pytest.MonkeyPatch, pki: Pki, tmp_path: Path
) -> None:
    extra = tuple(authority(f"Extra {number}") for number in range(MOST_SENT - 2))
    context = tls_context(tmp_path, (pki.site, pki.issuing, *extra))
    async with serving(over_tls(context, b"HTTP/1.1 204 No Content\r\n\r\n")) as listening:
        with counting_turns() as turns:
            spied(monkeypatch, crypto, "load_certificate", turns, size=False)
            spied(monkeypatch, ServedChain, "verify", turns, size=False)
            found = handshake(await outcome(attempt(), listening.endpoint))
    assert len(found.chain) == MOST_SENT
    assert turns.elsewhere >= MOST_SENT
    assert turns.most == 0


@pytest.mark.parametrize(("names", "aside"), [(1, False), (200, True)])
async def test_only_a_short_chain_is_looked_at_on_the_loop(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, names: int, aside: bool
) -> None:
    shown = leaf("shop.contoso.com", dns_names=[f"shop{it}.contoso.com" for it in range(names)])
    async with serving(over_tls(tls_context(tmp_path, (shown,)), b"")) as listening:
        with counting_turns() as turns:
            spied(monkeypatch, ServedChain, "verify", turns, size=False)
            handshake(await outcome(attempt(), listening.endpoint))
    assert turns.total + turns.elsewhere >= 1
    assert bool(turns.elsewhere) is aside
    assert bool(turns.total) is not aside


@pytest.mark.parametrize("unusual", ["TLS 1.2", "long"])
async def test_an_unusual_handshake_is_made_aside_from_the_loop(
    monkeypatch: pytest.MonkeyPatch, pki: Pki, tmp_path: Path, unusual: str
) -> None:
    names = [f"shop{number}.contoso.com" for number in range(1_000)]
    shown = leaf("shop.contoso.com", dns_names=names) if unusual == "long" else pki.site
    context = tls_context(tmp_path, (shown,))
    if unusual == "TLS 1.2":
        context.maximum_version = ssl.TLSVersion.TLSv1_2
    async with serving(over_tls(context, b"HTTP/1.1 204 No Content\r\n\r\n")) as listening:
        with counting_turns() as turns:
            spied(monkeypatch, SSL.Connection, "do_handshake", turns, size=False)
            handshake(await outcome(attempt(), listening.endpoint))
    assert turns.elsewhere >= 1
    # The ClientHello, which has nothing of the server in it, and at most a short beginning of what it sent.
    assert turns.total <= 2


async def test_more_certificates_than_any_server_needs_are_not_looked_at(
    pki: Pki, tmp_path: Path
) -> None:
    extra = tuple(authority(f"Extra {number}") for number in range(MOST_SENT))
    async with serving(over_tls(tls_context(tmp_path, (pki.site, *extra)))) as listening:
        found = await outcome(attempt(), listening.endpoint)
    assert found == NotTried(
        f"the certificates it sent were not looked at: there are {MOST_SENT + 1}, more than {MOST_SENT}"
    )


async def test_a_key_that_takes_long_to_verify_with_is_not_looked_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    costly = authority("Costly", key=costly_key(1024))
    bits = costly.certificate.public_key().public_numbers().e.bit_length()  # type: ignore[union-attr]
    assert bits > LONGEST_EXPONENT
    said = f"its RSA key has an exponent of {bits} bits, too many to verify with"
    with counting_turns() as turns:
        spied(monkeypatch, crypto.X509StoreContext, "get_verified_chain", turns, size=False)
        assert getattr(read_certificate(costly.base64_der), "reason", None) == said
        site = leaf("shop.contoso.com", issuer=costly)
        async with serving(over_tls(tls_context(tmp_path, (site, costly)))) as listening:
            found = await outcome(attempt(), listening.endpoint)
    assert found == NotTried(f"the certificates it sent were not looked at: {said}")
    assert turns.total == 0


def test_blocks_without_an_end_cost_no_more_than_a_few() -> None:
    site = authority("Contoso Root CA").pem.decode()
    assert read_certificate("-----BEGIN A-----" * 20 + site) == read_certificate(site)
    assert getattr(read_certificate("-----BEGIN A-----" * 60_000), "reason", "") != ""


@pytest.mark.parametrize("text", ["A" * 2_000_000, "-----BEGIN CERTIFICATE-----" * 50_000])
def test_a_text_longer_than_any_file_of_certificates_is_not_read(text: str) -> None:
    assert "longer than" in getattr(read_certificate(text), "reason", "")


async def test_a_dns_answer_longer_than_any_needs_is_not_parsed() -> None:
    many = [f"shop.contoso.com 60 IN A 10.{it >> 16}.{it >> 8 & 255}.{it & 255}" for it in range(3)]
    crowd = " ".join(f"10.9.{it >> 8}.{it & 255}" for it in range(4000))
    for records, few in ((many, True), ([f"shop.contoso.com 60 IN A {crowd}"], False)):
        async with naming({"shop.contoso.com A": records, "shop.contoso.com AAAA": []}) as server:
            deadline = asyncio.get_running_loop().time() + 5
            found = await resolve("shop.contoso.com", [server.endpoint], deadline)
        if few:
            assert isinstance(found, tuple)
        else:
            assert isinstance(found, Unresolved)
            assert f"longer than {LONGEST_ANSWER} bytes" in found.reason
