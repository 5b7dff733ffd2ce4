"""Documents of App Service Environments, shaped as ARM's answers are."""

from collections.abc import Mapping
from typing import Any

from bot.core.arm.document import Json
from bot.core.arm.environment_reader import EnvironmentDocuments, read_environments
from bot.core.arm.gateway_reader import read_gateway
from bot.core.model.app_service_environment import Environment
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.unavailable import Unavailable
from bot.core.remedies.edit_builder import certificate_text
from tests.core.make import ILB, SERVER, certificates, document

WEB = "/subscriptions/s1/resourceGroups/rg-ase/providers/Microsoft.Web"


def v2(name: str = "ase", **changes: Any) -> Json:
    """A v2 environment behind an ILB, with a suffix of its own."""
    properties: Json = {
        "internalLoadBalancingMode": "Web, Publishing",
        "dnsSuffix": "ase.appgwtestase.com",
    }
    return {
        "id": f"{WEB}/hostingEnvironments/{name}",
        "name": name,
        "kind": "ASEV2",
        "properties": properties | changes,
    }


def v3(
    name: str = "ase", suffix: str | None = None, *, going: Json | None = None, **changes: Any
) -> Json:
    """A v3 environment behind an ILB; with a custom suffix, and how it is `going`, if it is given one."""
    custom = {"properties": {"dnsSuffix": suffix} | (going or {})} if suffix else None
    properties: Json = {
        "dnsSuffix": f"{name}.appserviceenvironment.net",
        "customDnsSuffixConfiguration": custom,
    }
    return {**v2(name, **properties | changes), "kind": "ASEV3"}


def virtual_ip(address: str | None = SERVER) -> Json:
    """The addresses of a v2 environment."""
    return {"name": "virtualip", "properties": {"internalIpAddress": address, "vipMappings": []}}


def networking(*addresses: str) -> Json:
    """The addresses of a v3 environment."""
    return {"name": "networking", "properties": {"internalInboundIpAddresses": list(addresses)}}


def stored(
    held: Certificate | None = ILB, name: str = "wild_ase_InternalLoadBalancingASE", **more: Any
) -> Json:
    """A certificate that App Service holds; without `held` the answer shows no data."""
    data = {"cerBlob": certificate_text(held)} if held else {}
    return {"id": f"{WEB}/certificates/{name}", "name": name, "properties": data | more}


def read(
    *environments: tuple[Json, Json | Unavailable],
    held: tuple[Json, ...] | Unavailable = (),
    servers: tuple[str, ...] = (SERVER,),
    known: Mapping[str, Certificate | Unreadable] | None = None,
) -> tuple[Environment, ...] | Unavailable:
    """What such documents mean for a gateway with these pool members."""
    gateway = read_gateway(document(servers=servers), {})
    parts = (EnvironmentDocuments(environments, held),)
    return read_environments(parts, gateway, certificates() if known is None else known)


def one(
    environment: Json | None = None,
    addresses: Json | None = None,
    held: tuple[Json, ...] | Unavailable = (),
) -> tuple[Environment]:
    """The one environment that they describe, by default v2 at the address of the incident."""
    found = read((environment or v2(), addresses or virtual_ip()), held=held)
    assert isinstance(found, tuple)
    (only,) = found
    return (only,)
