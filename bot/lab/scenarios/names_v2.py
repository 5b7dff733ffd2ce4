"""v2: names that do not match the certificate, and names that are not sent at all."""

from bot.lab.pki import leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
    DOMAIN,
    HOST,
    IP,
    OTHER_HOST,
    PUBLIC_SITE,
    any_host,
    one_site,
    told,
    web_server,
)

_DEEP_HOST = f"eu.shop.{DOMAIN}"
_WILDCARD = leaf(f"*.{DOMAIN}", issuer=PUBLIC_ISSUING)
_OTHER_SAN = leaf(HOST, issuer=PUBLIC_ISSUING, dns_names=[OTHER_HOST])
_INTERNAL = leaf("web01.corp.contoso.net", issuer=PUBLIC_ISSUING)
_SET_HOST = "set_host_name"

NAMES_V2: tuple[Scenario, ...] = (
    told(
        "probe-asks-for-another-name",
        "The probe asks for a name that is not in the certificate",
        "The site was renamed; the listener has the new name, the probe still the old one.",
        gateway=one_site("probe-asks-for-another-name", asks=f"store.{DOMAIN}"),
        backends=[any_host(PUBLIC_SITE.path[:2])],
        cause="certificate_name_mismatch",
        option=_SET_HOST,
        heals=True,
    ),
    told(
        "settings-name-another-host",
        "The host name in the HTTP settings is not in the certificate",
        "The probe takes the host name from the HTTP settings.",
        gateway=one_site(
            "settings-name-another-host",
            settings={"hostName": f"store.{DOMAIN}"},
            checks={"host": None, "pickHostNameFromBackendHttpSettings": True},
        ),
        backends=[any_host(PUBLIC_SITE.path[:2])],
        cause="certificate_name_mismatch",
        option=_SET_HOST,
        heals=True,
    ),
    told(
        "name-in-subject-only",
        "The name is the common name, but not among the alternative names",
        "If there are alternative names, the common name does not count.",
        gateway=one_site("name-in-subject-only"),
        backends=[web_server(_OTHER_SAN.path[:2])],
        cause="certificate_name_mismatch",
        option="replace_backend_certificate",
    ),
    told(
        "wildcard-too-shallow",
        "A wildcard certificate, and a site one level deeper",
        "*.contoso.com covers shop.contoso.com, but not eu.shop.contoso.com.",
        gateway=one_site("wildcard-too-shallow", host=_DEEP_HOST, asks=_DEEP_HOST),
        backends=[web_server(_WILDCARD.path[:2], knows=[_DEEP_HOST])],
        cause="certificate_name_mismatch",
        option="replace_backend_certificate",
    ),
    told(
        "pool-names-the-machine",
        "The pool names the machine, and the certificate the site",
        "Without a custom probe the name in the pool is used.",
        gateway=one_site("pool-names-the-machine", servers=("web01.corp.contoso.net",), asks=None),
        backends=[any_host(PUBLIC_SITE.path[:2])],
        dns={"web01.corp.contoso.net": [IP]},
        cause="certificate_name_mismatch",
        option=_SET_HOST,
        heals=True,
    ),
    told(
        "certificate-of-the-machine",
        "The server's certificate has only its internal name",
        "No name that clients ask for is in the certificate.",
        gateway=one_site("certificate-of-the-machine"),
        backends=[web_server(_INTERNAL.path[:2])],
        cause="certificate_name_mismatch",
        option="replace_backend_certificate",
    ),
    told(
        "no-name-is-sent",
        "The server requires SNI, and the default probe sends none",
        "The pool has an IP, and neither probe nor HTTP settings have a host name.",
        gateway=one_site("no-name-is-sent", asks=None),
        backends=[any_host(certificates={HOST: PUBLIC_SITE.path[:2]}, refuses_unknown_sni=True)],
        cause="sni_required",
        option=_SET_HOST,
        heals=True,
    ),
    told(
        "unknown-name-is-sent",
        "The server refuses the SNI that the probe sends",
        "It knows its site by another name, and refuses all others.",
        gateway=one_site("unknown-name-is-sent", asks=f"store.{DOMAIN}"),
        backends=[web_server(certificates={HOST: PUBLIC_SITE.path[:2]}, refuses_unknown_sni=True)],
        cause="sni_refused",
        option=_SET_HOST,
        heals=True,
    ),
)
