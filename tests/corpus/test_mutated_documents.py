"""Whatever stands anywhere in an answer of Azure: it is read, or one note says what was not, and nothing breaks.

`make test` looks at a few documents of each kind, `make test-deep` at many.
"""

import copy
import json
from dataclasses import asdict, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bot.azure.errors import arm_error
from bot.azure.operations import operation_state
from bot.cli.answer import answer
from bot.cli.terminal import render
from bot.core.arm import edit
from bot.core.arm.certificates_reader import bundle_data, certificate_data
from bot.core.arm.document import Json, NotReadable
from bot.core.arm.environment_reader import (
    EnvironmentDocuments,
    environment_certificate_data,
    is_internal,
    read_environments,
)
from bot.core.arm.gateway_reader import gateway_id_in, read_gateway
from bot.core.arm.health_reader import read_health, read_trial
from bot.core.arm.listing_reader import read_listed, read_page, read_subscriptions
from bot.core.arm.load_reader import read_load
from bot.core.arm.network_reader import NetworkDocuments, read_network
from bot.core.arm.permissions import allowed, read_grants
from bot.core.arm.verification import differences
from bot.core.case.attempts import wanted_attempts
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.changes.change import Change, Person
from bot.core.changes.on_demand import on_demand_trials
from bot.core.changes.plan_text import plan_text
from bot.core.changes.planning import make_plan, undo_plan
from bot.core.model.health import BackendHealth, HealthNotKnown
from bot.core.model.load import WINDOW, Load
from bot.core.model.network import GatewayNetwork
from bot.core.model.unavailable import Unavailable
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import WhatIf, try_options
from bot.core.report.incident import Incident
from bot.core.report.report import Report, to_json
from bot.core.report.reporting import make_report
from bot.core.routing.routes import nic_members
from bot.core.routing.target import find, parse_target
from bot.core.rules import RULES
from bot.store.values import from_text, to_text
from handlers.blocks.card import CardView, card
from handlers.blocks.evidence import evidence
from tests.core import environments, loads, make, networks
from tests.corpus import mutations
from tests.corpus.mutations import mutated, places, put
from tests.corpus.strategies import KNOWN, healths, observed
from tests.sizes import examples

PERSON = Person("T0LAB", "U0ADA")
HERE = mutations.gateways()
OTHER = make.document(top_id=f"{make.ID}-other", httpListeners=[])

few = examples(25, HealthCheck.data_too_large)
gateways = st.sampled_from(HERE).flatmap(mutated)
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")


def sound(value: Any) -> None:
    """Can be sent, shown and kept: JSON without NaN, and no half of a surrogate pair."""
    json.dumps(value, ensure_ascii=False, allow_nan=False).encode()


@few
@given(gateways, st.data())
def test_every_gateway_is_read_diagnosed_and_told(document: Json, data: st.DataObject) -> None:
    if gateway_id_in(document) is None:
        with pytest.raises(ValueError, match="not the document of an application gateway"):
            read_gateway(document, {})
        return
    texts = (*certificate_data(document), *bundle_data(document))
    known = {**dict.fromkeys(texts, make.APP), **make.certificates(*KNOWN)}
    gateway = read_gateway(document, known)
    sound(to_text(gateway))
    health = data.draw(healths(gateway))
    case = Case(gateway, health, (), make.NOW, nic_members=nic_members(gateway, health))
    attempts = wanted_attempts(case)[:12]
    case = replace(case, observations=data.draw(observed(attempts, gateway)))
    tell(WhatIf(case, document, known, RULES))


def tell(what_if: WhatIf) -> None:
    """Everything that is made of a case."""
    before = copy.deepcopy(what_if.document)
    diagnosis = diagnose(what_if.case, RULES)
    trials = try_options(what_if, diagnosis, OPTIONS)
    report = make_report(what_if.case, diagnosis, trials, RULES, make.NOW)
    changes = []
    for trial in trials:
        if trial.proposal is None:
            continue
        sound(trial.as_code)
        edits = trial.proposal.edits
        changed = edit.apply(edits, what_if.document)
        assert edit.holds(edits, changed)
        assert differences(before, edit.apply(edit.undone(edits), changed)) == ()
        if trial.works and trial.option.automated:
            plan = make_plan(what_if, trial)
            sound(plan_text(plan))
            sound([it.body for it in on_demand_trials(plan, before, what_if.certificates)])
            assert undo_plan(plan, changed).edits == edit.undone(edits)
            offered = Change("c1", plan, "offered", PERSON, make.NOW, make.NOW)
            assert from_text(to_text(offered), Change) == offered
            changes.append(offered)
    assert what_if.document == before
    show(report, tuple(changes))


