"""`agw serve`: the bot against real Slack and Azure, until SIGTERM."""

import argparse
import os

from bot.cli.log import configure
from bot.cli.serving import for_ever, until_signal
from bot.cli.shell import open_bot
from bot.settings import Settings


async def run(given: argparse.Namespace) -> int:
    """0 after it was asked to stop."""
    settings = Settings.from_environment(os.environ)
    configure(debug=settings.debug)
    await until_signal(_serve(settings))
    return 0


async def _serve(settings: Settings) -> None:
    async with open_bot(settings):
        print("agw is connected to Slack.", flush=True)
        await for_ever()
