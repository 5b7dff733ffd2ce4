"""The report: what everything shows, and its public JSON."""

import json
from dataclasses import replace
from typing import Any

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.health import BackendHealth, HealthNotKnown
from bot.core.model.observation import HandshakeFailed, NotTried, Outcome
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import try_options
from bot.core.report.report import Report, to_json, told_once
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from tests.core.environments import one
from tests.core.loads import load
from tests.core.make import (
    APP,
    HOST,
    ILB,
    NOW,
    SERVER,
    answered,
    case,
    document,
    incident,
    item,
    probe,
    ref,
    settings,
    what_if,
)
from tests.core.networks import around
from tests.core.plainly import plainly


def report(made: Case, base: Any) -> Report:
    diagnosis = diagnose(made, RULES)
    trials = try_options(what_if(made, base), diagnosis, OPTIONS)
    return make_report(made, diagnosis, trials, RULES, NOW)


def test_the_public_document_of_the_incident() -> None:
    base, made = incident()
    found = json.loads(json.dumps(to_json(report(made, base))))
    assert (found["schema"], found["verdict"], found["recommended"]) == (
        1,
        "fault",
        "upload_ilb_certificate",
    )
    (backend,) = found["backends"]
    assert backend["probe"] == {"sni": None, "host": HOST, "path": "/"}
    assert backend["listeners"] == [HOST]
    assert [(it["sni"], it["chain"][0]["sha256"]) for it in backend["handshakes"]] == [
        (None, ILB.sha256),
        (HOST, APP.sha256),
    ]
    assert backend["stored_certificates"][0]["certificate"]["sha256"] == APP.sha256
    assert backend["http"] == {"status": 200}
    assert found["findings"][0]["rule"] == "certificate_not_allow_listed"
    assert found["findings"][0]["commands"]
    assert [it["id"] for it in found["options"] if it["recommended"]] == ["upload_ilb_certificate"]


def test_a_healthy_gateway_says_so() -> None:
    base = document()
    found = report(case(base, answered(APP), state="healthy"), base)
    assert found.verdict == "healthy"
    assert found.headline == "agw: healthy; no fault found on 1 backend."
    assert found.conclusion == "healthy; no fault found on 1 backend."
    assert found.options == ()
    assert found.help_url is None


def test_undecided_says_because() -> None:
    base = document()
    found = report(
        case(base, NotTried("probing is off"), health=HealthNotKnown("no permission")), base
    )
    assert found.verdict == "undecided"
    assert found.headline.startswith("agw: undecided, because")
    assert found.backends[0].not_tried == "the backend was not contacted: probing is off"
    assert "Backend health is not known: no permission" in found.notes


def test_where_the_cause_is_not_known_it_points_to_support() -> None:
    base = document()
    seen: dict[str | None, Outcome] = {None: answered(APP), HOST: answered(APP)}
    found = report(case(base, by_sni=seen, message="Something else"), base)
    assert [it.rule for it in found.findings if it.severity == "error"] == [
        "gateway_reports_unhealthy"
    ]
    assert found.recommended is None
    assert found.help_url is not None
    assert found.options[-1].steps


def test_where_the_cause_is_known_it_ends_in_steps() -> None:
    base = document()
    failed = HandshakeFailed("closed", SERVER, None, "hung up")
    found = report(case(base, failed), base)
    assert (found.recommended, found.help_url) == ("remove_cause", None)
    assert found.options[-1].steps
    (handshake,) = found.backends[0].handshakes
    assert not handshake.ok
    assert "hung up" in (handshake.error or "")


def test_several_backends_are_counted_in_the_headline() -> None:
    base = document(servers=(SERVER, "10.1.5.12", "10.1.5.13"))
    made = case(base, answered(ILB))
    assert report(made, base).headline.endswith("(2 more backends at fault)")


def test_a_stored_certificate_that_cannot_be_read_is_shown_as_such() -> None:
    base = document(
        authenticationCertificates=[item("authenticationCertificates", "app", data="odd")]
    )
    found = report(case(base, answered(ILB)), base)
    (stored,) = found.backends[0].stored
    assert (stored.certificate, stored.unreadable) == (None, "it was not parsed")
    assert to_json(found)["backends"][0]["stored_certificates"][0]["certificate"] is None


def test_plain_http_has_no_handshakes_and_a_basic_listener_is_named() -> None:
    base = document(
        backendHttpSettingsCollection=[settings(protocol="Http", port=80)],
        probes=[probe(protocol="Http")],
        httpListeners=[item("httpListeners", "site", protocol="Http")],
    )
    found = report(case(base, answered(tls=False), state="healthy"), base)
    assert found.backends[0].handshakes == ()
    assert found.backends[0].listeners == ("site",)
    assert found.backends[0].probe.sni is None


def test_a_gateway_that_only_redirects_says_that_there_is_nothing_to_probe() -> None:
    listener = {"httpListener": ref("httpListeners", "site")}
    home = {"redirectConfiguration": {"id": "/redirectConfigurations/home"}}
    base = document(requestRoutingRules=[item("requestRoutingRules", "rule", **listener, **home)])
    found = report(case(base), base)
    assert found.headline.endswith("on 0 backends.")
    assert "nothing to probe" in found.notes[0]


def test_a_gateway_without_rules_is_not_called_healthy() -> None:
    base = document(requestRoutingRules=[])
    found = report(case(base), base)
    assert "routing rules, of which none was read" in found.headline
    assert "nothing to probe" in found.notes[0]


def test_port_and_protocol_of_a_row_are_those_of_the_probe() -> None:
    base = document(probes=[probe(protocol="Http", port=8080)], tier="WAF_v2")
    (backend,) = to_json(report(case(base), base))["backends"]
    assert (backend["port"], backend["protocol"]) == (8080, "http")


def test_every_listener_that_leads_to_a_backend_is_named() -> None:
    """One with host names by them, and one that takes every host by its own name."""
    both = {
        "backendAddressPool": ref("backendAddressPools", "pool"),
        "backendHttpSettings": ref("backendHttpSettingsCollection", "https"),
    }
    base = document(
        httpListeners=[
            item("httpListeners", "site", hostName=HOST),
            item("httpListeners", "basic"),
        ],
        requestRoutingRules=[
            item("requestRoutingRules", it, httpListener=ref("httpListeners", it), **both)
            for it in ("site", "basic", "basic")
        ],
    )
    (backend,) = to_json(report(case(base), base))["backends"]
    assert backend["listeners"] == [HOST, "basic"]


def test_what_was_not_read_of_any_answer_is_a_note() -> None:
    base = document()
    parts = ("health", "subnet", "environment", "load")
    told = {part: (f"Not read: {part}",) for part in parts}
    made = replace(
        case({**base, "tags": []}),
        health=BackendHealth((), told["health"]),
        network=replace(around(), notes=told["subnet"]),
        environments=(replace(one()[0], notes=told["environment"]),),
        load=replace(load(1.0), notes=told["load"]),
    )
    notes = plainly(report(made, base).notes)
    assert [it for it in notes if it.startswith("Not read: ")] == [
        "Not read: tags of the gateway is a list, not an object",
        *(f"Not read: {part}" for part in parts),
    ]


def test_what_is_the_same_at_several_backends_is_told_once() -> None:
    base, made = incident()
    first = report(made, base).findings[0]
    there = replace(first, server="10.1.5.12")
    other, kin = replace(first, summary="else"), replace(first, rule="port_silent")
    assert told_once((first, other, there, kin)) == ((first, there), (other,), (kin,))
    assert told_once(()) == ()
