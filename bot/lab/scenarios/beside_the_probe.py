"""What people report beside the health probe: two authorities, a wildcard alone, a pod that is gone."""

from bot.lab.azure.build import Site, https_settings, probe
from bot.lab.pki import authority, leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.shapes import (
    DOMAIN,
    HOST,
    IP,
    LISTENER,
    OTHER_HOST,
    PRIVATE_SITE,
    document,
    members,
    one_site,
    scenario_of,
    web_server,
)

_OTHER_CA = authority("Fabrikam Issuing CA", issuer=authority("Fabrikam Root CA"))

BESIDE_THE_PROBE: tuple[Scenario, ...] = (
    scenario_of(
        "two-sites-two-private-authorities",
        "Two sites of one server, each with a certificate from a private CA of its own",
        "The probe asks for one of them: its root alone leaves the clients of the other with 502.",
        gateway=document(
            "two-sites-two-private-authorities",
            pools=[members("web", IP)],
            settings=[https_settings("backend", probe="site")],
            probes=[probe("site", protocol="Https", host=HOST)],
            sites=[
                Site("shop", HOST, "web", "backend", LISTENER),
                Site("news", OTHER_HOST, "web", "backend", LISTENER),
            ],
        ),
        backends=[
            web_server(
                certificates={
                    HOST: PRIVATE_SITE.path,
                    OTHER_HOST: leaf(OTHER_HOST, issuer=_OTHER_CA).path,
                },
                knows=(HOST, OTHER_HOST),
            )
        ],
        cause="root_not_trusted",
        option="wildcard_certificate",
    ),
    scenario_of(
        "clients-wildcard-listener-wrong-host",
        "Only a wildcard listener, and the HTTP settings send a host name that the server does not know",
        "Whatever clients ask for, the server gets the wrong name.",
        gateway=one_site(
            "clients-wildcard-listener-wrong-host",
            host=f"*.{DOMAIN}",
            secure=False,
            asks="app.contoso.net",
            checks={"path": "/health"},
            settings={"hostName": "app.contoso.ner"},
        ),
        backends=[web_server(knows=["app.contoso.net"])],
        cause="live_host_unknown",
        option="set_host_name",
        heals=True,
        hidden=True,
    ),
    scenario_of(
        "ingress-pod-gone",
        "A pod is gone, and its address stayed in the pool of a gateway that AGIC manages",
        "Nothing answers there; the cluster knows whether the pod is.",
        gateway={
            **one_site("ingress-pod-gone", secure=False),
            "tags": {"managed-by-k8s-ingress": "1.7.2"},
        },
        backends=[],
        cause="port_silent",
        option="remove_cause",
        notes=["gateway_owned_by_ingress"],
    ),
)
