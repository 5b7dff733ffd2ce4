"""The shape of a gateway document: its collections, its ids, its references.

Taken from recordings of real responses in the test suites of Azure/azure-cli
(src/azure-cli/azure/cli/command_modules/network/tests) and Azure/azure-libraries-for-java
(azure/src/test/resources/session-records).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.lab.values import Json

GATEWAYS = "Microsoft.Network/applicationGateways"

# Every gateway has these in its responses, even if empty.
COMMON_COLLECTIONS = (
    "gatewayIPConfigurations",
    "sslCertificates",
    "frontendIPConfigurations",
    "frontendPorts",
    "backendAddressPools",
    "backendHttpSettingsCollection",
    "httpListeners",
    "urlPathMaps",
    "requestRoutingRules",
    "probes",
    "rewriteRuleSets",
    "redirectConfigurations",
)
V1_COLLECTIONS = ("authenticationCertificates",)
V2_COLLECTIONS = (
    "trustedRootCertificates",
    "trustedClientCertificates",
    "sslProfiles",
    "loadDistributionPolicies",
    "privateLinkConfigurations",
)
# Layer 4 proxying and advanced routing: in responses only if they are used.
OPTIONAL_COLLECTIONS = (
    "backendSettingsCollection",
    "listeners",
    "routingRules",
    "advancedRoutingMaps",
    "advancedRoutingConditionSets",
)
# The collections whose entries have sub-resources of their own, and where (azure-mgmt-network).
NESTED = {
    "urlPathMaps": "pathRules",
    "loadDistributionPolicies": "loadDistributionTargets",
    "advancedRoutingMaps": "advancedRoutingRules",
}
COLLECTIONS = COMMON_COLLECTIONS + V1_COLLECTIONS + V2_COLLECTIONS + OPTIONAL_COLLECTIONS


@dataclass(frozen=True, slots=True)
class GatewayId:
    """A gateway's subscription, resource group and name as spelled in ids."""

    subscription: str
    group: str
    name: str

    def __str__(self) -> str:
        return (
            f"/subscriptions/{self.subscription}/resourceGroups/{self.group}"
            f"/providers/{GATEWAYS}/{self.name}"
        )

    @property
    def key(self) -> str:
        """Equal for two spellings of one id: ARM compares ids case-insensitively."""
        return str(self).lower()


@dataclass(frozen=True, slots=True)
class Part:
    """One sub-resource with its path: `probes/p1`, or `urlPathMaps/m/pathRules/r`."""

    collection: str
    path: str
    node: Json

    @property
    def properties(self) -> Json:
        properties: Json = self.node.setdefault("properties", {})
        return properties


def id_of(document: Json) -> GatewayId:
    """The id of a complete document."""
    words = str(document["id"]).strip("/").split("/")
    return GatewayId(subscription=words[1], group=words[3], name=words[7])


def parts(document: Json) -> Iterator[Part]:
    """Every sub-resource of a gateway; those of another one, such as path rules, come after it."""
    for collection in COLLECTIONS:
        for node in document["properties"].get(collection) or ():
            path = f"{collection}/{node['name']}"
            yield Part(collection, path, node)
            kind = NESTED.get(collection, "")
            for inner in node.get("properties", {}).get(kind) or ():
                yield Part(kind, f"{path}/{kind}/{inner['name']}", inner)


def part_by_id(document: Json, reference: Json | None) -> Json | None:
    """The properties of the sub-resource that a reference {"id": ...} names, with its name."""
    if not reference:
        return None
    wanted = str(reference.get("id", "")).lower()
    for part in parts(document):
        if part.node["id"].lower() == wanted:
            return {"name": part.node["name"], "id": part.node["id"], **part.properties}
    return None


def pools_of(document: Json, policy: Json | None) -> list[str]:
    """The ids of the pools among which a load distribution policy chooses, each once.

    Its shape is azure-mgmt-network's; no page of Microsoft's says how it chooses. A weight is for each server
    (`weightPerServer`), so a pool is taken to get none where it has none that is healthy.
    """
    found = (part_by_id(document, policy) or {}).get("loadDistributionTargets") or ()
    pools = (it.get("properties", {}).get("backendAddressPool") for it in found)
    return list(dict.fromkeys(it["id"] for it in pools if it))


def is_v1(document: Json) -> bool:
    # https://learn.microsoft.com/azure/application-gateway/v1-retirement: v1 is Standard and WAF.
    return document["properties"].get("sku", {}).get("tier") in ("Standard", "WAF")


def references(node: object, inside: str = "") -> Iterator[tuple[str, Json]]:
    """Every {"id": ...} below a node, with the name of its property."""
    if isinstance(node, dict):
        if set(node) == {"id"}:
            yield inside, node
            return
        for name, child in node.items():
            yield from references(child, name)
    elif isinstance(node, list):
        for child in node:
            yield from references(child, inside)
