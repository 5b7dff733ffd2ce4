"""`agw` on an Azure whose answers are odd: one sentence says what is wrong and where, and the rest works."""

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.cli import schema
from tests.cli.conftest import Here
from tests.cli.foreign import (
    GATEWAY,
    HOST,
    MEMBER,
    ForeignArm,
    backend,
    foreign_arm,
    make_certificate,
)
from tests.cli.running import agw
from tests.cli.test_check import lines
from tests.cli.tools import needs

NEIGHBOUR = "agw-odd"
DEEP = "[" * 200_000 + "]" * 200_000


def neighbour(**properties: Any) -> Any:
    """Another gateway of the same subscription."""
    listener = {"name": "x", "properties": {"hostNames": 7}}
    return {
        "name": NEIGHBOUR,
        "id": GATEWAY.replace("agw-test", NEIGHBOUR),
        "properties": {"httpListeners": [listener], **properties},
    }


class OddArm(ForeignArm):
    """Answers some paths with whatever it is told to, else as its parent; beside its gateway there is an odd one."""

    def __init__(self) -> None:
        super().__init__()
        self.odd: dict[str, str] = {}
        self.changes: dict[str, Any] = {}

    def document(self) -> dict[str, Any]:
        found = super().document()
        return {**found, "properties": {**found["properties"], **self.changes}}

    async def answer(self, request: web.Request) -> web.Response:
        path = request.path.lower()
        for ending, text in self.odd.items():
            if path.endswith(ending):
                return web.Response(text=text, content_type="application/json")
        if path.endswith("/applicationgateways"):
            return web.json_response({"value": [7, neighbour(), self.document()]})
        return await super().answer(request)


def settings(arm: ForeignArm, port: int = 1) -> dict[str, str]:
    return {
        "AGW_ARM_URL": arm.url,
        "AGW_CONNECT_TO": f"{MEMBER}:443=127.0.0.1:{port}",
        "AGW_LOOPBACK_ONLY": "1",
    }


async def test_an_odd_neighbour_hides_nobody(here: Here) -> None:
    async with foreign_arm(OddArm()) as arm:
        ran = await here(settings(arm), "diagnose", HOST, "--json", "--no-probe")
        schema.check(ran.document)
        assert ran.document["gateway"]["name"] == "agw-test"
        ran = await here(settings(arm), "diagnose", "nobody.example")
        assert ran.code == 2
        assert ran.is_one_sentence()
        assert "httpListeners/x/hostNames of the gateway agw-odd is the number 7" in ran.err
        ran = await here(settings(arm), "check")
        word, said = lines(ran)["gateways"]
        assert word == "FIX"
        assert "2 seen." in said
        assert "value/1 of the list is the number 7, not an object" in said


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("{}", "Azure's answer is not the document of a gateway: it has no resource id of one"),
        (DEEP, "the answer is nested more than 64 levels deep"),
        ("<html>", "the answer is not one of Azure's, or cut off"),
    ],
)
async def test_an_answer_that_is_no_gateway_is_one_sentence(
    here: Here, text: str, because: str
) -> None:
    async with foreign_arm(OddArm()) as arm:
        assert isinstance(arm, OddArm)
        arm.odd = {"/agw-test": text}
        ran = await here(settings(arm), "diagnose", "agw-test")
        assert (ran.code, ran.out) == (2, "")
        assert ran.is_one_sentence()
        assert f"Could not read gateway agw-test: {because}" in ran.err


@pytest.mark.parametrize("text", [DEEP, "7", '{"value": "text"}', '{"value": [7], "nextLink": 7}'])
@pytest.mark.parametrize("path", ["/subscriptions", "/applicationgateways"])
async def test_a_list_that_is_none_is_one_sentence(here: Here, path: str, text: str) -> None:
    async with foreign_arm(OddArm()) as arm:
        assert isinstance(arm, OddArm)
        arm.odd = {path: text}
        ran = await here(settings(arm), "diagnose", "agw-test")
        assert (ran.code, ran.out) == (2, "")
        assert ran.is_one_sentence()
        ran = await here(settings(arm), "check")
        assert ran.code == 2
        assert "Traceback" not in ran.out + ran.err


async def test_what_cannot_be_read_of_a_gateway_is_noted_on_every_screen(
    tmp_path: Path, here: Here
) -> None:
    needs("openssl")
    site = await asyncio.to_thread(make_certificate, tmp_path, HOST)
    async with foreign_arm(OddArm()) as arm, backend(site, {}) as port:
        assert isinstance(arm, OddArm)
        odd = {"name": "half \ud83d", "id": f"{GATEWAY}/probes/odd", "properties": "text"}
        arm.changes = {"probes": [odd, *arm.document()["properties"]["probes"]]}
        note = "Not read: probes/half \ufffd/properties of the gateway is the text 'text'"
        ran = await here(settings(arm, port), "diagnose", "agw-test", "--json")
        schema.check(ran.document)
        assert any(it.startswith(note) for it in ran.document["notes"]), ran.out
        json.dumps(ran.document, ensure_ascii=False).encode()
        shown = await agw(settings(arm, port), "diagnose", "agw-test")
        assert note in " ".join(shown.out.split())


async def test_settings_without_properties_are_not_judged(here: Here) -> None:
    async with foreign_arm(OddArm()) as arm:
        assert isinstance(arm, OddArm)
        kind = "backendHttpSettingsCollection"
        arm.changes = {kind: [{"name": "tls", "id": f"{GATEWAY}/{kind}/tls", "properties": 7}]}
        ran = await here(settings(arm), "diagnose", "agw-test", "--json", "--no-probe")
        schema.check(ran.document)
        assert (
            f"Not read: {kind}/tls/properties of the gateway is the number 7, not an object"
            in (ran.document["notes"])
        )
        assert "rule_without_backend" not in {it["rule"] for it in ran.document["findings"]}
        assert ran.document["verdict"] != "healthy"
