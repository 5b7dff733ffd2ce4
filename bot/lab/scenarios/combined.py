"""Several faults at once: each must be named, and one remedy must not hide the other."""

from bot.lab.azure.build import Site, certificate, http_settings, https_settings, probe
from bot.lab.backends import Answer, Refusing
from bot.lab.pki import EXPIRED, leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
    HOST,
    IP,
    ISSUING,
    LISTENER,
    OTHER_HOST,
    OTHER_IP,
    PRIVATE_SITE,
    PUBLIC_SITE,
    ROOT,
    V1,
    document,
    members,
    one_site,
    scenario_of,
    web_server,
)

_CHAIN = PUBLIC_SITE.path[:2]
_LATE_AND_OTHER = leaf(OTHER_HOST, issuer=PUBLIC_ISSUING, validity=EXPIRED)
_LATE = leaf(HOST, issuer=PUBLIC_ISSUING, validity=EXPIRED)
_RENEWED = leaf(HOST, issuer=ISSUING)
_REPLACE = "replace_backend_certificate"

COMBINED: tuple[Scenario, ...] = (
    scenario_of(
        "expired-and-other-name",
        "The certificate has expired, and is for a different name",
        "Renewing it under the same name would not be enough.",
        gateway=one_site("expired-and-other-name"),
        backends=[web_server(_LATE_AND_OTHER.path[:2])],
        cause="certificate_name_mismatch",
        also=["certificate_not_in_date"],
        option=_REPLACE,
    ),
    scenario_of(
        "expired-and-incomplete",
        "The certificate has expired, and its intermediate is not sent",
        "Completing the chain would not be enough; the new certificate needs its own intermediate.",
        gateway=one_site("expired-and-incomplete"),
        backends=[web_server((_LATE,))],
        cause="intermediate_missing",
        also=["certificate_not_in_date"],
        option="renew_certificate",
    ),
    scenario_of(
        "out-of-order-and-untrusted",
        "The chain is in the wrong order, and its root was never uploaded",
        "In the right order it would still end in an untrusted root.",
        gateway=one_site("out-of-order-and-untrusted"),
        backends=[web_server((ISSUING, PRIVATE_SITE, ROOT))],
        cause="leaf_not_first",
        option="complete_chain",
    ),
    scenario_of(
        "untrusted-and-failing",
        "An untrusted private CA, and an application that fails",
        "With the root uploaded, the gateway would see the 500.",
        gateway=one_site("untrusted-and-failing"),
        backends=[web_server(PRIVATE_SITE.path, answer=Answer(500, b"Oops\n"))],
        cause="root_not_trusted",
        option="remove_cause",
        also=["backend_failing"],
    ),
    scenario_of(
        "untrusted-and-unknown-host",
        "An untrusted private CA, and a probe that asks for an unknown host",
        "Neither remedy is enough by itself; both together are.",
        gateway=one_site("untrusted-and-unknown-host", asks="store.contoso.com"),
        backends=[web_server(leaf("*.contoso.com", issuer=ISSUING).path)],
        cause="root_not_trusted",
        also=["probe_host_or_path_unknown"],
        option="set_host_name",
        heals=True,
    ),
    scenario_of(
        "v1-renewed-and-unknown-host",
        "v1: a renewed certificate, and a probe that asks for an unknown host",
        "Neither remedy is enough by itself; both together are.",
        gateway=one_site(
            "v1-renewed-and-unknown-host", V1, trusts=[PRIVATE_SITE], asks="store.contoso.com"
        ),
        backends=[web_server(_RENEWED.path)],
        cause="certificate_rotated",
        also=["probe_host_or_path_unknown"],
        option="set_host_name",
        heals=True,
    ),
    scenario_of(
        "two-servers-two-faults",
        "One server is down, the other serves an expired certificate",
        "So the site is down, for two reasons.",
        gateway=one_site("two-servers-two-faults", servers=(IP, OTHER_IP)),
        backends=[
            web_server(_CHAIN, behaviour=Refusing()),
            web_server(
                leaf(HOST, issuer=PUBLIC_ISSUING, validity=EXPIRED).path[:2], address=OTHER_IP
            ),
        ],
        cause="port_refused",
        option="remove_cause",
        also=["certificate_not_in_date"],
    ),
    scenario_of(
        "two-sites-two-faults",
        "Two sites, each with a fault of its own",
        "The shop's root was never uploaded; the news' probe asks for an unknown host.",
        gateway=document(
            "two-sites-two-faults",
            pools=[members("shop", IP), members("news", OTHER_IP)],
            settings=[
                https_settings("shop", probe="shop"),
                http_settings("news", probe="news"),
            ],
            probes=[
                probe("shop", host=HOST),
                probe("news", host="old-news.contoso.com", protocol="Http"),
            ],
            sites=[
                Site("shop", HOST, "shop", "shop", LISTENER),
                Site("news", OTHER_HOST, "news", "news", LISTENER),
            ],
        ),
        backends=[
            web_server(PRIVATE_SITE.path),
            web_server(address=OTHER_IP, knows=[OTHER_HOST]),
        ],
        cause="root_not_trusted",
        also=["probe_host_or_path_unknown"],
        option="set_host_name",
    ),
    scenario_of(
        "v1-two-sites-one-fault",
        "v1: one of two sites is broken, and the other is not touched",
        "Only the shop's certificate was renewed.",
        gateway=document(
            "v1-two-sites-one-fault",
            V1,
            pools=[members("shop", IP), members("news", OTHER_IP)],
            settings=[
                https_settings("shop", probe="shop", authentication_certificates=["old"]),
                https_settings("news", probe="news", authentication_certificates=["public"]),
            ],
            probes=[probe("shop", host=HOST), probe("news", host=OTHER_HOST)],
            authentication_certificates=[
                certificate("old", PRIVATE_SITE),
                certificate("public", PUBLIC_SITE),
            ],
            sites=[
                Site("shop", HOST, "shop", "shop", LISTENER),
                Site("news", OTHER_HOST, "news", "news", LISTENER),
            ],
        ),
        backends=[
            web_server(_RENEWED.path),
            web_server(_CHAIN, address=OTHER_IP, knows=[OTHER_HOST]),
        ],
        cause="certificate_rotated",
        option="upload_ilb_certificate",
        heals=True,
    ),
)
