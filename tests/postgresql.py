"""The one PostgreSQL server of a test process, on loopback and as an ordinary user, for the first test that asks.

Where there is no PostgreSQL the test is skipped, but not in CI: there its absence is a failure.
"""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from threading import Thread
from typing import IO

import asyncpg
import pytest

# Debian keeps the servers of several versions beside each other, and out of the way.
_PLACES = (*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True), Path("/usr/local/bin"))

# Nothing here outlives the tests, so nothing waits for a disk.
_QUICK = ("fsync=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=32MB")

_EMPTY = """
    SET session_replication_role = replica;
    DELETE FROM agw.changes; DELETE FROM agw.documents; DELETE FROM agw.incidents; DELETE FROM agw.seen;
    DELETE FROM agw.leases; DELETE FROM agw.outbox; DELETE FROM agw.audit;
    DELETE FROM agw.audit_removed;
"""


class Postgresql:
    """A running server. `url` names its superuser's database, and `port` is on 127.0.0.1."""

    def __init__(self, programs: Path) -> None:
        # Not in pytest's own folder, which is closed to the user that the server runs as.
        self._folder = Path(tempfile.mkdtemp(prefix="postgresql-"))
        self._programs = programs
        # It refuses to run as root (postgresql.org/docs/current/app-postgres.html).
        self._user = "nobody" if os.geteuid() == 0 else None
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        self._data = str(self._folder / "data")
        self._process: subprocess.Popen[bytes]
        self._drain: Thread
        try:
            options = ("-U", "agw", "-A", "trust", "--no-sync", "--no-locale", "-E", "UTF8")
            self._run("initdb", "-D", self._data, *options)
            self.port = _free_port()
            self.url = f"postgresql://agw@127.0.0.1:{self.port}/postgres"
            self.start()
        except BaseException:
            shutil.rmtree(self._folder)
            raise

    def start(self) -> None:
        """Run it, until it takes connections."""
        settings = (*_QUICK, "listen_addresses=127.0.0.1", "unix_socket_directories=")
        self._process = subprocess.Popen(
            [
                str(self._programs / "postgres"),
                *("-D", self._data, "-p", str(self.port)),
                *(part for setting in settings for part in ("-c", setting)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            cwd=self._folder,
            user=self._user,
        )
        assert self._process.stderr is not None
        try:
            _ready(self._process.stderr)
        except BaseException:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process.stderr.close()
            raise
        # An unread pipe would fill up and stop the server.
        self._drain = Thread(target=self._process.stderr.read)
        self._drain.start()

    def halt(self) -> None:
        """End it at once, as when its machine fails; what was committed is there when it starts again."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait()
        self._drain.join()
        assert self._process.stderr is not None
        self._process.stderr.close()

    def stop(self) -> None:
        """End it for good."""
        self.halt()
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        process = subprocess.Popen(
            [str(self._programs / program), *arguments],
            stdout=subprocess.DEVNULL,
            cwd=self._folder,
            user=self._user,
        )
        try:
            code = process.wait()
        finally:
            # It has children of its own, which write to the folder: whoever ends this early waits for them.
            process.wait()
        assert code == 0, f"{program} failed"


@cache
def _programs() -> Path | None:
    return next((it for it in _PLACES if (it / "initdb").exists()), None)


def is_there() -> bool:
    """Whether there is a PostgreSQL to run."""
    return _programs() is not None


@cache
def _running(programs: Path) -> Postgresql:
    return Postgresql(programs)


def server() -> Postgresql:
    """The server of this test process."""
    programs = _programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("there is no PostgreSQL here, and in CI no test of it may be skipped")
        pytest.skip("there is no PostgreSQL here (Debian's package postgresql)")
    return _running(programs)


async def emptied() -> str:
    """The URL of its database, without rows. The server is a process of its own, which needs real time."""
    url = server().url
    connection = await asyncpg.connect(url)
    if await connection.fetchval("SELECT to_regclass('agw.schema')"):
        await connection.execute(_EMPTY)
    await connection.close()
    return url


async def database(name: str) -> str:
    """The URL of a database of its own on that server, new and empty."""
    url = server().url
    connection = await asyncpg.connect(url)
    await connection.execute(f'CREATE DATABASE "{name}"')
    await connection.close()
    return f"{url.rpartition('/')[0]}/{name}"


def stop() -> None:
    """End it, if it was started."""
    if _running.cache_info().currsize:
        server().stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def _ready(said: IO[bytes]) -> None:
    lines = []
    for line in said:
        if b"ready to accept connections" in line:
            return
        lines.append(line)
    raise AssertionError(b"".join(lines).decode())
