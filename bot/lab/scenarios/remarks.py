"""Gateways that work but deserve a warning or note; and faults that the probe does not see."""

from bot.lab.backends import ANY_HOST, Answer, Route
from bot.lab.pki import Validity, authority, leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
    HOST,
    IP,
    PRIVATE_SITE,
    PUBLIC_SITE,
    V1,
    any_host,
    one_site,
    scenario_of,
    web_server,
)

_CHAIN = PUBLIC_SITE.path[:2]
_SOON = Validity(-300, 9)
_ENDING_ROOT = authority("Contoso Ending Root CA", validity=_SOON)
_ENDING_SITE = leaf(HOST, issuer=_ENDING_ROOT)
_ENDING_LEAF = leaf(HOST, issuer=PUBLIC_ISSUING, validity=_SOON)
_PLATFORM_HOST = "contoso-shop.azurewebsites.net"
_PLATFORM = leaf("*.azurewebsites.net", issuer=PUBLIC_ISSUING)

REMARKS: tuple[Scenario, ...] = (
    scenario_of(
        "served-certificate-ends-soon",
        "Healthy: the server's certificate has nine days left",
        "Nothing is wrong yet.",
        gateway=one_site("served-certificate-ends-soon"),
        backends=[web_server(_ENDING_LEAF.path[:2])],
        notes=["served_certificate_expiring"],
    ),
    scenario_of(
        "stored-root-ends-soon",
        "Healthy: the uploaded root has nine days left",
        "Nothing is wrong yet.",
        gateway=one_site("stored-root-ends-soon", trusts=[_ENDING_ROOT]),
        backends=[web_server(_ENDING_SITE.path[:1])],
        notes=["stored_certificate_expiring"],
    ),
    scenario_of(
        "validation-switched-off",
        "Healthy: the chain is not validated",
        "Somebody switched validation off, so a certificate of any CA passes.",
        gateway=one_site("validation-switched-off", settings={"validateCertChainAndExpiry": False}),
        backends=[web_server(PRIVATE_SITE.path)],
        notes=["validation_switched_off"],
    ),
    scenario_of(
        "v1-one-listed-of-many",
        "Healthy v1: the server has several sites, and serves the allow-listed certificate without SNI",
        "The gateway never sees the others.",
        gateway=one_site("v1-one-listed-of-many", V1, trusts=[PRIVATE_SITE]),
        backends=[web_server(PRIVATE_SITE.path, certificates={"news.contoso.com": _CHAIN})],
    ),
    scenario_of(
        "redirect-accepted",
        "Healthy: the probe is redirected, and accepts that",
        "By default, 200 to 399 count as healthy.",
        gateway=one_site("redirect-accepted", secure=False),
        backends=[web_server(answer=Answer(302, b"", (("Location", "/en/"),)))],
    ),
    scenario_of(
        "clients-asked-under-own-name",
        "The probe gets an answer, and clients do not",
        "The server knows only its platform name; the HTTP settings pass on the client's host.",
        gateway=one_site(
            "clients-asked-under-own-name", servers=(_PLATFORM_HOST,), asks=_PLATFORM_HOST
        ),
        backends=[web_server(_PLATFORM.path[:2], knows=[_PLATFORM_HOST])],
        dns={_PLATFORM_HOST: [IP]},
        cause="live_host_unknown",
        option="set_host_name",
        heals=True,
        hidden=True,
    ),
    scenario_of(
        "clients-unknown-http",
        "The server knows the probe's host name, but not the clients'",
        "Plain HTTP has no certificate to compare; the server answers clients with 404.",
        gateway=one_site("clients-unknown-http", secure=False, asks="web01.contoso.net"),
        backends=[web_server(knows=["web01.contoso.net"])],
        cause="live_host_unknown",
        option="set_host_name",
        heals=True,
        hidden=True,
    ),
    scenario_of(
        "any-host-known",
        "Healthy: the probe asks for a different name from clients, and both are known",
        "The server answers to every host.",
        gateway=one_site("any-host-known", secure=False, asks="web01.contoso.net"),
        backends=[any_host(routes=(Route(ANY_HOST, answer=Answer(200, b"Here.\n")),))],
    ),
)
