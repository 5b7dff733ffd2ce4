"""The one browser of a test process: Debian's chromium without a window, started for the first page that asks.

Where there is no chromium the test is skipped, but not in CI: there its absence is a failure.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from threading import Thread
from typing import IO

import pytest

CHROMIUM = shutil.which("chromium")

_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    # Each page behaves as the one that is looked at, also beside another.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    # Each new window would load the pages of its address bar, which cost more than the page that a test opens.
    "--disable-features=WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    # Nothing outside loopback has a name or an address for this browser.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--remote-debugging-port=0",
)


class Chromium:
    """A running browser. `port` is that of its DevTools on 127.0.0.1, `address` the browser's own endpoint."""

    def __init__(self, program: str) -> None:
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [program, *_FLAGS, f"--user-data-dir={self._profile.name}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            # Killed, it leaves behind what it keeps in the folder for temporary files.
            env={**os.environ, "TMPDIR": self._profile.name},
        )
        assert self._process.stderr is not None
        self.address = _devtools(self._process.stderr)
        self.port = int(self.address.split(":")[2].split("/")[0])
        # An unread pipe would fill up and stop the browser.
        self._drain = Thread(target=self._process.stderr.read)
        self._drain.start()

    def stop(self) -> None:
        """End it, with every renderer that it started."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._drain.join()
        assert self._process.stderr is not None
        self._process.stderr.close()
        self._profile.cleanup()


def _devtools(stderr: IO[bytes]) -> str:
    """The address in chromium's line "DevTools listening on ws://127.0.0.1:port/..."."""
    said = b""
    for line in stderr:
        said += line
        if line.startswith(b"DevTools listening on "):
            return line.split()[-1].decode()
    raise RuntimeError(f"chromium did not start: {said.decode(errors='replace')}")


@cache
def the_browser() -> Chromium:
    """The browser of this process; whoever runs the tests ends it with `stop`."""
    if CHROMIUM is None:
        refuse = pytest.fail if "CI" in os.environ else pytest.skip
        refuse("chromium is not installed: apt-get install chromium")
    return Chromium(CHROMIUM)


def stop() -> None:
    """End the browser of this process, if there is one."""
    if the_browser.cache_info().currsize:
        the_browser().stop()
        the_browser.cache_clear()
