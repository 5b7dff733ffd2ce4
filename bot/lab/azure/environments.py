"""App Service Environments as Resource Manager returns them, with the certificates that App Service holds.

Shapes: Azure/azure-rest-api-specs, specification/web/resource-manager/Microsoft.Web/stable/2025-05-01, examples/
AppServiceEnvironments_List.json, AppServiceEnvironments_GetVipInfo.json,
AppServiceEnvironments_GetAseV3NetworkingConfiguration.json, GetAseCustomDnsSuffixConfiguration.json,
ListCertificates.json.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha1
from typing import Literal
from urllib.parse import urlencode

from bot.lab.azure.calls import Call, Reply, reply
from bot.lab.azure.errors import resource_not_found
from bot.lab.pki import Issued
from bot.lab.values import Json

_WEB = "Microsoft.Web"
_KIND = f"{_WEB}/hostingEnvironments"


@dataclass(frozen=True, slots=True)
class HostingEnvironment:
    """One App Service Environment; `mode` is what its load balancer keeps internal, `None` for nothing.

    `custom_suffix` and its state are for v3 only, whose certificate is in Key Vault; `ilb_certificates` are for v2
    only: the current one and older ones that were uploaded as ILB certificate.
    """

    subscription: str
    group: str
    name: str
    kind: Literal["ASEV2", "ASEV3"]
    inbound: str
    dns_suffix: str
    custom_suffix: str | None = None
    suffix_state: Literal["Succeeded", "Failed", "Degraded", "InProgress"] = "Succeeded"
    ilb_certificates: tuple[Issued, ...] = ()
    mode: str = "Web, Publishing"

    @property
    def id(self) -> str:
        return f"{self._scope}/hostingEnvironments/{self.name}"

    @property
    def document(self) -> Json:
        """The environment as an entry of a list."""
        properties: Json = {
            "provisioningState": "Succeeded",
            "status": "Ready",
            "internalLoadBalancingMode": self.mode,
            "dnsSuffix": self.dns_suffix,
            "customDnsSuffixConfiguration": None,
        }
        if self.custom_suffix:
            properties["customDnsSuffixConfiguration"] = {
                "id": f"{self.id}/configurations/customdnssuffix",
                "properties": {
                    "provisioningState": self.suffix_state,
                    "provisioningDetails": "",
                    "dnsSuffix": self.custom_suffix,
                    "certificateUrl": f"https://kv-{self.name}.vault.azure.net/secrets/suffix",
                    "keyVaultReferenceIdentity": "SystemAssigned",
                },
            }
        return {
            "id": self.id,
            "name": self.name,
            "type": _KIND,
            "kind": self.kind,
            "location": "West Europe",
            "properties": properties,
        }

    @property
    def certificates(self) -> list[Json]:
        """Its ILB certificates: their names must have this ending, by which the portal recognises them.

        https://learn.microsoft.com/azure/app-service/environment/create-from-template
        """
        return [
            self._certificate(f"ilb{number}_{self.name}_InternalLoadBalancingASE", issued)
            for number, issued in enumerate(self.ilb_certificates, start=1)
        ]

    @property
    def _scope(self) -> str:
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.group}/providers/{_WEB}"

    def _certificate(self, name: str, issued: Issued) -> Json:
        found = issued.certificate
        thumbprint = sha1(issued.der, usedforsecurity=False).hexdigest().upper()
        return {
            "id": f"{self._scope}/certificates/{name}",
            "name": name,
            "type": f"{_WEB}/certificates",
            "location": "West Europe",
            "properties": {
                "subjectName": found.subject.rfc4514_string(),
                "issuer": found.issuer.rfc4514_string(),
                "issueDate": found.not_valid_before_utc.isoformat(),
                "expirationDate": found.not_valid_after_utc.isoformat(),
                "thumbprint": thumbprint,
                "cerBlob": issued.base64_der,
            },
        }


class Environments:
    """Answers GETs about the environments of a world; lists come in pages if the lab's options say so."""

    def __init__(self, known: Sequence[HostingEnvironment], page_size: int | None) -> None:
        self._known = known
        self._page_size = page_size

    async def list_environments(self, call: Call) -> Reply:
        return self._page(call, [each.document for each in self._of_subscription(call)])

    async def list_certificates(self, call: Call) -> Reply:
        environments = self._of_subscription(call)
        return self._page(call, [found for each in environments for found in each.certificates])

    async def virtual_ip(self, call: Call) -> Reply:
        """The addresses of v2."""
        found = self._named(call, "ASEV2")
        internal = found.inbound if "Web" in found.mode else None
        properties: Json = {
            "serviceIpAddress": found.inbound,
            "internalIpAddress": internal,
            "outboundIpAddresses": [],
            "vipMappings": [],
        }
        return reply(200, {"id": call.words["path"], "name": found.name, "properties": properties})

    async def networking(self, call: Call) -> Reply:
        """The addresses of v3."""
        found = self._named(call, "ASEV3")
        internal = "Web" in found.mode
        properties: Json = {
            "externalInboundIpAddresses": [] if internal else [found.inbound],
            "internalInboundIpAddresses": [found.inbound] if internal else [],
            "inboundIpAddressOverride": None,
        }
        return reply(
            200, {"id": call.words["path"], "name": "networking", "properties": properties}
        )

    def _of_subscription(self, call: Call) -> list[HostingEnvironment]:
        wanted = call.words["subscription"].lower()
        return [each for each in self._known if each.subscription.lower() == wanted]

    def _named(self, call: Call, kind: str) -> HostingEnvironment:
        words = call.words
        scope = f"/subscriptions/{words['subscription']}/resourceGroups/{words['group']}"
        wanted = f"{scope}/providers/{_KIND}/{words['resource']}".lower()
        for each in self._known:
            if each.id.lower() == wanted and each.kind == kind:
                return each
        raise resource_not_found(_KIND, words["resource"], words["group"])

    def _page(self, call: Call, items: list[Json]) -> Reply:
        start = int(call.query.get("$skiptoken", "0"))
        end = start + (self._page_size or len(items))
        page: Json = {"value": items[start:end]}
        if end < len(items):
            query = urlencode({"api-version": call.version, "$skiptoken": end})
            page["nextLink"] = f"{call.base}{call.words['path']}?{query}"
        return reply(200, page)
