"""The door to the web: what Slack has not signed gets 401, and nothing that it says is used."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import pytest
from aiohttp import web
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handlers.http_mode import web_app
from tests.handlers.bench import ADA, INCIDENTS, Bench, open_bench
from tests.handlers.edges import gateway

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass
class Door:
    """A bot in HTTP mode, and a stranger's server that counts who comes."""

    bench: Bench
    port: int
    elsewhere: str
    visits: list[str] = field(default_factory=list)

    async def ask(self, headers: Headers, body: bytes, path: str = "/slack/events") -> int:
        """The status of the answer to a request, sent byte by byte as it is."""
        lines = [f"POST {path} HTTP/1.1".encode(), b"Host: 127.0.0.1", b"Connection: close"]
        lines += [name + b": " + value for name, value in headers]
        lines += [f"Content-Length: {len(body)}".encode(), b"", body]
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(b"\r\n".join(lines))
        status = (await reader.readline()).split()[1]
        writer.close()
        await writer.wait_closed()
        return int(status)

    def signed(self, body: bytes, at: str | None = None) -> Headers:
        at = at or str(int(time.time()))
        secret = self.bench.slack.signing_secret.encode()
        digest = hmac.new(secret, f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
        return (
            (b"X-Slack-Request-Timestamp", at.encode()),
            (b"X-Slack-Signature", f"v0={digest}".encode()),
        )

    @property
    def noticed(self) -> int:
        """Everything that the bot has sent anywhere so far."""
        return len(self.visits) + len(self.bench.slack.calls)


@asynccontextmanager
async def opened(bench: Bench) -> AsyncIterator[Door]:
    visits: list[str] = []

    async def visit(request: web.Request) -> web.Response:
        visits.append(request.path)
        return web.Response(text="ok")

    stranger = web.Application()
    stranger.add_routes([web.route("*", "/{anything:.*}", visit)])
    runners = [
        web.AppRunner(it, access_log=None)
        for it in (web_app(bench.app, bench.slack.signing_secret), stranger)
    ]
    ports = []
    for runner in runners:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ports.append(runner.addresses[0][1])
    try:
        yield Door(bench, ports[0], f"http://127.0.0.1:{ports[1]}/", visits)
    finally:
        for runner in runners:
            await runner.cleanup()


@pytest.fixture
async def door(tmp_path: Path) -> AsyncIterator[Door]:
    async with open_bench(tmp_path) as bench, opened(bench) as made:
        yield made


def payloads(elsewhere: str) -> tuple[bytes, ...]:
    """What would make a bot that believes it speak to somewhere, or to any channel."""
    press = {
        "type": "block_actions",
        "user": {"id": ADA, "team_id": "T0LAB"},
        "team": {"id": "T0LAB"},
        "channel": {"id": INCIDENTS},
        "response_url": elsewhere,
        "actions": [{"type": "button", "action_id": "undo", "block_id": "b", "value": "x"}],
    }
    command = {
        "command": "/agw",
        "text": "help",
        "team_id": "T0LAB",
        "user_id": ADA,
        "channel_id": INCIDENTS,
        "response_url": elsewhere,
    }
    event = {"type": "message", "text": "502 from gateway agw-test", "channel": INCIDENTS}
    called = {"type": "event_callback", "team_id": "T0LAB", "event": event | {"user": ADA}}
    return (
        urlencode({"payload": json.dumps(press)}).encode(),
        urlencode(command).encode(),
        urlencode(command | {"ssl_check": "1"}).encode(),
        json.dumps(called).encode(),
        json.dumps({"type": "url_verification", "challenge": "x"}).encode(),
        b"{",
        b"[]",
        b"payload=1",
        b"\xff\xfe",
        b"",
    )


STAMPS = st.one_of(
    st.sampled_from(
        (b"", b"abc", b"1e3", b"NaN", b"inf", b"-1", b"+1", b" ", b"1_0", b"0x10", b"9" * 5000)
    ),
    st.sampled_from(("\u0661\u0662\u0663", "\u00b2", "\U0001d7cf")).map(str.encode),
    st.integers(-(10**30), 10**30).map(lambda it: str(it).encode()),
    st.just(b"now"),
)
SIGNATURES = st.sampled_from(
    (b"", b"v0=", b"v0=00", b"v0=" + b"0" * 64, b"v1=" + b"a" * 64, "v0=\u00e9".encode(), b"\xff")
)
KINDS = st.sampled_from(
    (b"application/json", b"application/x-www-form-urlencoded", b"text/plain; charset=nope", b"")
)


@given(
    stamps=st.lists(STAMPS, max_size=2),
    signatures=st.lists(SIGNATURES, max_size=2),
    kind=KINDS,
    which=st.integers(0, 9),
    junk=st.binary(max_size=30),
    path=st.sampled_from(("/slack/events", "/", "/slack/events/..", "/%00")),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_what_is_not_signed_gets_401_and_nothing_is_sent(
    door: Door,
    stamps: list[bytes],
    signatures: list[bytes],
    kind: bytes,
    which: int,
    junk: bytes,
    path: str,
) -> None:
    before = door.noticed
    now = str(int(time.time())).encode()
    headers: Headers = (
        (b"Content-Type", kind),
        *((b"X-Slack-Request-Timestamp", now if it == b"now" else it) for it in stamps),
        *((b"X-Slack-Signature", it) for it in signatures),
    )
    body = payloads(door.elsewhere)[which] + (junk if which > 4 else b"")
    assert await door.ask(headers, body, path) == 401
    await door.bench.idle()
    assert door.noticed == before


async def test_what_is_signed_twice_late_or_for_another_body_gets_401(door: Door) -> None:
    body = payloads(door.elsewhere)[1]
    signed = door.signed(body)
    before = door.noticed
    assert await door.ask((*signed, *signed), body) == 401
    assert await door.ask((*signed, signed[0]), body) == 401
    assert await door.ask(signed, body + b" ") == 401
    assert await door.ask(door.signed(body, str(int(time.time()) - 400)), body) == 401
    assert await door.ask(door.signed(body, str(int(time.time()) + 400)), body) == 401
    assert await door.ask(signed, b"x" * 2_000_000) == 401
    await door.bench.idle()
    assert door.noticed == before


async def test_what_is_signed_is_answered(door: Door) -> None:
    body = payloads(door.elsewhere)[1]
    kind = (b"Content-Type", b"application/x-www-form-urlencoded")
    assert await door.ask((kind, *door.signed(body)), body) == 200
    await door.bench.slack.wait_for(lambda: door.visits)


async def test_an_error_before_a_sender_is_let_in_is_told_to_nobody(
    door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    """Signed, but by a person of nowhere: a body that breaks the very check of who it is."""
    broken = {"type": "block_actions", "user": {"id": ADA}, "team": 7, "actions": 7}
    body = urlencode({"payload": json.dumps(broken | {"response_url": door.elsewhere})}).encode()
    kind = (b"Content-Type", b"application/x-www-form-urlencoded")
    await door.ask((kind, *door.signed(body)), body)
    await door.bench.idle()
    assert any(it.exc_info for it in caplog.records)
    assert door.visits == []


async def test_the_menu_of_many_gateways_is_filled_over_http_as_well(tmp_path: Path) -> None:
    many = [gateway(f"agw-{it:03}") for it in range(101)]
    async with open_bench(tmp_path, *many) as bench, opened(bench) as door:
        await bench.slack.use_http(f"http://127.0.0.1:{door.port}/slack/events")
        await bench.slack.command(ADA, INCIDENTS, "/agw")
        said = await bench.told(ADA, "Which gateway")
        found = await bench.slack.suggest(ADA, INCIDENTS, said["ts"], "pick_gateway", "agw-04")
        assert [it["text"]["text"] for it in found] == [f"agw-04{it}" for it in range(10)]
