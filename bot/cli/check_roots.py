"""Whether the file of additional public roots can be read, before a diagnosis needs it."""

from pathlib import Path

from bot.cli.checked import Checked, ok
from bot.cli.wiring import read_public_roots
from bot.settings import Settings


async def check_public_roots(settings: Settings, file: Path) -> Checked:
    """Problem `bad_public_roots` if it cannot."""
    await read_public_roots(settings)
    return ok(f"the certificates of {file} count beside the well-known CAs.")
