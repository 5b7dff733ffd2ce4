"""Each line goes to the syslog server when it is stored; a server that is slow or gone costs only what it is sent."""

import asyncio
import json
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.cli import syslog_sender
from bot.cli.syslog_sender import PATIENCE, PAUSES, open_sender
from bot.cli.wiring import open_workflow
from bot.core.changes.audit import AuditEntry, AuditLine
from bot.setting_values import SyslogServer
from bot.settings import Settings
from tests.cli.syslog_servers import datagrams, deaf, stream
from tests.core.make import ID, NOW
from tests.store.make import change


def lines(number: int, text: str = "") -> Sequence[AuditLine]:
    """So many lines, whose texts are their numbers."""
    entry = AuditEntry(NOW, "approved", ID)
    return [AuditLine(entry, it, text or json.dumps(it), "", "ab" * 32) for it in range(number)]


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [it.getMessage() for it in caplog.records if it.name == "bot.cli.syslog_sender"]


def last_words(messages: list[str]) -> list[str]:
    return [it.rpartition("] ")[2] for it in messages]


async def test_by_udp() -> None:
    async with datagrams() as received, open_sender(received.server) as sender:
        sender.tell(lines(3))
        messages = await received.texts(3)
    assert last_words(messages) == ["0", "1", "2"]
    assert f" {socket.gethostname()} agw " in messages[0]


async def test_by_a_socket_of_this_machine(tmp_path: Path) -> None:
    async with datagrams(tmp_path / "log") as received, open_sender(received.server) as sender:
        sender.tell(lines(1))
        assert last_words(await received.texts(1)) == ["0"]


async def test_by_tcp_one_connection_takes_all_whole() -> None:
    async with stream() as received, open_sender(received.server) as sender:
        sender.tell(lines(2, "x" * 100_000))
        assert [len(it) for it in last_words(await received.texts(2))] == [100_000] * 2
        assert received.connections == 1


async def test_a_server_that_ends_connections_gets_each_line_once() -> None:
    async with stream(messages=1) as received, open_sender(received.server) as sender:
        for number in range(3):
            sender.tell([lines(3)[number]])
            assert last_words(await received.texts(1)) == [str(number)]
            await received.ended.get()
        assert received.connections == 3


async def test_a_server_that_is_gone_is_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    async with stream() as received:
        port = received.port
    async with open_sender(received.server) as sender:
        sender.tell(lines(3))
        await asyncio.sleep(sum(PAUSES))
        (said,) = told(caplog)
        assert "cannot be used: Connection refused" in said
        async with stream(port) as back:
            assert last_words(await back.texts(3)) == ["0", "1", "2"]
            await sender.sent()
    assert told(caplog)[1:] == ["the syslog server takes lines again"]


async def test_a_server_that_reads_nothing_holds_nobody_up(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syslog_sender, "WAITING", 10)
    large = "x" * 10_000_000
    async with deaf() as server:
        async with open_sender(server) as sender:
            sender.tell(lines(1, large))
            # It has this one in hand.
            await asyncio.sleep(PATIENCE / 2)
            sender.tell(lines(12))
            assert told(caplog) == ["10 lines wait for the syslog server; more are lost to it"]
        assert told(caplog)[-1] == "13 lines of the audit log were not sent to the syslog server"


async def test_what_was_lost_is_told_when_the_server_is_back(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syslog_sender, "WAITING", 4)
    async with stream() as received:
        port = received.port
    async with open_sender(received.server) as sender:
        sender.tell(lines(7))
        async with stream(port) as back:
            assert last_words(await back.texts(4)) == ["0", "1", "2", "3"]
            await sender.sent()
    assert "3 lines of the audit log were lost to the syslog server" in told(caplog)


async def test_a_socket_that_is_not_there(caplog: pytest.LogCaptureFixture) -> None:
    async with open_sender(SyslogServer("unix", "/nowhere/log")) as sender:
        sender.tell(lines(1))
        await asyncio.sleep(PAUSES[0] / 2)
    assert "No such file or directory" in told(caplog)[0]
    assert told(caplog)[-1] == "1 lines of the audit log were not sent to the syslog server"


async def test_the_bot_sends_each_line_with_its_place_in_the_chain(tmp_path: Path) -> None:
    """Opened as `agw serve` opens it."""
    async with stream() as received:
        settings = Settings.from_environment(
            {
                "AGW_DATABASE_URL": f"sqlite:///{tmp_path / 'agw.db'}",
                "AGW_AUDIT_SYSLOG": f"tcp://127.0.0.1:{received.port}",
                "AGW_ARM_URL": "http://127.0.0.1:1",
            }
        )
        async with open_workflow(settings) as workflow:
            await workflow.store.audit(AuditEntry(NOW, "one", ID), AuditEntry(NOW, "two", ID))
            await workflow.store.add_change(change(), entries=[AuditEntry(NOW, "three", ID)])
            lines = [it async for it in workflow.store.audit_lines()]
            messages = await received.texts(3)
    assert [it.entry.action for it in lines] == ["one", "two", "three"]
    for line, told in zip(lines, messages, strict=True):
        assert f'line="{line.number}"' in told
        assert f'hash="{line.hash}"' in told
        assert told.endswith(f"] {line.text}")
