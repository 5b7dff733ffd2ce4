"""The network around the gateways: virtual networks, subnets, network security groups and route tables.

A world defines only what matters to it; every other subnet and network exists with Azure's defaults.
"""

from collections.abc import Mapping

from bot.lab.azure.calls import Call, Reply, reply
from bot.lab.azure.errors import resource_not_found
from bot.lab.values import Json, copied

_NETWORK = "Microsoft.Network"


class Networks:
    """Answers GETs from `documents`: the `properties` of each resource, by id."""

    def __init__(self, documents: Mapping[str, Json]) -> None:
        self._documents = {path.lower(): (path, found) for path, found in documents.items()}

    async def get(self, call: Call) -> Reply:
        """One resource; Refused with 404 for a security group or route table that is not defined."""
        path = call.words["path"].rstrip("/")
        resource, properties = self._documents.get(path.lower(), (path, None))
        if properties is None:
            properties = _plain(call)
        name = resource.rpartition("/")[2]
        body = {"id": resource, "name": name, "properties": copied(properties)}
        return reply(200, body)


def _plain(call: Call) -> Json:
    """A network with Azure's defaults: Azure DNS, no network security group, no routes."""
    kind, name = call.words["kind"].lower(), call.words["resource"]
    if kind != "virtualnetworks":
        raise resource_not_found(f"{_NETWORK}/{call.words['kind']}", name, call.words["group"])
    if call.words.get("subnet"):
        return {"provisioningState": "Succeeded", "addressPrefix": "10.0.0.0/24"}
    return {
        "provisioningState": "Succeeded",
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
    }
