"""`python -m bot` in a process that cannot leave loopback: `python -m tests.cli.guarded diagnose ...`."""

import runpy

from bot.lab.guard import loopback_only

if __name__ == "__main__":
    with loopback_only():
        runpy.run_module("bot", run_name="__main__", alter_sys=True)
