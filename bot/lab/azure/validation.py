"""The checks that refuse a PUT before anything happens, with the codes the service uses.

Documented codes: https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway
(MicrosoftDocs/SupportArticles-docs, support/azure/application-gateway). Where a code is known
only from reports, the report is cited beside it.
"""

import re
from collections.abc import Callable, Iterator

from bot.lab.azure.certdata import read_certificate
from bot.lab.azure.document import COLLECTIONS, NESTED, is_v1, part_by_id, parts, references
from bot.lab.azure.errors import bad_request
from bot.lab.values import Json

# https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
_NAME = re.compile(r"\w(?:[\w.-]{0,78}\w)?", re.ASCII)

# https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits
_LIMITS = {
    "authenticationCertificates": 100,
    "trustedRootCertificates": 100,
    "sslCertificates": 100,
    "backendAddressPools": 100,
    "backendHttpSettingsCollection": 100,
    "httpListeners": 200,
    "requestRoutingRules": 400,
}
_ONLY_V1 = ("authenticationCertificates", "AuthenticationCertificates", "Standard,WAF")
_ONLY_V2 = ("trustedRootCertificates", "TrustedRootCertificates", "Standard_v2,WAF_v2")


def check_body(body: object) -> Json:
    """The body as a gateway with named sub-resources, or Refused."""
    if not isinstance(body, dict) or not isinstance(body.get("properties"), dict):
        raise bad_request("InvalidRequestContent", "The request content was invalid.")
    if not body.get("location"):
        raise bad_request(
            "LocationRequired", "The location property is required for this definition."
        )
    for collection in COLLECTIONS:
        nodes = body["properties"].get(collection) or []
        _check_names(collection, nodes)
        for node in nodes:
            kind = NESTED.get(collection, "")
            _check_names(kind, node.get("properties", {}).get(kind) or [])
    return body


def check(document: Json, old: Json | None = None) -> None:
    """Refuse a completed document that the service would refuse; the first error found is reported.

    `old` is the one that it replaces: what was uploaded once is not looked at again.
    """
    for rule in _RULES:
        rule(document)
    _trusted_root_certificates(document, old)


def _check_names(collection: str, nodes: list[Json]) -> None:
    seen: set[str] = set()
    for node in nodes:
        name = str(node.get("name") or "")
        if not _NAME.fullmatch(name):
            raise bad_request(
                "InvalidRequestFormat",
                "Cannot parse the request.",
                (
                    "InvalidResourceName",
                    f"Resource name {name} is invalid. The name can be up to 80 characters long. "
                    "It must begin with a word character, and it must end with a word character "
                    "or with '_'. The name may contain word characters or '.', '-', '_'.",
                ),
            )
        if name.lower() in seen:
            raise bad_request(
                "InvalidRequestFormat",
                "Cannot parse the request.",
                (
                    "DuplicateResourceName",
                    f"Resource {collection} has two child resources with the same name ({name}).",
                ),
            )
        seen.add(name.lower())


def _generation(document: Json) -> None:
    # https://github.com/MicrosoftDocs/azure-docs/issues/27908
    collection, feature, tiers = _ONLY_V2 if is_v1(document) else _ONLY_V1
    if document["properties"].get(collection):
        tier = document["properties"]["sku"]["tier"]
        raise bad_request(
            "ApplicationGatewayFeatureCannotBeEnabledForSelectedSku",
            f"Application Gateway {document['id']} does not support {feature} for the selected "
            f"SKU tier {tier}. Supported SKU tiers are {tiers}.",
        )


def _limits(document: Json) -> None:
    for collection, limit in _LIMITS.items():
        count = len(document["properties"].get(collection) or ())
        if count > limit:
            # Modelled on ApplicationGatewayUrlPathMapPathLimitReached, the only such code on record:
            # https://github.com/Azure/application-gateway-kubernetes-ingress/issues/1241
            raise bad_request(
                f"ApplicationGateway{collection[0].upper()}{collection[1:]}LimitReached",
                f"The number of {collection} exceeds the maximum allowed value. The number of "
                f"{collection} is {count} and the maximum allowed is {limit}.",
            )


def _references(document: Json) -> None:
    # https://github.com/hashicorp/terraform-provider-azurerm/issues/6340
    prefix = f"{document['id']}/".lower()
    known = {part.node["id"].lower() for part in parts(document)}
    for part in parts(document):
        for _, reference in references(part.properties):
            target = str(reference["id"])
            if target.lower().startswith(prefix) and target.lower() not in known:
                raise bad_request(
                    "InvalidResourceReference",
                    f"Resource {target} referenced by resource {part.node['id']} was not found. "
                    "Please make sure that the referenced resource exists, and that both "
                    "resources are in the same region.",
                )


def _trusted_roots_need_https(document: Json) -> None:
    for node in _settings(document):
        properties = node["properties"]
        if properties.get("protocol") == "Http" and properties.get("trustedRootCertificates"):
            raise bad_request(
                "ApplicationGatewayBackendHttpSettingsCannotHaveTrustedRootCertificate",
                f"Backend http settings {node['id']} with protocol Http cannot have trusted root "
                "certificates.",
            )


def _pick_host_name(document: Json) -> None:
    for node in _settings(document):
        properties = node["properties"]
        probe = part_by_id(document, properties.get("probe")) or {}
        named = properties.get("hostName") or properties.get("pickHostNameFromBackendAddress")
        if probe.get("pickHostNameFromBackendHttpSettings") and not named:
            raise bad_request(
                "ApplicationGatewayBackendHttpSettingsIncompatibleProbeSettingPickHostName",
                f"Backend http settings {node['id']} must have a host name or pick the host name "
                f"from the backend address, because probe {probe['id']} picks it from them.",
            )


def _authentication_certificates(document: Json) -> None:
    for node in document["properties"].get("authenticationCertificates") or ():
        try:
            read_certificate(node["properties"].get("data"))
        except ValueError as error:
            # The text is on record (https://github.com/MicrosoftDocs/azure-docs/issues/80363);
            # the code is modelled on its two siblings.
            raise bad_request(
                "ApplicationGatewayAuthenticationCertificateInvalidData",
                f"Data for certificate {node['id']} is invalid.",
            ) from error


def _trusted_root_certificates(document: Json, old: Json | None) -> None:
    # Not documented: an intermediate is refused at upload with this code, whatever its encoding.
    # Reported for Let's Encrypt intermediates; the self-signed root of the same chain was accepted.
    before = (old["properties"].get("trustedRootCertificates") if old else None) or ()
    uploaded = {node["properties"].get("data") for node in before} - {None}
    for node in document["properties"].get("trustedRootCertificates") or ():
        properties = node["properties"]
        if properties.get("keyVaultSecretId") or properties.get("data") in uploaded:
            continue
        try:
            certificate = read_certificate(properties.get("data"))
            is_root = certificate.issuer == certificate.subject
        except ValueError:
            is_root = False
        if not is_root:
            raise bad_request(
                "ApplicationGatewayTrustedRootCertificateInvalidData",
                f"Data for certificate {node['id']} is invalid.",
            )


def _settings(document: Json) -> Iterator[Json]:
    yield from document["properties"]["backendHttpSettingsCollection"]


_RULES: tuple[Callable[[Json], None], ...] = (
    _generation,
    _limits,
    _references,
    _trusted_roots_need_https,
    _pick_host_name,
    _authentication_certificates,
)
