"""What every way of running the bot has to agree on with the bot itself."""

import json

from bot.cli.health import PATHS
from bot.settings import SETTING_NAMES
from tests.tooling.tree import ROOT

DEPLOY = ROOT / "deploy"
OTHERS = {"AZURE_CLIENT_ID", "PYTHONDONTWRITEBYTECODE"}
"""Environment variables of azure-identity and of Python."""


def role(name: str) -> list[str]:
    """The operations of one of the two roles, `reader` or `writer`."""
    found: list[str] = json.loads((DEPLOY / "roles" / f"{name}.json").read_text())["Actions"]
    return found


def is_known(name: str) -> bool:
    """Whether somebody reads this environment variable."""
    return name in SETTING_NAMES or name in OTHERS


def is_answered(path: str) -> bool:
    """Whether the bot answers this path for a platform."""
    return path in PATHS
