"""The control plane: gateway documents, who may replace them, and when a change takes effect.

A PUT is answered at once and takes effect when its operation ends; until then the instances use
the old configuration. A second PUT cancels and supersedes the first, see
https://github.com/Azure/azure-cli/issues/21156.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.lab.azure.completion import complete, stamp
from bot.lab.azure.document import GATEWAYS, GatewayId, id_of
from bot.lab.azure.errors import Refused, another_operation, etag_mismatch, resource_not_found
from bot.lab.azure.faults import Effect, FailLater, IgnoreIfMatch, Last, NeverEnd, ShowOld, TakeBack
from bot.lab.azure.lateness import Lateness
from bot.lab.azure.operations import Operation, Operations
from bot.lab.azure.options import Options
from bot.lab.azure.validation import check, check_body
from bot.lab.values import Json, copied

PUT = "PutApplicationGatewayOperation"
PATCH = "PatchApplicationGatewayOperation"
START = "StartApplicationGatewayOperation"
STOP = "StopApplicationGatewayOperation"


@dataclass(slots=True)
class Gateway:
    """One gateway: what ARM returns for it, what its instances use, and what is under way."""

    id: GatewayId
    document: Json
    in_effect: Json
    operation: Operation | None = None
    put_at: float = float("-inf")
    lateness: Lateness = field(default_factory=Lateness)

    def read(self) -> Json:
        """What a read shows."""
        return self.lateness.read() or self.document

    @property
    def is_running(self) -> bool:
        return bool(self.in_effect["properties"]["operationalState"] == "Running")


class Gateways:
    """All gateways. `took_effect` is called when the instances get a new configuration."""

    def __init__(
        self,
        documents: Iterable[Json],
        operations: Operations,
        options: Options,
        took_effect: Callable[[Gateway], None],
    ) -> None:
        self._operations = operations
        self._options = options
        self._took_effect = took_effect
        self._by_key: dict[str, Gateway] = {}
        for document in documents:
            self._add(copied(document))

    def all(self) -> list[Gateway]:
        return list(self._by_key.values())

    def get(self, gateway_id: GatewayId) -> Gateway:
        """The gateway of this id; Refused with 404 if there is none."""
        found = self._by_key.get(gateway_id.key)
        if found is None:
            raise resource_not_found(GATEWAYS, gateway_id.name, gateway_id.group)
        return found

    def named(self, name: str) -> Gateway:
        """The first gateway of this name or id; KeyError if there is none."""
        for gateway in self.all():
            if name.lower() in (gateway.id.name.lower(), gateway.id.key):
                return gateway
        raise KeyError(name)

    def put(
        self, gateway_id: GatewayId, body: object, if_match: str | None, effects: Sequence[Effect]
    ) -> tuple[Gateway, Operation, bool]:
        """Begin to create or replace; True if it was created. Raises Refused as the service refuses."""
        old = self._by_key.get(gateway_id.key)
        ignored = any(isinstance(each, IgnoreIfMatch) for each in effects)
        self._check_may_put(old, gateway_id, None if ignored else if_match)
        gateway_id = old.id if old else gateway_id
        document = complete(check_body(body), gateway_id, old.document if old else None)
        check(document, old.document if old else None)
        gateway = old or self._add(document)
        before, gateway.document = gateway.document, document
        gateway.put_at = time.monotonic()
        # A PUT on a stopped gateway starts it: https://github.com/MicrosoftDocs/azure-docs/pull/107660
        operation = self._begin(
            gateway, PUT, "Running", effects, lambda: self._afterwards(gateway, before, effects)
        )
        return gateway, operation, old is None

    def put_later(self, gateway_id: GatewayId, body: object, reads: int) -> None:
        """Put it when the gateway has been read so many times, whatever its etag is by then."""
        gateway = self.get(gateway_id)
        gateway.lateness.after(reads, lambda: self._put_anyway(gateway_id, body))

    def _put_anyway(self, gateway_id: GatewayId, body: object) -> None:
        self.put(gateway_id, body, None, ())

    def patch(self, gateway_id: GatewayId, body: object, if_match: str | None) -> Gateway:
        """Replace the tags; PATCH can do nothing else, and it takes effect at once."""
        gateway = self.get(gateway_id)
        self._check_etag(gateway, gateway_id, if_match)
        document = copied(gateway.document)
        document["tags"] = (body if isinstance(body, dict) else {}).get("tags") or {}
        self._supersede(gateway, Operation(PATCH, document["location"]))
        self._adopt(gateway, document, "Succeeded")
        return gateway

    def start(self, gateway_id: GatewayId, effects: Sequence[Effect]) -> Operation:
        return self._switch(gateway_id, START, "Starting", "Running", effects)

    def stop(self, gateway_id: GatewayId, effects: Sequence[Effect]) -> Operation:
        return self._switch(gateway_id, STOP, "Stopping", "Stopped", effects)

    def edit(self, name: str, change: Callable[[Json], None]) -> Gateway:
        """Somebody else changes the gateway, states included, at once and without checks."""
        gateway = self.named(name)
        wanted = copied(gateway.document)
        change(wanted)
        document = complete(wanted, gateway.id, gateway.document)
        document["properties"]["operationalState"] = wanted["properties"]["operationalState"]
        self._supersede(gateway, Operation(PUT, document["location"]))
        self._adopt(gateway, document, wanted["properties"]["provisioningState"])
        return gateway

    def _add(self, document: Json) -> Gateway:
        gateway = Gateway(id_of(document), document, copied(document))
        self._by_key[gateway.id.key] = gateway
        return gateway

    def _check_may_put(
        self, gateway: Gateway | None, gateway_id: GatewayId, if_match: str | None
    ) -> None:
        self._check_etag(gateway, gateway_id, if_match)
        if gateway and time.monotonic() - gateway.put_at < self._options.lock_seconds:
            raise Refused(another_operation())

    def _check_etag(
        self, gateway: Gateway | None, gateway_id: GatewayId, if_match: str | None
    ) -> None:
        current = gateway.document["etag"] if gateway else "none"
        if if_match not in (None, "*", current):
            raise etag_mismatch(str(if_match), current, str(gateway_id))

    def _switch(
        self, gateway_id: GatewayId, kind: str, during: str, after: str, effects: Sequence[Effect]
    ) -> Operation:
        gateway = self.get(gateway_id)
        gateway.document["properties"]["operationalState"] = during
        return self._begin(gateway, kind, after, effects)

    def _afterwards(self, gateway: Gateway, before: Json, effects: Sequence[Effect]) -> None:
        """What follows when a PUT is in effect."""
        for each in effects:
            if isinstance(each, ShowOld):
                gateway.lateness.show_old(each.reads, copied(before))
            if isinstance(each, TakeBack):
                gateway.lateness.after(each.reads, lambda: self._take_back(gateway, before))

    def _take_back(self, gateway: Gateway, before: Json) -> None:
        self._supersede(gateway, Operation(PUT, before["location"]))
        self._adopt(gateway, copied(before), "Succeeded")

    def _begin(
        self,
        gateway: Gateway,
        kind: str,
        state: str,
        effects: Sequence[Effect],
        then: Callable[[], None] = lambda: None,
    ) -> Operation:
        """Start an operation that ends with the gateway's document in effect."""
        operation = Operation(kind, gateway.document["location"])
        self._supersede(gateway, operation)
        stamp(gateway.document, "Updating")

        async def end() -> None:
            failure = next((each for each in effects if isinstance(each, FailLater)), None)
            if failure:
                operation.fail(failure.code, failure.message)
                stamp(gateway.document, "Failed")
            else:
                operation.succeed()
                gateway.document["properties"]["operationalState"] = state
                self._adopt(gateway, gateway.document, "Succeeded")
                then()

        last = next((each for each in effects if isinstance(each, Last)), None)
        if any(isinstance(each, NeverEnd) for each in effects):
            self._operations.add_endless(operation)
        elif last is not None:
            self._operations.add_counted(operation, last.looks, end)
        else:
            self._operations.begin(operation, self._options.put_seconds, end)
        return operation

    def _supersede(self, gateway: Gateway, by: Operation) -> None:
        if gateway.operation and gateway.operation.pending:
            gateway.operation.supersede(by)
        gateway.operation = by

    def _adopt(self, gateway: Gateway, document: Json, state: str) -> None:
        stamp(document, state)
        gateway.document = document
        gateway.in_effect = copied(document)
        self._took_effect(gateway)
