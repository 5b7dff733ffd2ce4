"""What Azure would refuse, seen on paper: a planned document against what is documented of every write."""

from collections.abc import Iterator, Mapping

from bot.core.arm.document import (
    Document,
    items,
    list_of,
    mapping_of,
    name_of,
    properties_of,
    text_of,
)
from bot.core.model.marked import mark

# https://learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits
LIMITS: Mapping[str, tuple[int, str]] = {
    "authenticationCertificates": (100, "authentication certificates"),
    "trustedRootCertificates": (100, "trusted root certificates"),
    "sslCertificates": (100, "listener certificates"),
    "backendAddressPools": (100, "backend pools"),
    "backendHttpSettingsCollection": (100, "HTTP settings"),
    "httpListeners": (200, "listeners"),
    "requestRoutingRules": (400, "rules"),
}
MEMBERS = 1200
"""Targets in one pool."""

# https://learn.microsoft.com/azure/application-gateway/application-gateway-tls-version-retirement
RETIRED_POLICIES = frozenset({"appgwsslpolicy20150501", "appgwsslpolicy20170401"})
RETIRED_VERSIONS = frozenset({"tlsv1_0", "tlsv1_1"})


def foreseen(planned: Document) -> str | None:
    """Why Azure would refuse to write this document, as a clause; None if nothing speaks against it on paper."""
    return next((why for check in _CHECKS for why in check(properties_of(planned))), None)


def _limits(properties: Document) -> Iterator[str]:
    for collection, (most, what) in LIMITS.items():
        count = len(list_of(properties.get(collection)))
        if count > most:
            yield f"a gateway may have {most} {what}, and it would have {count}; remove what is not used first"
    for pool in items({"properties": properties}, "backendAddressPools"):
        count = len(list_of(properties_of(pool).get("backendAddresses")))
        if count > MEMBERS:
            yield f"a pool may have {MEMBERS:,} members, and {mark(name_of(pool))} would have {count:,}"


def _names(properties: Document) -> Iterator[str]:
    for collection in properties:
        seen: set[str] = set()
        for item in items({"properties": properties}, collection):
            name = name_of(item).lower()
            if name and name in seen:
                yield f"the name {mark(name_of(item))} is taken in {collection}"
            seen.add(name)


def _tls_policy(properties: Document) -> Iterator[str]:
    policy = mapping_of(properties.get("sslPolicy"))
    name = text_of(policy.get("policyName")) or ""
    least = text_of(policy.get("minProtocolVersion")) or ""
    if name.lower() in RETIRED_POLICIES:
        retired = mark(name)
    elif least.lower() in RETIRED_VERSIONS:
        retired = f"a custom one from {mark(least)} on"
    else:
        return
    yield (
        f"its TLS policy ({retired}) was retired, and every update that keeps it is refused; choose one with TLS 1.2 or"
        " newer first"
    )


def _firewall(properties: Document) -> Iterator[str]:
    """https://learn.microsoft.com/azure/web-application-firewall/ag/policy-overview"""
    tier = text_of(mapping_of(properties.get("sku")).get("tier")) or ""
    inline = mapping_of(properties.get("webApplicationFirewallConfiguration"))
    configured = inline.get("enabled") is True or bool(mapping_of(properties.get("firewallPolicy")))
    if tier and "waf" not in tier.lower() and configured:
        yield f"its tier {mark(tier)} has no firewall, and a firewall is configured on it"


_CHECKS = (_limits, _names, _tls_policy, _firewall)
