"""Gateways that report a fault in other words than the documentation's page on backend health."""

from dataclasses import replace

from bot.lab.azure.faults import BACKEND_HEALTH, Blind, Fault
from bot.lab.azure.messages import Symptom
from bot.lab.pki import EXPIRED, leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import OPTIONS, SUBSCRIPTION
from bot.lab.scenarios.shapes import (
    HOST,
    IP,
    ISSUING,
    PRIVATE_SITE,
    PUBLIC_SITE,
    ROOT,
    V1,
    one_site,
    scenario_of,
    web_server,
)

# https://learn.microsoft.com/azure/app-service/environment/integrate-with-application-gateway: said there of a name
# whose private zone is not linked to the gateway's network.
_NOT_CONNECTED = (
    "Cannot connect to backend server. Check whether any NSG/UDR/Firewall is blocking access to the server. Check if"
    " application is running on correct port."
)
_MARKED_INVALID = (
    "Backend certificate has been marked invalid. Either the certificate is not within its validity period, or it has"
    " been revoked by the issuing authority, or there is a problem with the certificate chain."
)
_ONLY_LEAF = (
    "The backend server is presenting an incomplete certificate chain, including only the leaf certificate. Please"
    " ensure that the certificate chain is fully configured with all necessary certificates in the correct order."
)
_NO_DATA = (
    "Unable to retrieve health status data. Check presence of NSG/UDR blocking access to ports 65503-65534 from"
    " Internet to Application Gateway."
)
_LATE = leaf(HOST, issuer=ISSUING, validity=EXPIRED)


def _network(gateway: str) -> str:
    group = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web"
    return f"{group}/providers/Microsoft.Network/virtualNetworks/vnet-agw-{gateway}"


WORDINGS: tuple[Scenario, ...] = (
    scenario_of(
        "private-zone-not-linked",
        "The name in the pool is in a private zone that is not linked to the gateway's network",
        "The gateway says only that it cannot connect.",
        gateway=one_site("private-zone-not-linked", servers=(HOST,)),
        backends=[web_server(PUBLIC_SITE.path[:2])],
        bot_dns={HOST: [IP]},
        dns_servers={"10.9.0.5": {}},
        options=replace(
            OPTIONS,
            wordings={Symptom.DNS: _NOT_CONNECTED},
            networks={
                _network("private-zone-not-linked"): {
                    "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
                    "dhcpOptions": {"dnsServers": ["10.9.0.5"]},
                }
            },
        ),
        cause="backend_name_not_resolved",
        option="correct_dns",
    ),
    scenario_of(
        "name-unknown-to-everybody",
        "The name in the pool does not exist",
        "The gateway says only that it cannot connect.",
        gateway=one_site("name-unknown-to-everybody", servers=("shpo.contoso.com",)),
        backends=[web_server(PUBLIC_SITE.path[:2])],
        options=replace(OPTIONS, wordings={Symptom.DNS: _NOT_CONNECTED}),
        cause="backend_name_not_resolved",
        option="remove_cause",
    ),
    scenario_of(
        "v1-marked-invalid",
        "v1: the certificate has expired, and the gateway says that it was marked invalid",
        "The message names three possible reasons.",
        gateway=one_site("v1-marked-invalid", V1, trusts=[_LATE]),
        backends=[web_server(_LATE.path)],
        options=replace(OPTIONS, wordings={Symptom.EXPIRED: _MARKED_INVALID}),
        cause="certificate_not_in_date",
        option="renew_certificate",
    ),
    scenario_of(
        "only-the-leaf",
        "The server sends only its own certificate, and the gateway says so in newer words",
        "The root is uploaded; the intermediate certificate is missing.",
        gateway=one_site("only-the-leaf", trusts=[ROOT]),
        backends=[web_server((PRIVATE_SITE,))],
        options=replace(
            OPTIONS,
            wordings={
                Symptom.INTERMEDIATE_MISSING: _ONLY_LEAF,
                Symptom.INTERMEDIATE_NOT_SIGNED_BY_ROOT: _ONLY_LEAF,
            },
        ),
        cause="intermediate_missing",
        option="complete_chain",
    ),
    scenario_of(
        "no-health-data",
        "v1: Azure cannot fetch the backend health, and says so in older words",
        "The server's certificate was renewed; the bot's own probes have to show it.",
        gateway=one_site("no-health-data", V1, trusts=[PUBLIC_SITE]),
        backends=[web_server(PRIVATE_SITE.path)],
        options=replace(OPTIONS, blind_log=_NO_DATA),
        cause="certificate_rotated",
        option="upload_ilb_certificate",
        notes=["health_unknown_by_network"],
        faults=[Fault(Blind(), BACKEND_HEALTH)],
    ),
)
