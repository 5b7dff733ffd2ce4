"""A plan says everything before the press: what, whom it touches, what must still be true."""

from dataclasses import replace

import pytest

from bot.core.arm import edit
from bot.core.arm.edit import Conflict, Value
from bot.core.arm.verification import content_digest
from bot.core.case.diagnosis import diagnose
from bot.core.changes.plan import Expectation, Plan
from bot.core.changes.plan_text import plan_text
from bot.core.changes.planning import lines, make_plan, undo_plan
from bot.core.model.marked import plain
from bot.core.remedies.option import NotApplicable
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import recommended, try_options
from bot.core.rules import RULES
from tests.core.make import (
    APP,
    HOST,
    ILB,
    SERVER,
    answered,
    case,
    document,
    incident,
    item,
    ref,
    rule,
    what_if,
)
from tests.core.plainly import plainly


def planned(option: str | None = None) -> Plan:
    base, made = incident()
    found = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
    trial = (
        recommended(found) if option is None else next(it for it in found if it.option.id == option)
    )
    assert trial is not None
    return make_plan(what_if(made, base), trial)


def test_the_plan_of_the_incident() -> None:
    plan = planned()
    assert [plain(line.after) for line in plan.lines] == [
        "added",
        "with agw-wildcard.ase.appgwtestase.com-2a2e6173",
    ]
    assert [it.sha256 for it in plan.certificates] == [ILB.sha256]
    assert plan.expects == (Expectation(SERVER, 443, None, ILB.sha256),)
    assert plan.blast_radius.hosts == (HOST,)
    assert plan.probe_interval == 30
    assert [server for _, _, server in plan.watched] == [SERVER]


def test_a_pool_change_expects_the_certificate_at_the_address_behind_the_name() -> None:
    plan = planned("fqdn_in_pool")
    assert [(it.server, it.sni) for it in plan.expects] == [(SERVER, HOST)]
    assert plain(plan.lines[0].before) == SERVER
    assert plain(plan.lines[0].after) == HOST


def test_a_backend_that_shares_address_and_name_is_expected_once() -> None:
    base = document(
        backendAddressPools=[
            item("backendAddressPools", "pool", backendAddresses=[{"ipAddress": SERVER}]),
            item("backendAddressPools", "twin", backendAddresses=[{"ipAddress": SERVER}]),
        ],
        requestRoutingRules=[
            rule(),
            rule("twin", backendAddressPool=ref("backendAddressPools", "twin")),
        ],
    )
    made = case(base, by_sni={None: answered(ILB)}, state=None)
    found = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
    trial = recommended(found)
    assert trial is not None
    plan = make_plan(what_if(made, base), trial)
    assert len(plan.expects) == 1
    assert plan.blast_radius.pools == ("pool", "twin")


def test_an_option_that_does_not_apply_has_no_plan() -> None:
    base, made = incident()
    with pytest.raises(ValueError, match="migrate_to_v2"):
        make_plan(what_if(made, base), Trial(OPTIONS[-1], NotApplicable("no")))


def test_the_digest_names_gateway_etag_edits_and_certificate() -> None:
    plan = planned()
    others = [
        replace(plan, etag="other"),
        replace(plan, gateway_id="/other"),
        replace(plan, edits=plan.edits[:1]),
        replace(plan, expects=(replace(plan.expects[0], sha256="00"),)),
    ]
    assert len({plan.digest, *(it.digest for it in others)}) == 5
    assert replace(plan, title="other words").digest == plan.digest


def test_the_text_for_the_approver_holds_every_decisive_fact() -> None:
    text = plan_text(planned())
    for fact in (ILB.sha256, "digest: ", HOST, "no SNI", "2026-08-15"):
        assert fact in text


