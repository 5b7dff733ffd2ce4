"""What is asked, and how much of an answer is understood."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.observation import NoResponse, NotTried, Response
from bot.lab.backends import Backends, BackendSpec, Http2Only, Slow
from bot.probe.http import request_bytes
from bot.probe.http_answer import MOST_INTERIM, MOST_KEPT, AnswerReader, HttpAnswer, read_answer
from tests.probe.asking import attempt, outcome, response
from tests.probe.conftest import Pki
from tests.probe.servers import answering, serving

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


async def answer_to(
    words: bytes, *, stay: bool = False, timeout: float = 5
) -> Response | NoResponse:
    async with serving(answering(words, stay=stay)) as server:
        return response(await outcome(attempt(tls=False), server.endpoint, timeout))


def test_the_request_on_the_wire() -> None:
    assert request_bytes("shop.contoso.com", "/status?q=a b") == (
        b"GET /status?q=a%20b HTTP/1.1\r\n"
        b"Host: shop.contoso.com\r\n"
        b"User-Agent: agw-probe\r\n"
        b"Accept: */*\r\n"
        b"Connection: close\r\n\r\n"
    )


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", b"/"),
        ("", b"/"),
        ("health", b"/health"),
        ("/%7Ea/b%20c", b"/%7Ea/b%20c"),
        ("/straße", b"/stra%C3%9Fe"),
        ("/a\r\nX: y", b"/a%0D%0AX:%20y"),
        ("/\ud800", b"/?"),
    ],
)
def test_a_path_stays_one_word(path: str, target: bytes) -> None:
    assert request_bytes("a.b", path).startswith(b"GET " + target + b" HTTP/1.1\r\n")


def test_a_host_with_other_letters_is_sent_in_its_ascii_form() -> None:
    assert b"\r\nHost: xn--bcher-kva.de\r\n" in request_bytes("b\u00fccher.de", "/")


SETTINGS = bytes.fromhex("000006 04 00 00000000 0003 00000064")
GOAWAY = bytes.fromhex("000008 07 00 00000000 00000000 00000001")


@pytest.mark.parametrize("words", [SETTINGS, SETTINGS + GOAWAY, GOAWAY, b"\0\0\0\4" + bytes(5)])
def test_frames_of_http2_are_recognised(words: bytes) -> None:
    assert read_answer(words) == NoResponse("http2", "it answered HTTP/1.1 with HTTP/2")


@pytest.mark.parametrize(
    "words",
    [
        SETTINGS[:5] + b"\0\0\0\1" + SETTINGS[9:],  # Settings concern the connection, not a stream.
        b"\0\0\5" + SETTINGS[3:],  # Each has six bytes.
        b"\0\0\6\1" + SETTINGS[4:],  # Headers before settings.
        bytes(16),
    ],
)
def test_other_binary_words_are_no_frames(words: bytes) -> None:
    found = read_answer(words)
    assert isinstance(found, NoResponse)
    assert found.kind == "malformed"


@pytest.mark.parametrize("length", range(1, 9))
def test_the_head_of_a_frame_is_waited_for(length: int) -> None:
    assert read_answer(SETTINGS[:length]) is None


async def test_a_server_that_begins_with_frames_is_heard_over_tls_and_without(pki: Pki) -> None:
    for chain in (pki.site.path, None):
        spec = BackendSpec("10.1.5.11", default=chain, behaviour=Http2Only())
        async with Backends.open([spec]) as backends:
            asked = attempt(tls=chain is not None)
            found = response(await outcome(asked, backends.connect_to["10.1.5.11", 443]))
        assert found == NoResponse("http2", "it answered HTTP/1.1 with HTTP/2")


@pytest.mark.parametrize("host", ["a.b\r\nX: y", "a b", "a\0b", "b\u00fc cher.de", "\ud800.de"])
async def test_a_host_that_cannot_be_sent_is_not_tried(host: str) -> None:
    async with serving(answering(b"")) as server:
        found = await outcome(attempt(tls=False, host=host), server.endpoint)
        assert server.opened == 0
    assert found == NotTried(f"{host!r} cannot stand in a Host header")


@pytest.mark.parametrize("host", ["127.0.0.1", "shop.contoso.com:8443", "[2001:db8::1]", "SHOP"])
async def test_the_host_header_is_sent_as_it_stands(host: str) -> None:
    heads: list[bytes] = []

    async def record(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    async with serving(record) as server:
        await outcome(attempt(tls=False, host=host), server.endpoint)
    (head,) = heads
    assert f"\r\nHost: {host}\r\n".encode() in head


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfull", Response(200, None, "full")),
        (b"HTTP/1.0 404 Not Found\r\n\r\nno such site", Response(404, None, "no such site")),
        (b"HTTP/1.1 503\r\n\r\n", Response(503, None, "")),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\nok", Response(200, None, "ok")),
        (
            b"HTTP/1.1 302 Found\r\nLOCATION:  https://x.y/ \r\n\r\n",
            Response(302, "https://x.y/", ""),
        ),
        (
            CHUNKED + b"4;x=y\r\nfull\r\n1\r\n!\r\n0\r\n\r\n",
            Response(200, None, "full!"),
        ),
        (
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
            Response(200, None, "ok"),
        ),
        (b"HTTP/1.1 204 No Content\r\n\r\n", Response(204, None, "")),
        (
            b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\xff\xfe",
            Response(200, None, "\ufffd\ufffd"),
        ),
    ],
)
async def test_answers_are_understood(words: bytes, expected: Response) -> None:
    assert await answer_to(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf", Response(200, None, "half")),
        (
            CHUNKED + b"ff\r\nhalf",
            Response(200, None, "half"),
        ),
    ],
)
async def test_an_answer_that_breaks_off_is_still_one(words: bytes, expected: Response) -> None:
    assert await answer_to(words) == expected
    assert await answer_to(words, stay=True, timeout=0.5) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Response(200, None, "ok")),
        (b"HTTP/1.1 204 No Content\r\n\r\n", Response(204, None, "")),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", Response(304, None, "")),
        (CHUNKED + b"2\r\nok\r\n0\r\n\r\n", Response(200, None, "ok")),
        (CHUNKED + b"2\r\nok\r\nnonsense\r\n", Response(200, None, "ok")),
        (CHUNKED + b"ffff\r\n" + b"x" * MOST_KEPT, Response(200, None, "x" * MOST_KEPT)),
    ],
)
async def test_a_server_that_does_not_hang_up_is_not_waited_for(
    words: bytes, expected: Response
) -> None:
    async with asyncio.timeout(5):
        assert await answer_to(words, stay=True, timeout=60) == expected


async def test_only_the_start_of_a_body_is_read_and_kept() -> None:
    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x" * 65536)
            await writer.drain()

    async with serving(pour) as server:
        found = response(await outcome(attempt(tls=False), server.endpoint))
    assert found == Response(200, None, "x" * MOST_KEPT)


async def test_a_head_without_an_end_is_given_up() -> None:
    async with asyncio.timeout(5):
        endless = b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 20_000
        found = await answer_to(endless, stay=True, timeout=60)
    assert found == NoResponse("malformed", "no HTTP response in its first 65536 bytes")


@pytest.mark.parametrize(
    ("words", "kind", "reason"),
    [
        (b"", "closed", "it closed the connection without a response"),
        (b"HTTP/1.1 200 OK\r\nX:", "closed", "its response ended in the middle of the headers"),
        (b"220 mail ESMTP\r\n", "malformed", 'its response is not HTTP: "220 mail ESMTP"'),
        (b"HTTP/1.1 OK\r\n\r\n", "malformed", 'no HTTP status line: "HTTP/1.1 OK"'),
        (b"\0\x01\x02 \x1b[31m\n", "malformed", 'its response is not HTTP: "... .[31m"'),
    ],
)
async def test_what_is_no_answer_is_told(words: bytes, kind: str, reason: str) -> None:
    found = await answer_to(words)
    assert isinstance(found, NoResponse)
    assert (found.kind, found.reason) == (kind, reason)


async def test_a_slow_application_is_a_timeout(pki: Pki) -> None:
    spec = BackendSpec("10.1.5.11", default=pki.site.path, behaviour=Slow(60))
    async with Backends.open([spec]) as backends:
        found = await outcome(attempt(), backends.connect_to["10.1.5.11", 443], timeout=1)
    answer = response(found)
    assert isinstance(answer, NoResponse)
    assert answer.kind == "timeout"


@given(st.binary() | st.binary().map(lambda rest: b"HTTP/1.1 200 OK\r\n" + rest))
def test_no_bytes_are_too_odd(received: bytes) -> None:
    assert isinstance(read_answer(received), HttpAnswer | NoResponse | None)


@pytest.mark.parametrize(
    "interim", [b"HTTP/1 100\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"]
)
def test_a_few_interim_answers_are_passed_over_and_more_are_none(interim: bytes) -> None:
    few = interim * MOST_INTERIM
    assert read_answer(few) is None
    assert read_answer(few + b"HTTP/1.1 204 No Content\r\n\r\n") == HttpAnswer(
        Response(204, None, ""), complete=True
    )
    assert read_answer(few + interim) == NoResponse(
        "malformed", f"more than {MOST_INTERIM} interim responses (1xx), and no final one"
    )


PIECES = st.sampled_from(
    [
        *(b"HTTP/1.1 200 OK\r\n", b"HTTP/1 100\r\n\r\n", b"HTTP/1.1 204 X\r\n\r\n", b"\0\0\6\4"),
        *(b"Transfer-Encoding: chunked\r\n", b"Content-Length: 5\r\n", b"Location: /x\r\n"),
        *(b"5\r\nhello\r\n", b"0\r\n\r\n", b"3;x=y\r\nabc", b"zz\r\n", b"ffff\r\n", b" ", b"abc"),
        *(b"\r\n", b"\n", b"\r\n\r\n", b"x" * 300, b";" * 5000),
    ]
)


@given(st.lists(PIECES, max_size=9).map(b"".join), st.integers(1, 7))
def test_it_does_not_matter_in_which_pieces_an_answer_comes(words: bytes, size: int) -> None:
    reader = AnswerReader()
    for at in range(0, len(words), size):
        if not reader.is_done:
            reader.feed(words[at : at + size])
    piecewise, whole = reader.answer, read_answer(words)
    if isinstance(piecewise, NoResponse) and isinstance(whole, NoResponse):
        # What is quoted is as much as had come.
        assert piecewise.kind == whole.kind
    else:
        assert piecewise == whole


def test_absurd_lengths() -> None:
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 9000 + b"\r\n\r\nbody"
    assert read_answer(endless) == HttpAnswer(Response(200, None, "body"), complete=False)
