"""v2: chains that do not end in a trusted root, or are incomplete or out of order."""

from bot.lab.azure.build import certificate
from bot.lab.pki import EXPIRED, authority, leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
    HOST,
    ISSUING,
    OTHER_ROOT,
    PRIVATE_SITE,
    PUBLIC_SITE,
    ROOT,
    one_site,
    scenario_of,
    web_server,
)

_ALONE = leaf(HOST)
_UPLOAD = "upload_root_certificate"

# The same key with an expired certificate, and leaves below it.
_LATE_ISSUING = authority("Contoso Late Issuing CA", issuer=ROOT, validity=EXPIRED)
_LATE_ROOT = authority("Contoso Late Root CA", validity=EXPIRED)

ROOTS_V2: tuple[Scenario, ...] = (
    scenario_of(
        "root-not-uploaded",
        "A private CA whose root was never uploaded",
        "The HTTP settings trust only public CAs.",
        gateway=one_site("root-not-uploaded"),
        backends=[web_server(PRIVATE_SITE.path)],
        cause="root_not_trusted",
        option=_UPLOAD,
        heals=True,
    ),
    scenario_of(
        "root-of-another-ca",
        "The uploaded root is not the one that issued the certificate",
        "The company has a new CA, and the gateway knows the old one.",
        gateway=one_site("root-of-another-ca", trusts=[OTHER_ROOT]),
        backends=[web_server(PRIVATE_SITE.path)],
        cause="root_not_trusted",
        option=_UPLOAD,
        heals=True,
    ),
    scenario_of(
        "root-listed-shuts-out-public",
        "A public certificate is refused because a private root is listed",
        "Once the HTTP settings use a trusted root, public CAs no longer count for them.",
        gateway=one_site("root-listed-shuts-out-public", trusts=[ROOT]),
        backends=[web_server(PUBLIC_SITE.path)],
        cause="root_not_trusted",
        option=_UPLOAD,
        heals=True,
    ),
    scenario_of(
        "root-not-referred-to",
        "The right root is on the gateway, but the HTTP settings do not use it",
        "It was uploaded for another site; the server does not send it itself.",
        gateway=one_site(
            "root-not-referred-to",
            trusted_roots=[certificate("company-root", ROOT)],
        ),
        backends=[web_server(PRIVATE_SITE.path[:2])],
        cause="root_not_trusted",
        option=_UPLOAD,
        heals=True,
    ),
    scenario_of(
        "root-nowhere",
        "A private CA whose root is neither sent nor uploaded",
        "Only whoever runs the CA has its root.",
        gateway=one_site("root-nowhere"),
        backends=[web_server(PRIVATE_SITE.path[:2])],
        cause="root_not_trusted",
        option="remove_cause",
    ),
)

CHAINS_V2: tuple[Scenario, ...] = (
    scenario_of(
        "intermediate-missing",
        "The server does not send its intermediate certificate",
        "Browsers fetch it themselves; the gateway does not.",
        gateway=one_site("intermediate-missing"),
        backends=[web_server((PUBLIC_SITE,))],
        cause="intermediate_missing",
        option="complete_chain",
    ),
    scenario_of(
        "intermediate-missing-private",
        "The intermediate of a private CA is not sent, though the root is uploaded",
        "The root alone is not enough.",
        gateway=one_site("intermediate-missing-private", trusts=[ROOT]),
        backends=[web_server((PRIVATE_SITE,))],
        cause="intermediate_missing",
        option="complete_chain",
    ),
    scenario_of(
        "leaf-not-first",
        "The intermediate comes before the server's own certificate",
        "The bundle was assembled in the wrong order.",
        gateway=one_site("leaf-not-first", trusts=[ROOT]),
        backends=[web_server((ISSUING, PRIVATE_SITE, ROOT))],
        cause="leaf_not_first",
        option="complete_chain",
    ),
    scenario_of(
        "leaf-missing",
        "The server sends CA certificates and none of its own",
        "The bundle was installed in place of the certificate.",
        gateway=one_site("leaf-missing", trusts=[ROOT]),
        backends=[web_server((ISSUING, ROOT))],
        cause="leaf_missing",
        option="replace_backend_certificate",
    ),
    scenario_of(
        "chain-out-of-order",
        "All certificates are sent, but root and intermediate are swapped",
        "The order must be leaf, intermediate, root.",
        gateway=one_site("chain-out-of-order", trusts=[ROOT]),
        backends=[web_server((PRIVATE_SITE, ROOT, ISSUING))],
        cause="chain_out_of_order",
        option="complete_chain",
    ),
    scenario_of(
        "self-signed-not-ca",
        "A self-signed certificate that is not a CA",
        "v2 treats it as a leaf whose issuer is missing, whatever is uploaded.",
        gateway=one_site("self-signed-not-ca"),
        backends=[web_server((_ALONE,))],
        cause="self_signed_not_ca",
        option="replace_backend_certificate",
    ),
    scenario_of(
        "expired",
        "The server's certificate has expired",
        "It was not renewed in time.",
        gateway=one_site("expired"),
        backends=[
            web_server(leaf(HOST, issuer=PUBLIC_ISSUING, validity=EXPIRED).path[:2]),
        ],
        cause="certificate_not_in_date",
        option="renew_certificate",
    ),
    scenario_of(
        "intermediate-expired",
        "The intermediate certificate has expired",
        "The server's own certificate is fine, so nobody notices.",
        gateway=one_site("intermediate-expired", trusts=[ROOT]),
        backends=[web_server(leaf(HOST, issuer=_LATE_ISSUING).path)],
        cause="certificate_not_in_date",
        option="renew_certificate",
    ),
    scenario_of(
        "root-expired",
        "The uploaded root has expired",
        "The chain still ends in it, and it no longer counts.",
        gateway=one_site("root-expired", trusts=[_LATE_ROOT]),
        backends=[web_server(leaf(HOST, issuer=_LATE_ROOT).path[:1])],
        cause="trusted_root_expired",
        option="renew_certificate",
    ),
)
