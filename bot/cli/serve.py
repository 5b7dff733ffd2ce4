"""`agw serve`: the bot against real Slack and Azure, until SIGTERM."""

import argparse
import logging
import os
from collections.abc import Mapping

from bot.cli.config_file import environment
from bot.cli.health import Ready, health_door
from bot.cli.listeners import listeners
from bot.cli.log import configure
from bot.cli.serving import for_ever, give_way, keep_for_good, until_signal
from bot.cli.shell import open_bot
from bot.settings import Settings, unknown_settings

log = logging.getLogger(__name__)


async def run(given: argparse.Namespace) -> int:
    """0 after it was asked to stop."""
    environ = environment(given)
    settings = Settings.from_environment(environ)
    configure(debug=settings.debug, level=settings.log_level, form=settings.log_format)
    for problem in unknown_settings(environ):
        log.warning("%s", problem)
    await until_signal(_serve(settings, os.environ))
    return 0


async def _serve(settings: Settings, environ: Mapping[str, str]) -> None:
    ready = Ready()
    async with (
        listeners(settings, environ) as metrics,
        health_door(settings.health_listen, ready, metrics),
        open_bot(settings, ready),
    ):
        keep_for_good()
        give_way()
        print("agw is connected to Slack.", flush=True)
        await for_ever()
