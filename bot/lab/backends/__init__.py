"""The lab's backend servers: described as data, run on loopback, changed while they run.

In: `BackendSpec`s. Out: running servers, the map that leads to them, and what was asked of them.

ase = BackendSpec(
    address="10.1.5.11",
    certificates={"test.appgwtestase.com": app.path},    what is sent for this SNI
    default=ilb.path,                                    what is sent without SNI
    routes=(Route("test.appgwtestase.com"),),            HTTP 200 for this Host, else 404
)
async with Backends.open([ase]) as backends:
    backends.connect_to        {("10.1.5.11", 443): ("127.0.0.1", 49731)}
    backends.at("10.1.5.11", 443).change(default=renewed.path)
    backends.at("10.1.5.11", 443).connections
"""

from bot.lab.backends.backends import Backends
from bot.lab.backends.server import BackendServer
from bot.lab.backends.spec import (
    ANY_HOST,
    Answer,
    BackendSpec,
    Behaviour,
    Chain,
    ClientCertificates,
    Denying,
    DhGroup,
    HeaderFirst,
    Http2Only,
    Normal,
    OldSuites,
    OnePacket,
    Refusing,
    Resetting,
    Route,
    Silent,
    Slow,
    TlsLimits,
)
from bot.lab.values import Endpoint

__all__ = [
    "ANY_HOST",
    "Answer",
    "BackendServer",
    "BackendSpec",
    "Backends",
    "Behaviour",
    "Chain",
    "ClientCertificates",
    "Denying",
    "DhGroup",
    "Endpoint",
    "HeaderFirst",
    "Http2Only",
    "Normal",
    "OldSuites",
    "OnePacket",
    "Refusing",
    "Resetting",
    "Route",
    "Silent",
    "Slow",
    "TlsLimits",
]
