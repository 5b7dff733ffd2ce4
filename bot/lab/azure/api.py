"""What each Resource Manager request does and returns; `http` handles HTTP itself."""

import json
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import urlencode

from bot.lab.azure.calls import Call, Reply, reply
from bot.lab.azure.dataplane import DataPlane
from bot.lab.azure.document import parts
from bot.lab.azure.errors import ArmError, Refused, bad_request, gateway_timeout
from bot.lab.azure.faults import Blind, CarryOutLater, NeverEnd
from bot.lab.azure.gateways import Gateway, Gateways
from bot.lab.azure.operations import Operation, Operations
from bot.lab.azure.options import Options
from bot.lab.azure.policies import enforce
from bot.lab.azure.reports import full_report, on_demand_report
from bot.lab.azure.validation import check_body
from bot.lab.values import Json, copied

_TENANT = "72f988bf-0000-4000-8000-2d7cd011db47"

# The api-version that introduced a property (azure-mgmt-network 30.0.0, the first with api-version 2024-10-01, and
# 33.0.0): older ones do not show it, and what they write does not have it. That such a PUT takes away what is there is
# inferred: a gateway is replaced as a whole.
_SINCE = {
    "validateCertChainAndExpiry": "2024-10-01",
    "validateSNI": "2024-10-01",
    "sniName": "2024-10-01",
    "advancedRoutingMap": "2026-01-01",
    "advancedRoutingMaps": "2026-01-01",
    "advancedRoutingConditionSets": "2026-01-01",
    "authConfigs": "2026-01-01",
    "reservedCapacity": "2026-01-01",
}


