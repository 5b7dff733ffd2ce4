"""A gateway as large as Azure lets it be: documents of Resource Manager, made without any server behind them.

100 active listeners, HTTP settings and pools, 1,200 servers in a pool
(https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits).
"""

from functools import cache

from bot.lab.azure.build import Site, certificate, gateway_document, https_settings, pool, probe
from bot.lab.azure.document import GatewayId
from bot.lab.pki import Issued, authority, leaf
from bot.lab.values import Json

LISTENERS = 100
SERVERS = 1_200

GATEWAY = GatewayId("11111111-2222-3333-4444-555555555555", "rg-large", "agw-large")
ID = str(GATEWAY)


@cache
def root() -> Issued:
    """The authority that the gateway trusts."""
    return authority("Contoso Root CA")


@cache
def site_certificate(number: int) -> Issued:
    """The certificate of one listener, and of the servers behind it."""
    return leaf(host(number), issuer=root())


def host(number: int) -> str:
    """The host name of one listener."""
    return f"site{number}.contoso.com"


def address(number: int) -> str:
    """The address of one server."""
    return f"10.{8 + number // 62_500}.{number // 250 % 250}.{number % 250 + 1}"


def gateway(servers: int = SERVERS, listeners: int = LISTENERS) -> Json:
    """A v2 gateway: each listener has HTTPS settings, a probe, and a pool with its part of the servers."""
    numbers = range(listeners)
    there = [address(it) for it in range(servers)]
    return gateway_document(
        GATEWAY,
        tier="Standard_v2",
        pools=[pool(f"pool{it}", ips=there[it::listeners]) for it in numbers],
        settings=[
            https_settings(f"https{it}", probe=f"probe{it}", trusted_roots=["root"])
            for it in numbers
        ],
        probes=[probe(f"probe{it}", host=host(it)) for it in numbers],
        trusted_roots=[certificate("root", root())],
        sites=[
            Site(f"site{it}", host(it), f"pool{it}", f"https{it}", site_certificate(it))
            for it in numbers
        ],
    )


def health(document: Json, *, word: str = "Healthy", log: str = "Success.") -> Json:
    """The report of that gateway's backend health: the same word and message for every server."""
    collections = document["properties"]
    settings = collections["backendHttpSettingsCollection"]
    return {
        "backendAddressPools": [
            {
                "backendAddressPool": {"id": each["id"]},
                "backendHttpSettingsCollection": [
                    {
                        "backendHttpSettings": {"id": used["id"]},
                        "servers": [
                            {"address": it["ipAddress"], "health": word, "healthProbeLog": log}
                            for it in each["properties"]["backendAddresses"]
                        ],
                    }
                ],
            }
            for each, used in zip(collections["backendAddressPools"], settings, strict=True)
        ]
    }
