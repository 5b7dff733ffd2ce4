"""v1: the certificate served, compared with the allow-listed ones."""

from bot.lab.pki import EXPIRED, NOT_YET_VALID, leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.shapes import (
    DOMAIN,
    HOST,
    IP,
    ISSUING,
    OTHER_HOST,
    PRIVATE_SITE,
    PUBLIC_SITE,
    V1,
    one_site,
    told,
    web_server,
)

_RENEWED = leaf(HOST, issuer=ISSUING)
_DEFAULT = leaf(f"*.{DOMAIN}", issuer=ISSUING)
_EXPIRED = leaf(HOST, issuer=ISSUING, validity=EXPIRED)
_EARLY = leaf(HOST, issuer=ISSUING, validity=NOT_YET_VALID)
_OTHER_NAME = leaf(OTHER_HOST, issuer=ISSUING)
_UPLOAD = "upload_ilb_certificate"

_MACHINE = "web01.corp.contoso.net"

CERTIFICATES_V1: tuple[Scenario, ...] = (
    told(
        "v1-renewed",
        "v1: the certificate was renewed, and the gateway still has the old one",
        "Same name, same CA, different certificate: v1 compares byte by byte.",
        gateway=one_site("v1-renewed", V1, trusts=[PRIVATE_SITE]),
        backends=[web_server(_RENEWED.path)],
        cause="certificate_rotated",
        option=_UPLOAD,
        heals=True,
    ),
    told(
        "v1-renewed-by-name",
        "v1: the certificate was renewed, and the pool has the host name",
        "SNI is sent, so the site's own certificate is compared, and it is a new one.",
        gateway=one_site("v1-renewed-by-name", V1, servers=(HOST,), trusts=[PRIVATE_SITE]),
        backends=[web_server(certificates={HOST: _RENEWED.path})],
        dns={HOST: [IP]},
        cause="certificate_rotated",
        option=_UPLOAD,
        heals=True,
    ),
    told(
        "v1-nothing-listed",
        "v1: a private certificate, and nothing is allow-listed",
        "The HTTP settings refer to no authentication certificate at all.",
        gateway=one_site("v1-nothing-listed", V1),
        backends=[web_server(PRIVATE_SITE.path)],
        cause="certificate_not_allow_listed",
        option=_UPLOAD,
        heals=True,
    ),
    told(
        "v1-public-ca-not-listed",
        "v1: a public CA does not help if nothing is allow-listed",
        "Only Microsoft's own services are trusted without an upload.",
        gateway=one_site("v1-public-ca-not-listed", V1),
        backends=[web_server(PUBLIC_SITE.path[:2])],
        cause="certificate_not_allow_listed",
        option=_UPLOAD,
        heals=True,
    ),
    told(
        "v1-issuer-listed",
        "v1: the issuing CA is allow-listed instead of the certificate",
        "Somebody uploaded what v2 would need; v1 needs the server's own certificate.",
        gateway=one_site("v1-issuer-listed", V1, trusts=[ISSUING]),
        backends=[web_server(PRIVATE_SITE.path)],
        cause="certificate_not_allow_listed",
        option=_UPLOAD,
        heals=True,
    ),
    told(
        "v1-expired",
        "v1: the allow-listed certificate has expired",
        "Being allow-listed does not make it valid.",
        gateway=one_site("v1-expired", V1, trusts=[_EXPIRED]),
        backends=[web_server(_EXPIRED.path)],
        cause="certificate_not_in_date",
        option="renew_certificate",
    ),
    told(
        "v1-not-yet-valid",
        "v1: the allow-listed certificate is not valid yet",
        "It was installed before the start of its validity.",
        gateway=one_site("v1-not-yet-valid", V1, trusts=[_EARLY]),
        backends=[web_server(_EARLY.path)],
        cause="certificate_not_in_date",
        option="renew_certificate",
    ),
    told(
        "v1-other-name",
        "v1: allow-listed, but the name in the pool is not in the certificate",
        "v1 compares the name in the pool with the certificate too.",
        gateway=one_site("v1-other-name", V1, servers=(HOST,), trusts=[_OTHER_NAME]),
        backends=[web_server(_OTHER_NAME.path)],
        dns={HOST: [IP]},
        cause="certificate_name_mismatch",
        option="replace_backend_certificate",
    ),
    told(
        "v1-pool-names-the-machine",
        "v1: the pool names the machine, the certificate the site, and both names resolve to one server",
        "v1 compares the name in the pool with the certificate: the pool needs the site's name.",
        gateway=one_site(
            "v1-pool-names-the-machine", V1, servers=(_MACHINE,), trusts=[PRIVATE_SITE]
        ),
        backends=[web_server(PRIVATE_SITE.path)],
        dns={_MACHINE: [IP], HOST: [IP]},
        cause="certificate_name_mismatch",
        option="fqdn_in_pool",
        heals=True,
    ),
    told(
        "v1-machine-without-site-in-dns",
        "v1: the pool names the machine, the certificate the site, and DNS does not know the site",
        "The record must be created first.",
        gateway=one_site(
            "v1-machine-without-site-in-dns", V1, servers=(_MACHINE,), trusts=[PRIVATE_SITE]
        ),
        backends=[web_server(PRIVATE_SITE.path)],
        dns={_MACHINE: [IP]},
        cause="certificate_name_mismatch",
        option="fqdn_in_pool",
    ),
    told(
        "v1-no-sni-default",
        "v1: without SNI the platform serves its default certificate",
        "The pool has an IP, so no SNI is sent, and the site's certificate is never served.",
        gateway=one_site("v1-no-sni-default", V1, trusts=[PUBLIC_SITE]),
        backends=[web_server(_DEFAULT.path, certificates={HOST: PUBLIC_SITE.path[:2]})],
        cause="certificate_not_allow_listed",
        option=_UPLOAD,
        heals=True,
    ),
)
