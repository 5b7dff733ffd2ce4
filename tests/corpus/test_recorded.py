"""Gateways as Azure once answered them, diagnosed as they are: no shape of a document may stop the bot.

The documents are not part of this project: RECORDED_GATEWAYS names a folder of ARM answers, one a file;
without it, the folder beside the repository is used.
"""

import asyncio
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.azure import ResourceManager
from bot.core.arm.document import Json
from bot.core.report.report import to_json
from bot.lab.azure import AzureLab, Options
from bot.lab.backends import Backends
from bot.probe import NetworkProber
from bot.workflow.diagnosing import Diagnostician
from tests.corpus.running import QUICK

BESIDE = Path(__file__).parents[3] / "shared" / "real" / "gateways"
FOLDER = Path(os.environ.get("RECORDED_GATEWAYS") or BESIDE)
FILES = sorted(FOLDER.glob("*.json"))


def recorded(path: Path) -> Json:
    """The document, with what the lab's Azure cannot do without where a recording was trimmed."""
    found: Json = json.loads(path.read_text())
    properties = {"operationalState": "Running", **found["properties"]}
    return {"etag": 'W/"0"', **found, "properties": properties}


@pytest.mark.skipif(not FILES, reason=f"no recorded gateways in {FOLDER}")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_it_is_diagnosed(path: Path) -> None:
    document = recorded(path)
    async with (
        asyncio.timeout(600),
        Backends.open(()) as backends,
        AzureLab.open([document], backends, options=Options(health_seconds=0.02)) as azure,
    ):
        manager = ResourceManager(azure.url)
        try:
            prober = NetworkProber({}, loopback_only=True)
            diagnostician = Diagnostician(manager, prober, QUICK, lambda: datetime.now(UTC))
            examined = await diagnostician.examine(str(document["id"]))
        finally:
            await manager.close()
    told = json.loads(json.dumps(to_json(examined.report)))
    assert told["gateway"]["name"] == document["id"].split("/")[8]