def test_undo_takes_back_only_what_was_made() -> None:
    base, _ = incident()
    plan = planned()
    changed = edit.apply(plan.edits, base)
    back = undo_plan(plan, changed | {"etag": "2"})
    assert back.etag == "2"
    assert edit.apply(back.edits, changed) == base
    assert [plain(line.after) for line in back.lines] == [
        "without agw-wildcard.ase.appgwtestase.com-2a2e6173",
        "removed",
    ]


def test_undo_is_refused_if_somebody_else_was_there() -> None:
    base, _ = incident()
    with pytest.raises(Conflict, match="no longer refers"):
        undo_plan(planned(), base)


def test_values_are_shown_as_a_person_reads_them() -> None:
    changes = (
        Value("probes", "p", "a", None, True),
        Value("probes", "p", "b", False, {"id": "/x/y/probe"}),
        Value("probes", "p", "c", [], [{"fqdn": "a"}, {"ipAddress": "b"}]),
        Value("probes", "p", "match", {"statusCodes": ["200-399"], "body": ""}, {}),
        Value("other", "p", "d", 1, "text"),
    )
    assert [(line.before, line.after) for line in plainly(lines(changes))] == [
        ("not set", "yes"),
        ("no", "probe"),
        ("empty", "a, b"),
        ("statusCodes 200-399; body empty", "empty"),
        ("1", "text"),
    ]
    assert [line.place for line in plainly(lines(changes))][-1] == "other p, d"


def test_a_pool_that_only_a_policy_leads_to_is_in_the_blast_radius() -> None:
    pool = {"backendAddressPool": ref("backendAddressPools", "pool")}
    policy = item(
        "loadDistributionPolicies",
        "canary",
        loadDistributionTargets=[{"name": "to-pool", "properties": pool}],
    )
    leads = rule("spread", backendAddressPool=None, loadDistributionPolicy=ref(*CANARY))
    base = document(loadDistributionPolicies=[policy], requestRoutingRules=[leads])
    made = case(base, by_sni={None: answered(ILB), HOST: answered(APP)})
    trials = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
    trial = next(it for it in trials if it.option.id == "fqdn_in_pool")
    radius = make_plan(what_if(made, base), trial).blast_radius
    assert (radius.pools, radius.rules, radius.hosts) == (("pool",), ("spread",), (HOST,))


CANARY = ("loadDistributionPolicies", "canary")


def test_a_plan_knows_the_content_that_it_was_made_from() -> None:
    base, _ = incident()
    assert planned().content == content_digest(base) == content_digest({**base, "etag": "2"})


@pytest.mark.parametrize(
    ("state", "notes"),
    [("Succeeded", []), ("Failed", ["cures_failed"]), ("Updating", ["waits_for_update"])],
)
def test_an_approver_is_told_what_the_state_of_the_gateway_means(
    state: str, notes: list[str]
) -> None:
    base = document(provisioningState=state)
    made = case(base, by_sni={None: answered(ILB), HOST: answered(APP)}, state=None)
    trial = recommended(try_options(what_if(made, base), diagnose(made, RULES), OPTIONS))
    assert trial is not None
    plan = make_plan(what_if(made, base), trial)
    assert [it.code for it in plan.notes] == notes
    assert plan_text(plan).count("note: ") == len(notes)


def test_what_is_done_by_hand_cures_no_state_and_waits_for_nothing() -> None:
    base = document(provisioningState="Failed", operationalState="Stopped")
    made = case(base, answered(APP), state="healthy")
    trials = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
    trial = next(it for it in trials if it.option.id == "start_gateway")
    assert make_plan(what_if(made, base), trial).notes == ()


def test_an_undo_says_what_of_others_stays() -> None:
    base, _ = incident()
    plan = planned()
    changed = edit.apply(plan.edits, base)
    assert undo_plan(plan, changed, base).notes == ()
    (stays,) = undo_plan(plan, {**changed, "tags": {"a": "b"}}, base).notes
    assert (stays.code, "tags" in stays.parts["where"]) == ("stays", True)
