"""An Azure and backends in memory, in the shapes that the workflow asks for.

The gateway is Microsoft's v1 incident: without SNI the server shows the ILB's certificate, which is not allow-listed.
The gateway turns healthy as soon as its document allow-lists it, as a real one would.
"""

import asyncio
import copy
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from bot.core.arm.certificates_reader import Certificates
from bot.core.arm.document import Document, Json
from bot.core.arm.environment_reader import EnvironmentDocuments
from bot.core.arm.permissions import Grant
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.gateway import is_ip
from bot.core.model.health import BackendHealth, Health, HealthNotKnown, ServerHealth
from bot.core.model.observation import Attempt, Lookup, NotTried, Observation, Question
from bot.core.model.unavailable import Unavailable
from bot.core.problem import Problem
from bot.core.remedies.edit_builder import certificate_text
from bot.workflow.ports import Accepted, Listed, OperationState
from tests.core import make


def gateway(name: str = "agw-test", group: str = "rg-test", **changes: Any) -> Json:
    """The incident's gateway under another name."""
    text = make.ID.replace("rg-test", group).removesuffix("/agw") + f"/{name}"
    document = make.document(**changes)
    return {**_renamed(document, text), "name": name}


def _renamed(value: Any, gateway_id: str) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(it, gateway_id) for key, it in value.items()}
    if isinstance(value, list):
        return [_renamed(it, gateway_id) for it in value]
    if isinstance(value, str) and value.startswith(make.ID):
        return gateway_id + value.removeprefix(make.ID)
    return value


class MemoryAzure:
    """Gateways that are read and written at once, unless a test holds a door shut.

    `reading` and `operating` are such doors: open by default. `trouble` is raised by the next reads. One that is
    `silent` does not list its gateways.
    """

    def __init__(self, *gateways: Json) -> None:
        self.documents = {str(it["id"]).lower(): it for it in gateways}
        self.puts: list[Json] = []
        self.trouble: list[Exception] = []
        self.reading = _open_door()
        self.operating = _open_door()
        self.stubborn = False
        self.silent = False

    async def list_gateways(self, timeout: float = 25.0) -> Listed:
        if self.silent:
            await asyncio.sleep(3600)
        return Listed(tuple(copy.deepcopy(list(self.documents.values()))), ())

    async def answers(self) -> None:
        """It does."""

    async def read(self, gateway_id: str) -> Document:
        await self.reading.wait()
        if self.trouble:
            raise self.trouble.pop(0)
        return copy.deepcopy(self.documents[gateway_id.lower()])

    async def health_on_demand(self, gateway_id: str, trial: Document, timeout: float) -> Health:
        return HealthNotKnown("nothing is tried here")

    async def health(self, gateway_id: str, timeout: float) -> Health:
        document = self.documents[gateway_id.lower()]
        healthy = not self.stubborn and _allows(document, make.ILB)
        message = None if healthy else make.NOT_ALLOW_LISTED
        state = make.case(document).backends
        return BackendHealth(
            tuple(
                ServerHealth(
                    it.pool.id,
                    it.settings.id,
                    it.server,
                    "healthy" if healthy else "unhealthy",
                    message,
                )
                for it in state
            )
        )

    async def gateway_network(self, gateway: Document, timeout: float) -> Unavailable:
        return Unavailable("there is no network here")

    async def environments(
        self, gateway: Document, timeout: float
    ) -> tuple[EnvironmentDocuments, ...]:
        return (EnvironmentDocuments(),)

    async def load(self, gateway: Document, until: datetime, timeout: float) -> Unavailable:
        return Unavailable("nothing is measured here")

    async def grants(
        self, resource: str, timeout: float, *, to_write: bool = False
    ) -> tuple[Grant, ...]:
        return (Grant(("*",)),)

    async def locks(self, gateway_id: str, timeout: float) -> Unavailable:
        return Unavailable("locks are not read here")

    async def policy_denials(
        self, gateway_id: str, planned: Document, timeout: float
    ) -> Unavailable:
        return Unavailable("policies are not read here")

    async def get_ready_to_put(self) -> None:
        """Nothing has to be loaded."""

    async def put(self, gateway_id: str, document: Document, etag: str, client_id: str) -> Accepted:
        if self.documents[gateway_id.lower()]["etag"] != etag:
            raise Problem("etag_mismatch", "The gateway was changed meanwhile.")
        at = asyncio.get_running_loop().time()
        self.puts.append({"id": gateway_id, "client_id": client_id, "at": at})
        self.documents[gateway_id.lower()] = {
            **copy.deepcopy(dict(document)),
            "etag": f'W/"{len(self.puts) + 1}"',
        }
        return Accepted("https://management/operation/1", "correlation-1")

    async def operation(self, url: str) -> OperationState:
        await self.operating.wait()
        return OperationState("succeeded")


class MemoryProber:
    """Answers with the ILB's certificate without SNI, with the app's own with it; every name leads to the ILB.

    One that is not `near` reaches nothing.
    """

    def __init__(self, *, near: bool = True) -> None:
        self.near = near

    def read_certificates(self, data: Iterable[str]) -> Certificates:
        known = make.certificates()
        return {text: known[text] for text in data}

    def read_bundles(self, data: Iterable[str]) -> Certificates:
        return dict.fromkeys(data, Unreadable("nobody looks at it here"))

    def read_handed(self, content: bytes) -> Certificate | Unreadable:
        known = {b"ILB": make.ILB, b"ROOT": make.ROOT}
        return known.get(content.strip(), Unreadable("it is neither base64 nor PEM"))

    async def observe(
        self,
        attempts: Sequence[Attempt],
        anchors: Iterable[Certificate],
        timeout: float,
        done: Callable[[Observation], None] | None = None,
    ) -> tuple[Observation, ...]:
        return tuple(
            Observation(
                it,
                make.answered(make.APP if it.sni else make.ILB) if self.near else make.NOT_SEEN[1],
                addresses=() if is_ip(it.server) else (make.SERVER,),
            )
            for it in attempts
        )

    async def look_up(self, questions: Sequence[Question], timeout: float) -> tuple[Lookup, ...]:
        return tuple(Lookup(it, NotTried("there is no DNS in memory")) for it in questions)


def _allows(document: Json, certificate: Certificate) -> bool:
    stored = document["properties"]["authenticationCertificates"]
    names = {it["id"] for it in stored if it["properties"]["data"] == certificate_text(certificate)}
    settings = document["properties"]["backendHttpSettingsCollection"]
    return any(
        ref["id"] in names
        for it in settings
        for ref in it["properties"].get("authenticationCertificates", ())
    )


def _open_door() -> asyncio.Event:
    door = asyncio.Event()
    door.set()
    return door
