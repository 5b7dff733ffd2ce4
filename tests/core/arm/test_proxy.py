"""The TCP/TLS proxy: read, followed, contacted without a word of HTTP, and judged like everything else."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis import commands
from bot.core.analysis.follow_up_probes import further_attempts
from bot.core.analysis.probe_fault import faultless
from bot.core.arm.gateway_reader import read_gateway
from bot.core.case.attempts import wanted_attempts
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.case.view import BackendView
from bot.core.changes.planning import make_plan
from bot.core.model.health import BackendHealth, ServerHealth
from bot.core.model.marked import plain
from bot.core.model.observation import (
    Answered,
    Attempt,
    NoResponse,
    NotConnected,
    Observation,
    Outcome,
    Trust,
)
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import recommended, try_options
from bot.core.report.report import to_json
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from tests.core.make import (
    APP,
    HOST,
    ID,
    NOW,
    ROOT,
    answered,
    case,
    certificate,
    document,
    handshake,
    item,
    ref,
    rule,
    v2_settings,
    what_if,
)
from tests.core.plainly import plainly

DB, PORT = "10.0.0.9", 5432
SETTINGS = f"{ID}/backendSettingsCollection/db".lower()
LEAF = certificate(HOST)


def proxied(
    *,
    listener: Any = None,
    settings: Any = None,
    leads: Any = None,
    probe: Any = None,
    **changes: Any,
) -> dict[str, Any]:
    """A v2 gateway with one HTTP site, and a proxy to pool db; each part by the properties that differ."""
    door = {"protocol": "Tcp", "frontendPort": ref("frontendPorts", "p443")} | (listener or {})
    db = {"protocol": "Tls", "port": PORT, "hostName": HOST} | (settings or {})
    way = {
        "priority": 5,
        "listener": ref("listeners", "db"),
        "backendAddressPool": ref("backendAddressPools", "db"),
        "backendSettings": ref("backendSettingsCollection", "db"),
    } | (leads or {})
    base = document(tier="Standard_v2", requestRoutingRules=[rule(priority=1)])["properties"]
    probes = base["probes"] + ([item("probes", "db", **probe)] if probe else [])
    pools = [
        *base["backendAddressPools"],
        item("backendAddressPools", "db", backendAddresses=[{"ipAddress": DB}]),
    ]
    parts = {
        "requestRoutingRules": [rule(priority=1)],
        "backendHttpSettingsCollection": [v2_settings()],
        "backendAddressPools": pools,
        "probes": probes,
        "listeners": [item("listeners", "db", **door)],
        "backendSettingsCollection": [item("backendSettingsCollection", "db", **db)],
        "routingRules": [item("routingRules", "db", **way)],
    }
    return document(tier="Standard_v2", **(parts | changes))


PROBED = {"probe": ref("probes", "db")}


def view(made: Case) -> BackendView:
    (backend,) = (it for it in made.backends if it.server == DB)
    return BackendView(made, backend)


def attempt(made: dict[str, Any]) -> Attempt:
    return view(Case(read_gateway(made, {}), BackendHealth(()), (), NOW)).probe_attempt


def bare(*chain: Any, **more: Any) -> Answered:
    """A TLS connection on which nothing was asked."""
    agreed = handshake(*chain, **more) if chain else None
    return Answered(DB, agreed, NoResponse("not_asked", "no request was to be made"))


def seen(made: dict[str, Any], outcome: Outcome, state: Any = "unhealthy") -> Case:
    """The site is well, and so much was seen of the server behind the proxy."""
    well = case(made, answered(APP, public=0), state="healthy")
    assert isinstance(well.health, BackendHealth)
    others = tuple(it for it in well.observations if it.attempt.server != DB)
    health = tuple(it for it in well.health.servers if it.server != DB)
    said = ServerHealth(f"{ID}/backendAddressPools/db".lower(), SETTINGS, DB, state, None)
    found = replace(well, health=BackendHealth((*health, said)))
    return replace(found, observations=(*others, Observation(view(found).probe_attempt, outcome)))


def test_the_way_is_followed_to_its_server() -> None:
    made = proxied(listener={"protocol": "Tls", "hostNames": ["db.contoso.com"]})
    gateway = read_gateway(made, {})
    assert gateway.unfollowed == gateway.notes == ()
    found = view(Case(gateway, BackendHealth(()), (), NOW))
    assert (found.settings.layer4, found.settings.request_timeout) == (True, 20)
    assert (found.backend.hosts, found.backend.routes[0].listener.port) == (
        ("db.contoso.com",),
        443,
    )
    assert [it.name for it in gateway.listeners] == ["site"]


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (proxied(), Attempt(DB, PORT, True, HOST, HOST, None)),
        (
            proxied(settings={"hostName": None}),
            Attempt(DB, PORT, True, None, DB, None),
        ),
        (
            proxied(settings={"pickHostNameFromBackendAddress": True}),
            Attempt(DB, PORT, True, None, DB, None),
        ),
        (proxied(settings={"protocol": "tcp"}), Attempt(DB, PORT, False, None, HOST, None)),
        (
            proxied(settings=PROBED, probe={"protocol": "Tls", "port": 6000, "interval": 7}),
            Attempt(DB, 6000, True, HOST, HOST, None),
        ),
        (
            proxied(settings=PROBED, probe={"protocol": "Tcp", "port": 6000}),
            Attempt(DB, PORT, True, HOST, HOST, None),
        ),
    ],
)
def test_what_is_connected_to(made: dict[str, Any], wanted: Attempt) -> None:
    assert attempt(made) == wanted


def test_nobody_sends_http_there() -> None:
    for protocol, least in (("Tls", 2), ("Tcp", 1)):
        made = seen(proxied(settings={"protocol": protocol}), NotConnected("refused", DB, "no"))
        first = [it for it in wanted_attempts(made) if it.server == DB]
        assert len(first) == least
        further = [it for it in further_attempts(made) if it.server == DB]
        assert {it.path for it in (*first, *further)} == {None}
        assert {it.client_host for it in made.clients if it.backend.server == DB} == set()


@pytest.mark.parametrize(
    ("made", "because"),
    [
        (proxied(leads={"priority": "first"}), "which cannot be read whole"),
        (
            proxied(leads={"listener": ref("listeners", "gone")}),
            "its listener, pool or backend settings are not there",
        ),
        (
            proxied(leads={"backendSettings": None}),
            "its listener, pool or backend settings are not there",
        ),
        (
            proxied(leads={"backendAddressPool": ref("backendAddressPools", "gone")}),
            "its listener, pool or backend settings are not there",
        ),
        (proxied(listener={"protocol": "Udp"}), "its listener cannot be read whole"),
        (proxied(listener={"hostNames": {}}), "its listener cannot be read whole"),
        (proxied(settings={"protocol": None}), "backend settings db cannot be read whole"),
        (proxied(settings={"port": None}), "backend settings db cannot be read whole"),
        (proxied(settings={"port": {}}), "backend settings db cannot be read whole"),
        (
            proxied(settings={"enableL4ClientIpPreservation": True}),
            "backend settings db send the PROXY header, which agw does not",
        ),
        (
            proxied(settings=PROBED, probe={"enableProbeProxyProtocolHeader": True}),
            "backend settings db send the PROXY header, which agw does not",
        ),
        (proxied(settings=PROBED, probe={"port": {}}), "probe db cannot be read whole"),
    ],
)
def test_what_is_not_followed_is_named_and_nothing_is_healthy(
    made: dict[str, Any], because: str
) -> None:
    gateway = read_gateway(made, {})
    assert plainly(gateway.unfollowed) == (f"TCP/TLS proxy rule db ({because})",)
    well = case(made, answered(APP, public=0), state="healthy")
    assert [it.server for it in well.backends if it.server == DB] == []
    assert diagnose(well, RULES).verdict == "undecided"


def test_rules_that_are_no_rules_are_counted() -> None:
    made = proxied()
    made["properties"]["routingRules"].append(7)
    assert read_gateway(made, {}).unfollowed == (
        "1 of 2 TCP/TLS proxy rules, which cannot be read",
    )


@pytest.mark.parametrize(
    ("made", "outcome"),
    [(proxied(), bare(LEAF, public=0)), (proxied(settings={"protocol": "Tcp"}), bare())],
)
def test_a_connection_is_all_it_takes_to_be_well(made: dict[str, Any], outcome: Outcome) -> None:
    found = seen(made, outcome, "healthy")
    assert faultless(view(found))
    assert diagnose(found, RULES).verdict == "healthy"
    assert not diagnose(seen(made, outcome, "unknown"), RULES).errors


def test_a_refused_port_is_a_fault_and_is_shown_without_http() -> None:
    made = proxied(settings={"protocol": "Tcp"})
    found = seen(made, NotConnected("refused", DB, "connection refused"))
    diagnosis = diagnose(found, RULES)
    assert [it.rule for it in diagnosis.errors] == ["port_refused"]
    trials = try_options(what_if(found, made), diagnosis, OPTIONS)
    best = recommended(trials)
    assert best is not None
    assert best.option.id == "remove_cause"
    assert "it is for HTTP" in " ".join(it.reason for it in trials if not it.works)
    report = make_report(found, diagnosis, trials, RULES, NOW)
    (shown,) = (it for it in to_json(report)["backends"] if it["server"] == DB)
    assert (shown["protocol"], shown["transport"], shown["port"]) == ("http", "tcp", PORT)


def test_a_private_root_is_trusted_in_the_backend_settings() -> None:
    made = proxied()
    trust = (Trust(ROOT.sha256, 0, "ok"),)
    found = seen(made, bare(LEAF, ROOT, trust=trust))
    diagnosis = diagnose(found, RULES)
    assert [it.rule for it in diagnosis.errors] == ["root_not_trusted"]
    best = recommended(try_options(what_if(found, made), diagnosis, OPTIONS))
    assert best is not None
    assert best.option.id == "upload_root_certificate"
    plan = make_plan(what_if(found, made), best)
    assert [it.place for it in plan.edits][1] == (
        "backendSettingsCollection/db/trustedRootCertificates"
    )
    assert "backend settings db" in plainly(plan.lines[1].place)
    assert (plan.blast_radius.pools, plan.blast_radius.settings) == (("db",), ("db",))
    languages = dict(best.as_code)
    assert list(languages) == ["Azure CLI", "Terraform", "Bicep"]
    assert "application-gateway settings update" in languages["Azure CLI"]
    report = make_report(found, diagnosis, (best,), RULES, NOW)
    (shown,) = (it for it in to_json(report)["backends"] if it["server"] == DB)
    assert (shown["protocol"], shown["transport"]) == ("https", "tls")
    assert {it["transport"] for it in to_json(report)["backends"]} == {"tls", None}


def test_a_wrong_name_is_a_fault() -> None:
    found = seen(proxied(), bare(certificate("news.contoso.com"), public=0))
    rules = [it.rule for it in diagnose(found, RULES).errors]
    assert rules == ["certificate_name_mismatch"]


def test_commands_name_the_backend_settings() -> None:
    found = view(seen(proxied(), bare(LEAF, public=0)))
    assert " settings show " in commands.show_settings(found.gateway, found.backend)
    assert " settings update " in commands.trust_roots(found.gateway, found.backend, ["root"])


@pytest.mark.parametrize("protocol", ["Tcp", "Tls"])
@pytest.mark.parametrize("name", ["port_refused", "port_silent", "proxy_header_demanded"])
def test_the_steps_fit_a_server_that_speaks_no_http(name: str, protocol: str) -> None:
    made = proxied(settings={"protocol": protocol}, probe={"protocol": protocol}, leads=PROBED)
    found = seen(made, NotConnected("refused", DB, "connection refused"))
    (known,) = (it for it in RULES if it.id == name)
    assert known.guide is not None
    steps = list(known.guide.steps(found, Match("", (), view(found).backend)))
    said = "\n".join(plain(it.sentence) for it in steps)
    assert not [
        it for it in ("HTTP settings", "http-settings", "curl", "X-Forwarded") if it in said
    ]
    (check,) = (it.command for it in steps if it.checks)
    assert check is not None
    assert check == f"nc -vz -w 5 {DB} {PORT}" if protocol == "Tcp" else "Cipher is" in check


def test_who_suffers_names_the_listener_that_leads_to_the_fault() -> None:
    found = seen(proxied(), NotConnected("refused", DB, "connection refused"))
    report = make_report(found, diagnose(found, RULES), (), RULES, NOW)
    assert report.verdict == "fault"
    told = plainly(report.suffering)
    assert told == f"{HOST} is served; what clients of TCP/TLS listener db get was not seen."
    well = seen(proxied(), bare(APP, public=0), "healthy")
    report = make_report(well, diagnose(well, RULES), (), RULES, NOW)
    assert "listener" not in report.suffering
