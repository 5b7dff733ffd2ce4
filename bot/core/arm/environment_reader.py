"""ARM's JSON of App Service Environments -> `Environment`. Read as defensively as a gateway.

Shapes: Azure/azure-rest-api-specs, specification/web/resource-manager/Microsoft.Web/stable/2025-05-01, examples/
AppServiceEnvironments_List.json, AppServiceEnvironments_GetVipInfo.json,
AppServiceEnvironments_GetAseV3NetworkingConfiguration.json, ListCertificates.json.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.arm.document import Document, mapping_of, properties_of, text_of
from bot.core.arm.gateway_reader import Certificates
from bot.core.model.app_service_environment import (
    CustomSuffix,
    Environment,
    IlbCertificate,
    Version,
    private_members,
)
from bot.core.model.certificate import Unreadable
from bot.core.model.gateway import Gateway
from bot.core.model.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class EnvironmentDocuments:
    """What ARM sent of one subscription: each environment with the document of its addresses, and the certificates
    around them."""

    environments: tuple[tuple[Document, Document | Unavailable], ...] = ()
    certificates: tuple[Document, ...] | Unavailable = ()


Parts = Sequence[EnvironmentDocuments | Unavailable]
"""One for each subscription that was looked at; `Unavailable` where not even the list could be read."""


def is_internal(environment: Document) -> bool:
    """Whether its apps are behind an ILB: its mode is one of None, Web, Publishing, or `Web, Publishing`."""
    mode = properties_of(environment).get("internalLoadBalancingMode")
    return "web" in str(mode).lower()


def version(environment: Document) -> Version:
    """By its kind, `ASEV3` or `ASEV2`."""
    return "v3" if str(environment.get("kind")).upper() == "ASEV3" else "v2"


def inbound(addresses: Document | Unavailable) -> tuple[str, ...]:
    """The internal addresses, of `capacities/virtualip` (v2) or `configurations/networking` (v3)."""
    if isinstance(addresses, Unavailable):
        return ()
    found = properties_of(addresses)
    several = found.get("internalInboundIpAddresses")
    every = (found.get("internalIpAddress"), *(several if isinstance(several, list) else ()))
    return tuple(it for it in every if isinstance(it, str) and it)


def environment_certificate_data(parts: Parts) -> Iterator[str]:
    """The texts of the ILB certificates that want to be parsed."""
    for part in parts:
        if isinstance(part, Unavailable) or isinstance(part.certificates, Unavailable):
            continue
        names = [_text(environment, "name") for environment, _ in part.environments]
        for certificate in part.certificates:
            data = properties_of(certificate).get("cerBlob")
            if isinstance(data, str) and any(_is_of(certificate, name) for name in names):
                yield data


def read_environments(
    parts: Parts, gateway: Gateway, certificates: Certificates
) -> tuple[Environment, ...] | Unavailable:
    """The environments among the gateway's pool members.

    `Unavailable` where there is none, but a part, or an environment's addresses, could not be read: it might have been.
    """
    members = private_members(gateway)
    found = tuple(
        _environment(
            environment, addresses, _certificates(environment, part.certificates, certificates)
        )
        for part in parts
        if not isinstance(part, Unavailable)
        for environment, addresses in part.environments
        if members.intersection(inbound(addresses))
    )
    return found or next(_unread(parts), ())


def _unread(parts: Parts) -> Iterator[Unavailable]:
    for part in parts:
        if isinstance(part, Unavailable):
            yield part
        else:
            yield from (it for _, it in part.environments if isinstance(it, Unavailable))


def _environment(
    environment: Document,
    addresses: Document | Unavailable,
    certificates: tuple[IlbCertificate, ...] | Unavailable,
) -> Environment:
    properties = properties_of(environment)
    return Environment(
        id=_text(environment, "id"),
        name=_text(environment, "name"),
        version=version(environment),
        inbound=inbound(addresses),
        dns_suffix=_text(properties, "dnsSuffix") or None,
        custom_suffix=_custom_suffix(mapping_of(properties.get("customDnsSuffixConfiguration"))),
        ilb_certificates=certificates,
    )


def _custom_suffix(configuration: Document) -> CustomSuffix | None:
    found = properties_of(configuration)
    name = _text(found, "dnsSuffix")
    if not name:
        return None
    return CustomSuffix(
        name,
        _text(found, "provisioningState") or None,
        _text(found, "provisioningDetails") or None,
        _text(found, "certificateUrl") or None,
    )


def _certificates(
    environment: Document, stored: tuple[Document, ...] | Unavailable, known: Certificates
) -> tuple[IlbCertificate, ...] | Unavailable:
    if version(environment) == "v3":
        return ()
    if isinstance(stored, Unavailable):
        return stored
    name = _text(environment, "name")
    found = tuple(_ilb_certificate(it, known) for it in stored if _is_of(it, name))
    for it in found:
        if isinstance(it.certificate, Unreadable) and not it.thumbprint:
            return Unavailable(f"Azure's answer does not tell which certificate {it.name} is")
    return found


def _ilb_certificate(stored: Document, known: Certificates) -> IlbCertificate:
    properties = properties_of(stored)
    data = properties.get("cerBlob")
    unread = Unreadable("Azure's answer holds no certificate data")
    return IlbCertificate(
        id=_text(stored, "id"),
        name=_text(stored, "name"),
        thumbprint=_text(properties, "thumbprint").lower(),
        certificate=known.get(data, unread) if isinstance(data, str) else unread,
    )


def _is_of(certificate: Document, environment: str) -> bool:
    # https://learn.microsoft.com/azure/app-service/environment/create-from-template: the name must end so.
    ending = f"_{environment}_InternalLoadBalancingASE"
    return _text(certificate, "name").lower().endswith(ending.lower())


def _text(item: Document, key: str) -> str:
    return text_of(item.get(key)) or ""
