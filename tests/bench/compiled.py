"""Programs in C for comparison, compiled where they are needed."""

import shutil
import subprocess
from pathlib import Path

_SOURCES = Path(__file__).parent


class NoCompiler(Exception):
    """A program in C cannot be made here; the message says why."""


def compiled(folder: Path, name: str) -> Path:
    """The program of that name, made in the folder.

    Raises:
        NoCompiler: there is no compiler, or OpenSSL's headers are missing.
    """
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise NoCompiler("as there is no C compiler")
    made, source = folder / name, _SOURCES / f"{name}.c"
    command = [compiler, "-O2", "-o", str(made), str(source), "-lssl", "-lcrypto"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        first = next(iter(done.stderr.splitlines()), "no reason given")
        raise NoCompiler(f"as it does not compile ({first}); Debian's libssl-dev has the headers")
    return made
