"""What the gateway does not report, does not know, or does not try: visible only from outside."""

from dataclasses import replace

from bot.lab.azure.build import Site, certificate, part
from bot.lab.azure.faults import BACKEND_HEALTH, Blind, Fault
from bot.lab.backends import Answer, Route
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import OPTIONS, SUBSCRIPTION
from bot.lab.scenarios.shapes import (
    HOST,
    IP,
    OTHER_HOST,
    PRIVATE_SITE,
    PUBLIC_SITE,
    ROOT,
    V1,
    any_host,
    one_site,
    scenario_of,
    web_server,
)

_CHAIN = PUBLIC_SITE.path[:2]
_OWN_DNS = replace(
    OPTIONS,
    networks={
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Network"
        "/virtualNetworks/vnet-agw-new-dns-servers": {
            "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
            "dhcpOptions": {"dnsServers": ["10.9.0.5"]},
        }
    },
)
_SECRET = "https://contoso.vault.azure.net/secrets/contoso-root"

UNSAID: tuple[Scenario, ...] = (
    scenario_of(
        "sni-name-of-another-site",
        "The SNI name in the HTTP settings is that of another site",
        "It is sent regardless of the probe's host, and the server has no certificate for it.",
        gateway=one_site("sni-name-of-another-site", settings={"sniName": OTHER_HOST}),
        backends=[web_server(_CHAIN)],
        cause="sni_name_differs",
        option="set_sni_name",
        heals=True,
    ),
    scenario_of(
        "slow-for-clients",
        "The health page is quick, but the page that clients ask for is too slow",
        "The start page takes longer than the HTTP settings allow.",
        gateway=one_site(
            "slow-for-clients",
            secure=False,
            settings={"requestTimeout": 1},
            checks={"path": "/health"},
        ),
        backends=[web_server(routes=(Route(HOST, "/health"), Route(HOST, "/", Answer(seconds=2))))],
        cause="request_timed_out",
        option="raise_request_timeout",
        heals=True,
        hidden=True,
    ),
    scenario_of(
        "health-not-fetched",
        "A root was never uploaded, and Azure cannot fetch the backend health",
        "A network security group blocks Azure from the gateway's instances; the bot's own probes will have to do.",
        gateway=one_site("health-not-fetched"),
        backends=[web_server(PRIVATE_SITE.path)],
        cause="root_not_trusted",
        option="upload_root_certificate",
        notes=["health_unknown_by_network"],
        faults=[Fault(Blind(), BACKEND_HEALTH)],
    ),
    scenario_of(
        "new-dns-servers",
        "The name in the pool resolves, but not for the gateway",
        "The network got its own DNS servers after the gateway was started.",
        gateway=one_site("new-dns-servers", servers=(HOST,), secure=False),
        backends=[web_server()],
        # The gateway still uses the previous DNS servers, which do not know the name.
        bot_dns={HOST: [IP]},
        dns_servers={"10.9.0.5": {HOST: [IP]}},
        cause="backend_name_not_resolved",
        option="correct_dns",
        notes=["dns_change_not_picked_up"],
        options=_OWN_DNS,
    ),
    scenario_of(
        "default-probe-of-a-site",
        "Healthy: the default probe checks a named site",
        "The server answers to every host, so the probe may be answered by another site.",
        gateway=one_site("default-probe-of-a-site", secure=False, asks=None),
        backends=[any_host()],
        notes=["default_probe_on_multi_site"],
    ),
    scenario_of(
        "default-probe",
        "Healthy: the default probe checks the only site",
        "No host name matters, so the probe is not wrong; a health page would tell more.",
        gateway=one_site(
            "default-probe", secure=False, asks=None, sites=[Site("site", "", "web", "backend")]
        ),
        backends=[any_host()],
        notes=["settings_without_probe"],
    ),
    scenario_of(
        "v1-stored-file-unreadable",
        "Healthy v1: one of two stored certificates is not a certificate",
        "The other is the server's, and that is enough.",
        gateway=one_site(
            "v1-stored-file-unreadable",
            V1,
            authentication_certificates=[
                certificate("site", PRIVATE_SITE),
                part("broken", data="bm90IGEgY2VydGlmaWNhdGU="),
            ],
            settings={"authentication_certificates": ["site", "broken"]},
        ),
        backends=[web_server(PRIVATE_SITE.path)],
        notes=["stored_certificate_unreadable"],
    ),
    scenario_of(
        "root-in-key-vault",
        "Healthy: one of two trusted roots is kept in Key Vault",
        "It cannot be read here; the other is the one that counts.",
        gateway=one_site(
            "root-in-key-vault",
            trusted_roots=[certificate("root", ROOT), part("vault", keyVaultSecretId=_SECRET)],
            settings={"trusted_roots": ["root", "vault"]},
        ),
        backends=[web_server(PRIVATE_SITE.path)],
        notes=["stored_certificate_in_key_vault"],
    ),
)
