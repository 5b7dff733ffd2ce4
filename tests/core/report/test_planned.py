"""What `agw plan` prints is what the button writes: the same edits, made to the same document."""

import json
from dataclasses import replace
from typing import Any

from bot.core.arm import edit
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.view import BackendView
from bot.core.model.marked import BEGIN
from bot.core.model.observation import Observation
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import recommended, try_options
from bot.core.report.planned import Planned, no_plan_json, plan_json, planned
from bot.core.rules import RULES
from tests.core.make import APP, HOST, ILB, SERVER, answered, case, document, incident, what_if

SETTINGS = "backendHttpSettingsCollection/https/authenticationCertificates"
NAME = "agw-wildcard.ase.appgwtestase.com-2a2e6173"


def plan(option: str, made: Case, base: Any) -> Planned:
    """What comes of an option, by its id."""
    what = what_if(made, base)
    trials = try_options(what, diagnose(made, RULES), OPTIONS)
    trial = next(it for it in trials if it.option.id == option)
    return planned(what, trial, recommended(trials))


def test_the_edits_lead_from_the_document_as_it_is_to_the_one_that_is_sent() -> None:
    base, made = incident()
    found = plan("upload_ilb_certificate", made, base)
    assert found.plan is not None
    assert found.document == edit.apply(found.plan.edits, base)
    upload, reference = found.edits
    assert (upload.path, upload.before) == (f"authenticationCertificates/{NAME}", None)
    assert upload.after in found.document["properties"]["authenticationCertificates"]
    before, after = (
        it["properties"]["backendHttpSettingsCollection"][0] for it in (base, found.document)
    )
    assert reference.path == SETTINGS
    assert reference.before == before["properties"]["authenticationCertificates"]
    assert reference.after == after["properties"]["authenticationCertificates"]


def test_a_place_that_takes_two_edits_is_told_once() -> None:
    """Two servers with a certificate each: two uploads, and one list of references that takes both."""
    base = document(servers=(SERVER, "10.1.5.12"))
    made = case(base, state=None)
    first, second = (BackendView(made, backend).probe_attempt for backend in made.backends)
    other = replace(ILB, sha256="f" * 64, der=b"other", subject="CN=other")
    seen = (Observation(first, answered(ILB)), Observation(second, answered(other)))
    found = plan("upload_ilb_certificate", replace(made, observations=seen), base)
    assert found.plan is not None
    assert [it.place for it in found.plan.edits].count(SETTINGS) == 2
    listed = [it for it in found.edits if it.path == SETTINGS]
    assert [(len(it.before), len(it.after)) for it in listed] == [(1, 3)]


def test_the_public_document() -> None:
    base, made = incident()
    told = plan_json(plan("upload_ilb_certificate", made, base))
    assert (told["schema"], told["option"], told["recommended"]) == (
        1,
        "upload_ilb_certificate",
        True,
    )
    assert [it["server"] for it in told["heals"]] == [SERVER]
    assert told["still_at_fault"] == told["cannot_tell"] == told["breaks"] == []
    assert told["shared_by"]["hosts"] == [HOST]
    assert [it["sha256"] for it in told["certificates"]] == [ILB.sha256]
    assert told["etag"] == base["etag"]
    assert BEGIN not in json.dumps(told, ensure_ascii=False)


def test_a_certificate_that_nobody_has_seen_cannot_be_written() -> None:
    """Its bytes on paper are made up: they must not stand in a document that somebody might send."""
    base, made = incident()
    found = plan("wildcard_certificate", made, base)
    assert found.plan is not None
    assert found.plan.edits
    told = plan_json(found)
    assert told["works"]
    assert not told["automated"]
    assert (told["edits"], told["document"]) == ([], None)
    assert [it["server"] for it in told["heals"]] == [SERVER]


def test_an_option_that_does_not_apply_says_why_and_plans_nothing() -> None:
    base, made = incident()
    told = plan_json(plan("set_host_name", made, base))
    assert not told["works"]
    assert "never sent as SNI" in told["because"]
    assert (told["edits"], told["document"], told["etag"], told["heals"]) == ([], None, None, [])


def test_without_an_option_the_reason_stands_alone() -> None:
    told = no_plan_json("healthy")
    assert (told["option"], told["because"], told["document"]) == (None, "healthy", None)
    assert {*told} >= {"schema", "option", "heals", "still_at_fault", "edits", "document"}


def test_nothing_is_written_for_what_is_done_elsewhere() -> None:
    base = document(operationalState="Stopped")
    told = plan_json(plan("start_gateway", case(base, answered(APP), state="healthy"), base))
    assert told["works"]
    assert (told["edits"], told["document"]) == ([], None)
    assert [(it["server"], it["rules"]) for it in told["heals"]] == [(None, ["gateway_stopped"])]


def test_what_an_approver_must_know_beside_the_change_is_in_the_document() -> None:
    base = document(provisioningState="Failed")
    made = case(base, by_sni={None: answered(ILB), HOST: answered(APP)}, state=None)
    (note,) = plan_json(plan("upload_ilb_certificate", made, base))["notes"]
    assert "provisioning state is Failed" in note
    assert plan_json(plan("upload_ilb_certificate", *incident()[::-1]))["notes"] == []
