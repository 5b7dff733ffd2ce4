"""v2: roots and intermediates of the right name that are not the right ones, and chains better than they look."""

import base64

from bot.lab.azure.routing import part
from bot.lab.backends import TlsLimits
from bot.lab.pki import EXPIRED, Issued, authority, leaf, rsa_key
from bot.lab.scenario import Scenario
from bot.lab.scenarios.shapes import (
    HOST,
    ISSUING,
    PRIVATE_SITE,
    ROOT,
    one_site,
    scenario_of,
    web_server,
)

_UPLOAD = "upload_root_certificate"

# The CA was renewed under its old name, with a new key.
_NEW_ROOT = authority("Contoso Root CA")
_NEW_ISSUING = authority("Contoso Issuing CA", issuer=ROOT)

# The same without key identifiers: only the signature shows that the key is another one.
_PLAIN_ROOT = authority("Contoso Plain Root CA", key_ids=False)
_NEW_PLAIN_ROOT = authority("Contoso Plain Root CA", key_ids=False)
_PLAIN_ISSUING = authority("Contoso Plain Issuing CA", issuer=_PLAIN_ROOT, key_ids=False)
_PLAIN_SITE = leaf(HOST, issuer=_PLAIN_ISSUING, key_ids=False)

# A root that another one has cross-signed, as DST Root CA X3 did for ISRG Root X1.
_OLDER_ROOT = authority("Contoso Older Root CA")
_CROSS_SIGNED = authority("Contoso Root CA", issuer=_OLDER_ROOT, key=ROOT.key, validity=EXPIRED)
_CHAIN_WITH_CROSS_SIGNED = (PRIVATE_SITE, ISSUING, _CROSS_SIGNED)


def _bundle(name: str, *certificates: Issued) -> dict[str, object]:
    """A trusted root whose file has several certificates."""
    pem = b"".join(it.pem for it in certificates)
    return part(name, data=base64.b64encode(pem).decode("ascii"))


CHAIN_ROOTS: tuple[Scenario, ...] = (
    scenario_of(
        "root-rekeyed",
        "The root has a new key, and the server still has a certificate from the old one",
        "Both roots have the same name; the new one is uploaded, the old one is not sent.",
        gateway=one_site("root-rekeyed", trusts=[_NEW_ROOT]),
        backends=[web_server(PRIVATE_SITE.path[:2])],
        cause="issuer_rekeyed",
        option="remove_cause",
    ),
    scenario_of(
        "root-rekeyed-sent",
        "The root has a new key, and the server sends the old one",
        "The name is the same, so the uploaded root looks like the right one.",
        gateway=one_site("root-rekeyed-sent", trusts=[_NEW_ROOT]),
        backends=[web_server(PRIVATE_SITE.path)],
        cause="issuer_rekeyed",
        option=_UPLOAD,
        heals=True,
    ),
    scenario_of(
        "root-rekeyed-without-key-ids",
        "The root has a new key, and nothing but the signature shows it",
        "These certificates have no key identifiers.",
        gateway=one_site("root-rekeyed-without-key-ids", trusts=[_NEW_PLAIN_ROOT]),
        backends=[web_server(_PLAIN_SITE.path[:2])],
        cause="issuer_rekeyed",
        option="remove_cause",
    ),
    scenario_of(
        "intermediate-rekeyed",
        "The server has a new certificate and still sends the old intermediate",
        "The CA got a new key under its old name.",
        gateway=one_site("intermediate-rekeyed", trusts=[ROOT]),
        backends=[web_server((leaf(HOST, issuer=_NEW_ISSUING), ISSUING, ROOT))],
        cause="issuer_rekeyed",
        option="complete_chain",
    ),
    scenario_of(
        "intermediate-as-root",
        "The intermediate was uploaded instead of the root",
        "A chain must end in a self-signed certificate.",
        gateway=one_site("intermediate-as-root", trusts=[ISSUING]),
        backends=[web_server(PRIVATE_SITE.path)],
        cause="trusted_root_not_a_root",
        option=_UPLOAD,
        heals=True,
    ),
    scenario_of(
        "root-bundle-intermediate-first",
        "The root was uploaded in a bundle that begins with the intermediate",
        "The first certificate of the file is the one that counts.",
        gateway=one_site(
            "root-bundle-intermediate-first",
            trusted_roots=[_bundle("company-bundle", ISSUING, ROOT)],
            settings={"trusted_roots": ["company-bundle"]},
        ),
        backends=[web_server(PRIVATE_SITE.path[:2])],
        cause="trusted_root_not_a_root",
        option=_UPLOAD,
        heals=True,
    ),
    scenario_of(
        "cross-signed-root-uploaded",
        "What is uploaded is the root as another CA signed it",
        "It has expired as well; the self-signed one of the same key is wanted.",
        gateway=one_site("cross-signed-root-uploaded", trusts=[_CROSS_SIGNED]),
        backends=[web_server(PRIVATE_SITE.path[:2])],
        cause="trusted_root_not_a_root",
        option="remove_cause",
    ),
    scenario_of(
        "cross-signed-root-expired",
        "The server also sends an expired certificate that nobody needs",
        "The root was cross-signed once; the root itself is uploaded.",
        gateway=one_site("cross-signed-root-expired", trusts=[ROOT]),
        backends=[web_server(_CHAIN_WITH_CROSS_SIGNED)],
        notes=["unneeded_certificate_expired"],
    ),
    scenario_of(
        "intermediate-uploaded-too",
        "Only the leaf is sent, and root and intermediate are both uploaded",
        "OpenSSL completes the chain from what it trusts.",
        gateway=one_site("intermediate-uploaded-too", trusts=[ROOT, ISSUING]),
        backends=[web_server((PRIVATE_SITE,))],
        notes=["intermediate_only_on_gateway"],
    ),
    scenario_of(
        "short-key",
        "The certificate has an RSA key of 1,024 bits",
        "The gateway still accepts it.",
        gateway=one_site("short-key", trusts=[ROOT]),
        backends=[
            web_server(
                leaf(HOST, issuer=ISSUING, key=rsa_key(1024)).path,
                tls=TlsLimits(ciphers="ALL:@SECLEVEL=0"),
            )
        ],
        notes=["weak_certificate"],
    ),
)
