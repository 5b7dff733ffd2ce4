"""What every way of running the bot has to agree on with the bot itself."""

import json
import re

from bot.cli.health import PATHS
from bot.settings import SETTING_NAMES
from tests.tooling.tree import ROOT

DEPLOY = ROOT / "deploy"
OTHERS = {"AZURE_CLIENT_ID", "PYTHONDONTWRITEBYTECODE"}
"""Environment variables of azure-identity and of Python."""


def documented_role() -> list[str]:
    """The operations of the role that `docs/permissions.md` gives, in its order."""
    text = (ROOT / "docs/permissions.md").read_text(encoding="utf-8")
    (actions,) = re.findall(r'"Actions": (\[.*?\])', text, re.DOTALL)
    found: list[str] = json.loads(actions)
    return found


def is_known(name: str) -> bool:
    """Whether somebody reads this environment variable."""
    return name in SETTING_NAMES or name in OTHERS


def is_answered(path: str) -> bool:
    """Whether the bot answers this path for a platform."""
    return path in PATHS
