"""The command line `agw`: diagnose, serve, lab, check and audit. The only place that imports the edges and the lab.

In: arguments and the environment. Out: text or JSON on stdout, one sentence on stderr for a failure, an exit code. Each
command is a module with `run`; `arguments` parses, `wiring` and `shell` build what a command needs.
"""

from bot.cli.main import main

__all__ = ["main"]
