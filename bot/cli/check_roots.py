"""Whether the file of additional public roots can be read, before a diagnosis needs it."""

from pathlib import Path

from bot.aside import aside
from bot.cli.checked import Checked, ok
from bot.probe import NetworkProber


async def check_public_roots(prober: NetworkProber, file: Path) -> Checked:
    """Problem `bad_public_roots` if it cannot."""
    await aside(prober.read_public_roots)
    return ok(f"the certificates of {file} count beside the well-known CAs.")
