"""ARM's JSON of App Service Environments -> `Environment`. Read as defensively as a gateway.

Shapes: Azure/azure-rest-api-specs, specification/web/resource-manager/Microsoft.Web/stable/2025-05-01, examples/
AppServiceEnvironments_List.json, AppServiceEnvironments_GetVipInfo.json,
AppServiceEnvironments_GetAseV3NetworkingConfiguration.json, ListCertificates.json.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.core.arm.certificates_reader import Certificates
from bot.core.arm.document import Document, number_of
from bot.core.arm.entry import Entry, root_entry
from bot.core.model.app_service_environment import (
    CustomSuffix,
    Environment,
    EnvironmentVersion,
    IlbCertificate,
    private_members,
)
from bot.core.model.certificate import Unreadable
from bot.core.model.gateway import Gateway
from bot.core.model.marked import mark
from bot.core.model.unavailable import Unavailable

_WEB = 1
"""The bit of that mode: https://learn.microsoft.com/dotnet/api/azure.resourcemanager.appservice.models.loadbalancingmode"""

_ADDRESSES = "the addresses of an App Service Environment"


@dataclass(frozen=True, slots=True)
class EnvironmentDocuments:
    """What ARM sent of one subscription: each environment with the document of its addresses, and the certificates
    around them."""

    environments: tuple[tuple[Document, Document | Unavailable], ...] = ()
    certificates: tuple[Document, ...] | Unavailable = ()


Parts = Sequence[EnvironmentDocuments | Unavailable]
"""One for each subscription that was looked at; `Unavailable` where not even the list could be read."""


def is_internal(environment: Document) -> bool:
    """Whether its apps are behind an ILB: its mode is one of None, Web, Publishing, or `Web, Publishing`.

    It may be written as the number behind these words; one that cannot be read may be any of them, so it counts.
    """
    found = _opened(environment)
    mode = found.properties.found.get("internalLoadBalancingMode")
    flags = number_of(mode)
    if flags is not None:
        return bool(flags & _WEB)
    word = found.properties.text("internalLoadBalancingMode") or ""
    return "web" in word.lower() or not found.is_whole


def version(environment: Document) -> EnvironmentVersion:
    """By its kind, `ASEV3` or `ASEV2`."""
    return _version(_opened(environment))


def _version(environment: Entry) -> EnvironmentVersion:
    return "v3" if (environment.text("kind") or "").upper() == "ASEV3" else "v2"


def environment_id_in(environment: Document) -> str | None:
    """Where its addresses can be asked for; None if it does not say."""
    return _opened(environment).text("id")


def inbound(addresses: Document | Unavailable) -> tuple[str, ...]:
    """The internal addresses, of `capacities/virtualip` (v2) or `configurations/networking` (v3)."""
    return () if isinstance(addresses, Unavailable) else _inbound(_opened(addresses, _ADDRESSES))


def _inbound(addresses: Entry) -> tuple[str, ...]:
    found = addresses.properties
    one = found.text("internalIpAddress")
    return ((one,) if one else ()) + found.texts("internalInboundIpAddresses")


def environment_certificate_data(parts: Parts) -> Iterator[str]:
    """The texts of the ILB certificates that want to be parsed."""
    for part in parts:
        if isinstance(part, Unavailable) or isinstance(part.certificates, Unavailable):
            continue
        names = [_opened(environment).text("name") for environment, _ in part.environments]
        for certificate in map(_opened, part.certificates):
            data = certificate.properties.text("cerBlob")
            if data and any(name and _is_of(certificate, name) for name in names):
                yield data


def read_environments(
    parts: Parts, gateway: Gateway, certificates: Certificates
) -> tuple[Environment, ...] | Unavailable:
    """The environments among the gateway's pool members.

    `Unavailable` where there is none, but a part, or an environment's addresses, could not be read: it might have been.
    """
    members = private_members(gateway)
    found = tuple(
        _environment(_opened(environment), _opened(addresses, _ADDRESSES), part, certificates)
        for part in parts
        if not isinstance(part, Unavailable)
        for environment, addresses in part.environments
        if not isinstance(addresses, Unavailable) and members.intersection(inbound(addresses))
    )
    return found or next(_unread(parts), ())


def _unread(parts: Parts) -> Iterator[Unavailable]:
    for part in parts:
        if isinstance(part, Unavailable):
            yield part
        else:
            yield from filter(None, (_not_read(it) for _, it in part.environments))


def _not_read(addresses: Document | Unavailable) -> Unavailable | None:
    """Why the addresses of an environment are not all known, if they are not."""
    if isinstance(addresses, Unavailable):
        return addresses
    found = _opened(addresses, _ADDRESSES)
    _inbound(found)
    return next(map(Unavailable, found.notes.all), None)


def _environment(
    environment: Entry, addresses: Entry, part: EnvironmentDocuments, known: Certificates
) -> Environment:
    properties = environment.properties
    kind = _version(environment)
    found = Environment(
        id=environment.text("id") or "",
        name=environment.text("name") or "",
        version=kind,
        inbound=_inbound(addresses),
        dns_suffix=properties.text("dnsSuffix"),
        custom_suffix=_custom_suffix(properties.entry("customDnsSuffixConfiguration")),
        ilb_certificates=(
            () if kind == "v3" else _certificates(environment, part.certificates, known)
        ),
    )
    return replace(found, notes=(*environment.notes.all, *addresses.notes.all))


def _custom_suffix(configuration: Entry) -> CustomSuffix | None:
    found = configuration.properties
    name = found.text("dnsSuffix")
    if name is None:
        return None
    return CustomSuffix(
        name,
        found.text("provisioningState"),
        found.text("provisioningDetails"),
        found.text("certificateUrl"),
    )


def _certificates(
    environment: Entry, stored: tuple[Document, ...] | Unavailable, known: Certificates
) -> tuple[IlbCertificate, ...] | Unavailable:
    if isinstance(stored, Unavailable):
        return stored
    name = environment.text("name") or ""
    every = tuple(root_entry(it, "a certificate of App Service") for it in stored)
    found = tuple(_ilb_certificate(it, known) for it in every if _is_of(it, name))
    # One whose name cannot be read may be the very one.
    for note in (note for it in every for note in it.notes.all):
        return Unavailable(note)
    for it in found:
        if isinstance(it.certificate, Unreadable) and not it.thumbprint:
            return Unavailable(f"Azure's answer does not say which certificate {mark(it.name)} is")
    return found


def _ilb_certificate(stored: Entry, known: Certificates) -> IlbCertificate:
    properties = stored.properties
    unread = Unreadable("Azure's answer holds no certificate data")
    return IlbCertificate(
        id=stored.text("id") or "",
        name=stored.text("name") or "",
        thumbprint=(properties.text("thumbprint") or "").lower(),
        certificate=known.get(properties.text("cerBlob") or "", unread),
    )


def _is_of(certificate: Entry, environment: str) -> bool:
    # https://learn.microsoft.com/azure/app-service/environment/create-from-template: the name must end so.
    ending = f"_{environment}_InternalLoadBalancingASE"
    return (certificate.text("name") or "").lower().endswith(ending.lower())


def _opened(document: Document, whose: str = "an App Service Environment") -> Entry:
    return root_entry(document, whose)
