"""agw: serve, lab, diagnose, check, audit. The only place that names the edges and the lab."""

from bot.cli.main import main

__all__ = ["main"]