class Api:
    """The handlers, each an async method from Call to Reply; Refused is an error response."""

    def __init__(
        self, gateways: Gateways, plane: DataPlane, operations: Operations, options: Options
    ) -> None:
        self._gateways = gateways
        self._plane = plane
        self._operations = operations
        self._options = options

    async def list_subscriptions(self, _: Call) -> Reply:
        return reply(200, {"value": [self._subscription(name) for name in self._known()]})

    async def get_subscription(self, call: Call) -> Reply:
        self._gateways_of(call)
        return reply(200, self._subscription(call.words["subscription"]))

    async def list_groups(self, call: Call) -> Reply:
        groups: dict[str, Json] = {}
        for gateway in self._gateways_of(call):
            scope = f"/subscriptions/{gateway.id.subscription}/resourceGroups/{gateway.id.group}"
            groups[scope.lower()] = {
                "id": scope,
                "name": gateway.id.group,
                "type": "Microsoft.Resources/resourceGroups",
                "location": gateway.document["location"],
                "tags": {},
                "properties": {"provisioningState": "Succeeded"},
            }
        return reply(200, {"value": list(groups.values())})

    async def list_gateways(self, call: Call) -> Reply:
        """All gateways of a subscription or resource group; in pages if the lab's options say so."""
        group = call.words.get("group", "").lower()
        found = [
            gateway
            for gateway in self._gateways_of(call)
            if not group or gateway.id.group.lower() == group
        ]
        if group and not found:
            message = f"Resource group '{call.words['group']}' could not be found."
            raise Refused(ArmError(404, "ResourceGroupNotFound", message))
        start = int(call.query.get("$skiptoken", "0"))
        end = start + (self._options.page_size or len(found))
        page: Json = {"value": [self._shown(each, call) for each in found[start:end]]}
        if end < len(found):
            query = urlencode({"api-version": call.version, "$skiptoken": end})
            page["nextLink"] = f"{call.base}{call.words['path']}?{query}"
        return reply(200, page)

    async def get_gateway(self, call: Call) -> Reply:
        gateway = self._gateways.get(call.gateway_id)
        document = gateway.read()
        return reply(200, self._as_of(document, call), ETag=document["etag"])

    async def put_gateway(self, call: Call) -> Reply:
        body = check_body(copied(call.body))
        _forget_newer(body, call.version)
        enforce(self._options.policies, str(call.gateway_id), body)
        later = next((it for it in call.effects if isinstance(it, CarryOutLater)), None)
        if later is not None:
            self._gateways.put_later(call.gateway_id, body, later.reads)
            raise gateway_timeout()
        gateway, operation, created = self._gateways.put(
            call.gateway_id, body, call.if_match, call.effects
        )
        headers = {"Azure-AsyncOperation": self._url(call, operation, "operations")}
        return self._accepted(201 if created else 200, self._shown(gateway, call), headers)

    async def patch_gateway(self, call: Call) -> Reply:
        gateway = self._gateways.patch(call.gateway_id, call.body, call.if_match)
        return reply(200, self._shown(gateway, call))

    async def start_gateway(self, call: Call) -> Reply:
        return self._switched(call, self._gateways.start(call.gateway_id, call.effects))

    async def stop_gateway(self, call: Call) -> Reply:
        return self._switched(call, self._gateways.stop(call.gateway_id, call.effects))

    async def backend_health(self, call: Call) -> Reply:
        gateway = self._gateways.get(call.gateway_id)

        async def report() -> Json:
            if any(isinstance(each, Blind) for each in call.effects):
                lines = self._plane.blind_health(gateway)
            else:
                await self._plane.settle(gateway)
                lines = self._plane.health(gateway)
            return full_report(gateway.in_effect, lines, call.query.get("$expand", ""))

        return self._begin_report(call, gateway, "GetBackendHealth", report)

    async def backend_health_on_demand(self, call: Call) -> Reply:
        gateway = self._gateways.get(call.gateway_id)
        if not isinstance(call.body, dict):
            raise bad_request("InvalidRequestContent", "The request content was invalid.")
        body = call.body
        self._plane.test_targets(gateway, body)

        async def report() -> Json:
            lines = await self._plane.test(gateway, body)
            pool, settings = body["backendAddressPool"], body["backendHttpSettings"]
            return on_demand_report(pool["id"], settings["id"], lines)

        return self._begin_report(call, gateway, "GetBackendHealthOnDemand", report)

    async def operation_status(self, call: Call) -> Reply:
        operation = self._found(await self._operations.asked_for(call.words["operation"]))
        headers = self._retry_after() if operation.pending else {}
        return Reply(200, json.dumps(operation.body()), headers)

    async def operation_result(self, call: Call) -> Reply:
        """202 with the body `null` while it is running, as in the recordings."""
        operation = self._found(await self._operations.asked_for(call.words["operation"]))
        location = {"Location": self._url(call, operation, "operationResults")}
        if operation.pending:
            return Reply(202, "null", {**location, **self._retry_after()})
        if operation.error:
            return Reply(200, json.dumps({"error": operation.error}))
        return Reply(200, json.dumps(operation.result), location)

    def _begin_report(
        self, call: Call, gateway: Gateway, kind: str, report: Callable[[], Awaitable[Json]]
    ) -> Reply:
        operation = Operation(kind, gateway.document["location"])

        async def end() -> None:
            operation.succeed(await report())

        if any(isinstance(each, NeverEnd) for each in call.effects):
            self._operations.add_endless(operation)
        else:
            self._operations.begin(operation, self._options.health_seconds, end)
        return self._accepted(
            202, None, {"Location": self._url(call, operation, "operationResults")}
        )

    def _switched(self, call: Call, operation: Operation) -> Reply:
        headers = {
            "Azure-AsyncOperation": self._url(call, operation, "operations"),
            "Location": self._url(call, operation, "operationResults"),
        }
        return Reply(202, "", {**headers, **self._retry_after()})

    def _accepted(self, status: int, body: object, headers: Mapping[str, str]) -> Reply:
        return Reply(
            status,
            json.dumps(body),
            {"Azure-AsyncNotification": "Enabled", **headers, **self._retry_after()},
        )

    def _retry_after(self) -> dict[str, str]:
        seconds = self._options.retry_after
        return {} if seconds is None else {"Retry-After": str(seconds)}

    def _found(self, found: Operation | None) -> Operation:
        if found is None:
            raise Refused(ArmError(404, "NotFound", "Operation was not found."))
        return found

    def _url(self, call: Call, operation: Operation, kind: str) -> str:
        return (
            f"{call.base}/subscriptions/{call.words['subscription']}/providers/Microsoft.Network"
            f"/locations/{operation.location}/{kind}/{operation.id}?api-version={call.version}"
        )

    def _gateways_of(self, call: Call) -> list[Gateway]:
        wanted = call.words["subscription"].lower()
        found = [each for each in self._gateways.all() if each.id.subscription.lower() == wanted]
        if wanted not in [name.lower() for name in self._known()]:
            message = f"The subscription '{wanted}' could not be found."
            raise Refused(ArmError(404, "SubscriptionNotFound", message))
        return found

    def _known(self) -> list[str]:
        """The subscriptions with a gateway or an environment."""
        gateways = (each.id.subscription for each in self._gateways.all())
        environments = (each.subscription for each in self._options.environments)
        return list(dict.fromkeys((*gateways, *environments)))

    def _subscription(self, name: str) -> Json:
        return {
            "id": f"/subscriptions/{name}",
            "subscriptionId": name,
            "tenantId": _TENANT,
            "displayName": self._options.subscription_name,
            "state": "Enabled",
            "authorizationSource": "RoleBased",
        }

    def _shown(self, gateway: Gateway, call: Call) -> Json:
        """The document as this api-version shows it."""
        return self._as_of(gateway.document, call)

    def _as_of(self, current: Json, call: Call) -> Json:
        document: Json = copied(current)
        _forget_newer(document, call.version)
        return document


def _forget_newer(document: Json, version: str) -> None:
    """Take away what this api-version does not know."""
    unknown = [name for name, since in _SINCE.items() if version[:10] < since]
    for properties in (document["properties"], *(it.properties for it in parts(document))):
        for name in unknown:
            properties.pop(name, None)
