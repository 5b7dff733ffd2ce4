"""What v1 and v2 gateways do differently, said once: `TRAITS`, a row for each, and where Microsoft says so.

Whatever else depends on the generation follows from one of these: the code asks for the trait, never for the name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Literal

Generation = Literal["v1", "v2"]
LoadMetric = Literal["CapacityUnits", "CpuUtilization"]
TrustCollection = Literal["authenticationCertificates", "trustedRootCertificates"]
TlsVersion = Literal["TLSv1.2", "TLSv1.3"]


@dataclass(frozen=True, slots=True)
class Traits:
    """One generation; a source that several fields share stands at the first of them."""

    tiers: frozenset[str]
    """The SKU tiers, in lower case, that Microsoft's pages describe.

    https://learn.microsoft.com/azure/application-gateway/v1-retirement
    https://learn.microsoft.com/azure/application-gateway/overview-v2
    """

    verifies_chain: bool
    """The certificates that a backend sends are checked up to a root; else the first is compared with an allow list.

    https://learn.microsoft.com/azure/application-gateway/ssl-overview
    """

    trust_collection: TrustCollection
    """Where ARM keeps the certificates to compare with: in the gateway, and by reference in its HTTP settings.

    https://learn.microsoft.com/azure/application-gateway/certificates-for-backend-authentication
    """

    sends_host_as_sni: bool
    """The SNI is the host that a probe or a client asks for, so an IP member may get one too.

    Else it is the pool member, and an IP member gets none.
    https://learn.microsoft.com/azure/application-gateway/ssl-overview, "For probe traffic" and "For live traffic"
    """

    has_tls_settings: bool
    """HTTP settings may fix the SNI (`sniName`) and switch parts of the validation off.

    https://learn.microsoft.com/azure/application-gateway/configuration-http-settings
    """

    newest_tls: TlsVersion
    """What is offered to backends at most; TLS 1.2 is the least.

    https://learn.microsoft.com/azure/application-gateway/application-gateway-tls-version-retirement
    """

    rewrites: bool
    """Rewrite rule sets have an effect.

    https://learn.microsoft.com/azure/application-gateway/rewrite-http-headers-url
    """

    rules_by_priority: bool
    """Rules are tried by their priority; else in the order of the document.

    https://learn.microsoft.com/azure/application-gateway/multiple-site-overview
    """

    late_answer: Literal["502", "504"]
    """The status that clients get where a backend answers too late.

    https://learn.microsoft.com/troubleshoot/azure/application-gateway/http-response-codes
    """

    load_metric: LoadMetric
    """The metric that tells how busy it is; known of the `tiers` alone.

    https://learn.microsoft.com/azure/application-gateway/monitor-application-gateway-reference
    """

    fixed_size: bool
    """It has as many instances as it was given, each of a size that was chosen; else it may scale by itself.

    https://learn.microsoft.com/azure/application-gateway/application-gateway-autoscaling-zone-redundant
    """

    management_ports: tuple[int, int]
    """The first and the last port on which Azure's GatewayManager must reach its subnet.

    https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure
    """

    needs_internet_route: bool
    """The default route of its subnet has to lead to the internet.

    https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure
    """

    tries_probes_on_demand: bool
    """It can test a health probe that it does not have yet; of v1 nobody says so.

    https://learn.microsoft.com/rest/api/application-gateway/application-gateways/backend-health-on-demand
    """

    typical_update: str
    """How long Azure often takes for a change of its configuration, in words.

    https://github.com/Azure/azure-cli/issues/2134 (v1) and https://github.com/Azure/azure-cli/issues/32961 (v2)
    """

    retired: date | None
    """The day since which it is without support; None: it is supported.

    https://learn.microsoft.com/azure/application-gateway/v1-retirement
    """

    @property
    def ports(self) -> str:
        """The `management_ports` as a range."""
        first, last = self.management_ports
        return f"{first}-{last}"


TRAITS: Mapping[Generation, Traits] = MappingProxyType(
    {
        "v1": Traits(
            tiers=frozenset({"standard", "waf"}),
            verifies_chain=False,
            trust_collection="authenticationCertificates",
            sends_host_as_sni=False,
            has_tls_settings=False,
            newest_tls="TLSv1.2",
            rewrites=False,
            rules_by_priority=False,
            late_answer="502",
            load_metric="CpuUtilization",
            fixed_size=True,
            management_ports=(65503, 65534),
            needs_internet_route=False,
            tries_probes_on_demand=False,
            typical_update="10 to 20 minutes",
            retired=date(2026, 4, 28),
        ),
        "v2": Traits(
            tiers=frozenset({"standard_v2", "waf_v2"}),
            verifies_chain=True,
            trust_collection="trustedRootCertificates",
            sends_host_as_sni=True,
            has_tls_settings=True,
            newest_tls="TLSv1.3",
            rewrites=True,
            rules_by_priority=True,
            late_answer="504",
            load_metric="CapacityUnits",
            fixed_size=False,
            management_ports=(65200, 65535),
            needs_internet_route=True,
            tries_probes_on_demand=True,
            typical_update="about a minute",
            retired=None,
        ),
    }
)
V1, V2 = TRAITS["v1"], TRAITS["v2"]


def generation_of(tier: str) -> Generation:
    """The generation of a SKU's tier: `Basic`, `Basic_v2`, `Basic_WAF_v2` and one that is not known are v2, the newer.

    Of `Basic` azure-mgmt-network documents properties that v1 lacks (ApplicationGatewayProbe.port); of the other two
    it says that they are of the Basic tier (ApplicationGatewayTier, since 33.0.0).
    """
    return "v1" if tier.lower() in V1.tiers else "v2"