def show(report: Report, changes: tuple[Change, ...]) -> None:
    """All renderers."""
    sound(to_json(report))
    for colour in (True, False):
        render(report, colour=colour, width=80).encode()
        answer(report, "agw diagnose", colour=colour, width=80).encode()
    assert from_text(to_text(report), Report) == report
    gateway = report.gateway
    incident = Incident("i1", gateway.id, gateway.name, "C1", "1.1", PERSON, "", make.NOW, report)
    sound(asdict(card(CardView(incident, changes, ("U0ADA",)))))
    sound([asdict(it) for it in evidence(report, changes)])


@few
@given(gateways)
def test_no_gateway_makes_its_neighbour_unreachable(odd: Json) -> None:
    known, notes = read_listed([odd, OTHER])
    assert [it.name for it in find(parse_target("agw-other"), known)[0]] == ["agw-other"]
    sound(notes)


@few
@given(st.sampled_from(HERE), st.data())
def test_what_is_looked_at_is_read_or_noted(document: Json, data: st.DataObject) -> None:
    """A list where none belongs: either nobody looks there, or somebody says that it is none."""
    place = data.draw(st.sampled_from(list(places(document))))
    if isinstance(mutations.at(document, place), list) or place == ("id",):
        return
    odd = put(document, place, [["odd"]])
    before, after = read_gateway(document, {}), read_gateway(odd, {})
    assert after == before or len(after.notes) > len(before.notes), place


@few
@given(st.sampled_from(mutations.reports() or (None,)).flatmap(mutated))
def test_every_health_report_is_read(report: Any) -> None:
    for found in (read_health(report), read_trial(report)):
        assert isinstance(found, BackendHealth | HealthNotKnown)
        sound(to_text(found))


NETWORK = (
    {"name": "gateway", "properties": {"addressPrefix": "10.0.0.0/24"}},
    {"properties": {"dhcpOptions": {"dnsServers": ["10.0.0.4"]}}},
    networks.security_group(networks.security_rule("management")),
    networks.route_table(),
)


@few
@given(st.tuples(*map(mutated, NETWORK)))
def test_every_network_is_read(documents: tuple[Any, Any, Any, Any]) -> None:
    found = read_network(NetworkDocuments(*documents))
    assert isinstance(found, GatewayNetwork)
    sound(to_text(found))
    case = replace(make.case(make.document()), network=found)
    tell(WhatIf(case, make.document(), make.certificates(), RULES))


@few
@given(
    mutated(environments.v2()) | mutated(environments.v3("ase", "apps.contoso.com")),
    mutated(environments.virtual_ip()) | mutated(environments.networking("10.1.5.11")),
    mutated(environments.stored()),
)
def test_every_environment_is_read(environment: Json, addresses: Json, stored: Json) -> None:
    assert isinstance(is_internal(environment), bool)
    parts = (EnvironmentDocuments(((environment, addresses),), (stored,)),)
    sound(list(environment_certificate_data(parts)))
    gateway = read_gateway(make.document(), {})
    found = read_environments(parts, gateway, make.certificates())
    assert isinstance(found, Unavailable | tuple)
    case = replace(make.case(make.document()), environments=found)
    tell(WhatIf(case, make.document(), make.certificates(), RULES))


@few
@given(mutated(loads.answer(loads.point("2026-11-23T02:30:00Z", average=7.5))))
def test_every_load_is_read(answer: Any) -> None:
    found = read_load(answer, "CapacityUnits", make.NOW - WINDOW, make.NOW)
    assert isinstance(found, Load | Unavailable)
    case = replace(make.case(make.document(tier="WAF_v2")), load=found)
    tell(WhatIf(case, make.document(tier="WAF_v2"), make.certificates(), RULES))


@few
@given(mutated({"value": [{"actions": ["*/read"], "notActions": ["a/*"]}]}))
def test_every_list_of_permissions_is_read(answer: Any) -> None:
    found = read_grants(answer)
    if isinstance(found, tuple):
        assert isinstance(allowed(found, "b/read"), bool)
    else:
        sound(found.reason)


@few
@given(mutated({"value": [{"subscriptionId": "s1"}, {"id": "x"}], "nextLink": "https://more"}))
def test_every_list_is_read(answer: Any) -> None:
    try:
        page = read_page(answer, "the list")
    except NotReadable as refusal:
        sound(str(refusal))
        return
    sound([page.following, page.notes, read_subscriptions(page.entries)])
    read_listed(page.entries)


ERROR = {"code": "A", "message": "Words.", "details": [{"code": "B", "message": "More."}]}


@few
@given(mutated({"status": "Failed", "error": ERROR}))
def test_every_answer_to_an_operation_is_read(answer: Any) -> None:
    state = operation_state(200, {}, answer)
    assert state.state in ("running", "succeeded", "failed", "canceled")
    sound([state.code, state.message])
    found = arm_error(answer)
    assert found is None or isinstance(found.code, str)
