"""The documents of the network around a gateway, by plain GETs: a part that cannot be read is `Unavailable`."""

import asyncio

from bot.aside import aside
from bot.azure.connection import Connection
from bot.azure.failures import Call, CallFailed, call_arm
from bot.core.arm.document import Document
from bot.core.arm.gateway_reader import read_gateway
from bot.core.arm.network_reader import NetworkDocuments, NetworkPart, references
from bot.core.model.unavailable import Unavailable

# Later than the first version with everything that is read here; any later one shows the same.
API_VERSION = "2024-05-01"

_SUBNETS = "/subnets/"


async def network_documents(connection: Connection, gateway: Document) -> NetworkDocuments:
    """The gateway's subnet with its network security group and route table, and the virtual network."""
    typed = await aside(read_gateway, gateway, {})
    subnet_id = next((it for it in typed.subnets if _SUBNETS in it), None)
    if subnet_id is None:
        return NetworkDocuments(None, None, None, None)
    subnet, network = await asyncio.gather(
        _part(connection, "subnets", subnet_id),
        _part(connection, "virtualNetworks", subnet_id.partition(_SUBNETS)[0]),
    )
    if subnet is None or isinstance(subnet, Unavailable):
        return NetworkDocuments(subnet, network, None, None)
    group_id, table_id = references(subnet)
    group, table = await asyncio.gather(
        _part(connection, "networkSecurityGroups", group_id),
        _part(connection, "routeTables", table_id),
    )
    return NetworkDocuments(subnet, network, group, table)


async def _part(connection: Connection, kind: str, resource_id: str | None) -> NetworkPart:
    if resource_id is None:
        return None
    action = "virtualNetworks/subnets" if kind == "subnets" else kind
    call = Call(f"read {resource_id}", f"Microsoft.Network/{action}/read")
    try:
        url = f"{resource_id}?api-version={API_VERSION}"
        return await call_arm(connection.document(url), call)
    except CallFailed as failed:
        # The usual text for not_found is about gateways.
        gone = failed.trouble.code == "not_found"
        return Unavailable("Azure does not show it" if gone else failed.trouble.reason)
