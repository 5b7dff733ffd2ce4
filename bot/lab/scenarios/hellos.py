"""Servers that accept only a ClientHello of one packet, and gateways that send a longer or shorter one."""

from dataclasses import replace

from bot.lab.backends import OnePacket
from bot.lab.pki import EXPIRED, leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import OPTIONS, PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
    HOST,
    IP,
    OTHER_IP,
    PUBLIC_SITE,
    one_site,
    scenario_of,
    web_server,
)

_CHAIN = PUBLIC_SITE.path[:2]
_LATE = leaf(HOST, issuer=PUBLIC_ISSUING, validity=EXPIRED).path[:2]
_LARGE = replace(OPTIONS, large_client_hello=True)
_REMEDY = "let_large_hello_through"

HELLOS: tuple[Scenario, ...] = (
    scenario_of(
        "large-hello-dropped",
        "A firewall drops a ClientHello that is longer than one packet",
        "The gateway sends such a ClientHello; a small one is answered.",
        gateway=one_site("large-hello-dropped"),
        backends=[web_server(_CHAIN, behaviour=OnePacket())],
        options=_LARGE,
        cause="large_hello_refused",
        option=_REMEDY,
    ),
    scenario_of(
        "large-hello-reset",
        "A server resets connections whose ClientHello is longer than one packet",
        "The gateway sends such a ClientHello; a small one is answered.",
        gateway=one_site("large-hello-reset"),
        backends=[web_server(_CHAIN, behaviour=OnePacket(resets=True))],
        options=_LARGE,
        cause="large_hello_refused",
        option=_REMEDY,
    ),
    scenario_of(
        "large-hello-and-expired",
        "A firewall drops large ClientHellos, and the server's certificate has expired",
        "With the firewall fixed, the gateway would see the certificate.",
        gateway=one_site("large-hello-and-expired"),
        backends=[web_server(_LATE, behaviour=OnePacket())],
        options=_LARGE,
        cause="large_hello_refused",
        option="remove_cause",
        also=["certificate_not_in_date"],
    ),
    scenario_of(
        "large-hello-dropped-by-one",
        "One of two servers is behind a firewall that drops large ClientHellos",
        "The other one accepts them, so only some requests fail.",
        gateway=one_site("large-hello-dropped-by-one", servers=(IP, OTHER_IP)),
        backends=[
            web_server(_CHAIN),
            web_server(_CHAIN, address=OTHER_IP, behaviour=OnePacket()),
        ],
        options=_LARGE,
        cause="large_hello_refused",
        option=_REMEDY,
    ),
    scenario_of(
        "large-hello-taken",
        "The gateway sends a large ClientHello, and the server accepts it",
        "Nothing is wrong.",
        gateway=one_site("large-hello-taken"),
        backends=[web_server(_CHAIN)],
        options=_LARGE,
    ),
    scenario_of(
        "large-hello-not-sent",
        "The server accepts only small ClientHellos, and the gateway sends a small one",
        "Nothing is wrong between these two.",
        gateway=one_site("large-hello-not-sent"),
        backends=[web_server(_CHAIN, behaviour=OnePacket())],
    ),
)
