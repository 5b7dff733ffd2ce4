"""Backends that the gateway cannot reach."""

from bot.lab.backends import Refusing, Silent, Slow
from bot.lab.scenario import Scenario
from bot.lab.scenarios.shapes import (
    IP,
    OTHER_IP,
    PRIVATE_SITE,
    PUBLIC_SITE,
    V1,
    one_site,
    scenario_of,
    web_server,
)

_CHAIN = PUBLIC_SITE.path[:2]

NETWORK: tuple[Scenario, ...] = (
    scenario_of(
        "refused",
        "Nothing listens on the server's port",
        "The service is down.",
        gateway=one_site("refused"),
        backends=[web_server(_CHAIN, behaviour=Refusing())],
        cause="port_refused",
        option="remove_cause",
    ),
    scenario_of(
        "v1-refused",
        "v1: nothing listens on the server's port",
        "The service is down.",
        gateway=one_site("v1-refused", V1, secure=False),
        backends=[web_server(behaviour=Refusing())],
        cause="port_refused",
        option="remove_cause",
    ),
    scenario_of(
        "one-of-two-refused",
        "One of two servers is down",
        "The other one still answers, so only some requests fail.",
        gateway=one_site("one-of-two-refused", servers=(IP, OTHER_IP), secure=False),
        backends=[web_server(), web_server(address=OTHER_IP, behaviour=Refusing())],
        cause="port_refused",
        option="remove_cause",
    ),
    scenario_of(
        "no-way-there",
        "Packets to the server are dropped",
        "A firewall, a security group or a route: the gateway gets no connection.",
        gateway=one_site("no-way-there"),
        backends=[],
        cause="port_silent",
        option="remove_cause",
    ),
    scenario_of(
        "v1-no-way-there",
        "v1: packets to the server are dropped",
        "A firewall, a security group or a route: the gateway gets no connection.",
        gateway=one_site("v1-no-way-there", V1, trusts=[PRIVATE_SITE]),
        backends=[],
        cause="port_silent",
        option="remove_cause",
    ),
    scenario_of(
        "name-unknown",
        "The name in the pool does not exist",
        "It was mistyped, or its private zone is not linked to the gateway's network.",
        gateway=one_site("name-unknown", servers=("shpo.contoso.com",)),
        backends=[web_server(_CHAIN)],
        cause="backend_name_not_resolved",
        option="remove_cause",
    ),
    scenario_of(
        "v1-name-unknown",
        "v1: the name in the pool does not exist",
        "It was mistyped, or its private zone is not linked to the gateway's network.",
        gateway=one_site("v1-name-unknown", V1, servers=("shpo.contoso.com",), secure=False),
        backends=[web_server()],
        cause="backend_name_not_resolved",
        option="remove_cause",
    ),
    scenario_of(
        "says-nothing",
        "The server accepts the connection and never answers",
        "The TLS handshake is not answered.",
        gateway=one_site("says-nothing"),
        backends=[web_server(_CHAIN, behaviour=Silent())],
        cause="tls_handshake_failed",
        option="remove_cause",
    ),
    scenario_of(
        "slow-health-page",
        "The health page takes longer than the probe waits",
        "It asks a database that does not answer.",
        gateway=one_site("slow-health-page", secure=False, checks={"timeout": 1}),
        backends=[web_server(behaviour=Slow(60))],
        cause="probe_timed_out",
        option="remove_cause",
    ),
)
