"""Host names with letters beyond ASCII, in the gateway's document as people write them."""

from bot.lab.azure.build import Site
from bot.lab.backends import Route
from bot.lab.pki import leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
    IP,
    ISSUING,
    LISTENER,
    ROOT,
    V1,
    one_site,
    scenario_of,
    web_server,
)

_WRITTEN = "b\u00fccher.contoso.com"
_HOST = "xn--bcher-kva.contoso.com"
_PUBLIC = leaf(_HOST, issuer=PUBLIC_ISSUING)
_PRIVATE = leaf(_HOST, issuer=ISSUING)
_SITES = [Site("site", _WRITTEN, "web", "backend", LISTENER)]
_ROUTES = (Route(_HOST),)

INTERNATIONAL: tuple[Scenario, ...] = (
    scenario_of(
        "international-host",
        "Healthy: the site's name has letters beyond ASCII",
        "Certificate, SNI and Host header carry it in its ASCII form.",
        gateway=one_site("international-host", asks=_WRITTEN, sites=_SITES),
        backends=[web_server(_PUBLIC.path[:2], routes=_ROUTES)],
    ),
    scenario_of(
        "international-member",
        "A pool member's name has letters beyond ASCII, and its root is not trusted",
        "The name resolves in its ASCII form, and the server's chain ends in the company's own root.",
        gateway=one_site("international-member", servers=(_WRITTEN,), asks=_WRITTEN, sites=_SITES),
        backends=[web_server(_PRIVATE.path, routes=_ROUTES)],
        dns={_WRITTEN: [IP]},
        cause="root_not_trusted",
        option="upload_root_certificate",
        heals=True,
    ),
    scenario_of(
        "international-host-misspelt",
        "The probe asks for a misspelt name with letters beyond ASCII",
        "The certificate is for the site's name, the probe asks for another one.",
        gateway=one_site(
            "international-host-misspelt",
            asks="b\u00fcchre.contoso.com",
            sites=_SITES,
            trusts=[ROOT],
        ),
        backends=[web_server(_PRIVATE.path, routes=_ROUTES)],
        cause="certificate_name_mismatch",
        also=["probe_host_or_path_unknown"],
        option="set_host_name",
        heals=True,
    ),
    scenario_of(
        "v1-international-member",
        "Healthy v1: the pool member's name has letters beyond ASCII",
        "It is sent as SNI in its ASCII form.",
        gateway=one_site(
            "v1-international-member",
            V1,
            servers=(_WRITTEN,),
            asks=_WRITTEN,
            sites=_SITES,
            trusts=[_PRIVATE],
        ),
        backends=[web_server(certificates={_HOST: _PRIVATE.path}, routes=_ROUTES)],
        dns={_WRITTEN: [IP]},
    ),
)
