"""What v1 and v2 gateways do differently, said once.

Sources of the table: https://learn.microsoft.com/azure/application-gateway/ followed by
[a] ssl-overview, [b] configuration-http-settings, [c] multiple-site-overview, [d] configuration-infrastructure,
[e] application-gateway-tls-version-retirement, [f] v1-retirement, [g] monitor-application-gateway-reference, and
[h] https://learn.microsoft.com/troubleshoot/azure/application-gateway/http-response-codes
"""

from dataclasses import dataclass
from typing import Literal

Generation = Literal["v1", "v2"]


@dataclass(frozen=True, slots=True)
class Traits:
    """One generation.

    `verifies_chain`: the certificate's chain, name and dates are checked against roots; else the leaf itself is
    compared with the authentication certificates of the HTTP settings [a]. `sends_host_as_sni`: the SNI is the host
    that is asked for; else the pool member where it is a name, else none [a]. `has_tls_settings`: HTTP settings may
    fix the SNI and switch parts of the validation off [b]. `rules_by_priority`: rules are tried by their priority,
    else in the order of the document [c]. `fixed_size`: an instance has a fixed size, and its CPU tells the load;
    else capacity units do [g]. `newest_tls`: the newest version that is offered to backends [e].
    `tries_probes_on_demand`: it can test a health probe that it does not have yet
    (azure-mgmt-network, begin_backend_health_on_demand). `management_ports`: the first and last port that Azure's
    GatewayManager needs [d]. `needs_internet_route`: the default route of its subnet must lead to the internet [d].
    `late_answer`: what clients get where a backend answers too late [h]. `retired`: [f].
    """

    verifies_chain: bool
    sends_host_as_sni: bool
    has_tls_settings: bool
    rules_by_priority: bool
    fixed_size: bool
    newest_tls: Literal["TLSv1.2", "TLSv1.3"]
    tries_probes_on_demand: bool
    management_ports: tuple[int, int]
    needs_internet_route: bool
    late_answer: Literal["502", "504"]
    retired: bool


TRAITS: dict[Generation, Traits] = {
    "v1": Traits(
        verifies_chain=False,
        sends_host_as_sni=False,
        has_tls_settings=False,
        rules_by_priority=False,
        fixed_size=True,
        newest_tls="TLSv1.2",
        tries_probes_on_demand=False,
        management_ports=(65503, 65534),
        needs_internet_route=False,
        late_answer="502",
        retired=True,
    ),
    "v2": Traits(
        verifies_chain=True,
        sends_host_as_sni=True,
        has_tls_settings=True,
        rules_by_priority=True,
        fixed_size=False,
        newest_tls="TLSv1.3",
        tries_probes_on_demand=True,
        management_ports=(65200, 65535),
        needs_internet_route=True,
        late_answer="504",
        retired=False,
    ),
}

_V1_TIERS = frozenset({"standard", "waf"})


def generation_of(tier: str) -> Generation:
    """By the SKU's tier: v1 is Standard and WAF [f]; everything else, also what is not known yet, is v2."""
    return "v1" if tier.lower() in _V1_TIERS else "v2"
