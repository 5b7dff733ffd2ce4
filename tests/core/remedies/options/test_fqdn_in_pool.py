"""A name in the pool: by a button only where DNS gives it the very address."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.marked import plain
from bot.core.model.observation import (
    HandshakeFailed,
    NotConnected,
    NotTried,
    Observation,
    Outcome,
    Unresolved,
)
from bot.core.remedies.option import Proposal
from bot.core.remedies.options.fqdn_in_pool import OPTION
from bot.core.remedies.what_if import attempts_to_judge
from tests.core.make import APP, HOST, ILB, SERVER, answered, case, document, incident
from tests.core.naming import NO_NAME, Answer, lookup
from tests.core.remedies.options.trying import carried_out, on_paper, proposed, refused, trials, v2


def by_name(
    outcome: Outcome, here: tuple[str, ...] = (), there: Answer | None = None
) -> tuple[Case, Any]:
    """The incident, with a connection to the name itself, and what DNS says of it."""
    base, made = incident()
    named = BackendView(made, replace(made.backends[0], server=HOST)).probe_attempt
    seen = Observation(named, outcome, addresses=here)
    said = () if there is None else (lookup(there),)
    return replace(made, observations=(*made.observations, seen), lookups=said), base


def test_a_name_that_leads_to_the_member_makes_it_a_button() -> None:
    made, base = by_name(answered(APP), (SERVER,))
    found = trials(made, base)["fqdn_in_pool"]
    assert found.automated
    assert f"From here {HOST} resolves to {SERVER}" in found.reason
    assert not any("private-dns" in step for step in found.steps)
    plan, changed = carried_out("fqdn_in_pool", made, base)
    assert changed["backendAddressPools"][0]["properties"]["backendAddresses"] == [{"fqdn": HOST}]
    # At the press the name is looked up again, and the certificate is read through it.
    assert [(it.server, it.sni, it.sha256) for it in plan.expects] == [(HOST, HOST, APP.sha256)]


def test_so_does_one_that_the_gateways_network_confirms() -> None:
    found = trials(*by_name(answered(APP), (SERVER,), (SERVER,)))["fqdn_in_pool"]
    assert found.automated
    assert f"In the gateway's network {HOST} resolves to {SERVER}." in found.reason


def test_a_certificate_that_does_not_fit_the_name_stands_in_the_way() -> None:
    found = trials(*by_name(answered(ILB), (SERVER,)))["fqdn_in_pool"]
    assert not found.works
    assert "not be enough" in found.reason


@pytest.mark.parametrize(
    ("outcome", "here", "there", "told"),
    [
        (Unresolved(HOST, "no such name"), (), None, "from here there is no answer: no such name"),
        (NotTried("outside"), (), None, f"DNS must answer {SERVER}"),
        # By a tunnel for the name: nobody looked it up.
        (answered(APP), (), None, f"DNS must answer {SERVER}"),
        (answered(APP), ("203.0.113.7",), None, f"From here {HOST} resolves to 203.0.113.7;"),
        (answered(APP), (SERVER, "10.1.5.12"), None, f"resolves to {SERVER}, 10.1.5.12;"),
        (
            answered(APP),
            (SERVER,),
            ("10.1.5.12",),
            "gateway's network test.appgwtestase.com resolves",
        ),
        (
            answered(APP),
            (SERVER,),
            NO_NAME,
            "In the gateway's network test.appgwtestase.com has no",
        ),
    ],
)
def test_else_it_is_done_by_hand_with_the_record_to_make(
    outcome: Outcome, here: tuple[str, ...], there: Answer | None, told: str
) -> None:
    found = trials(*by_name(outcome, here, there))["fqdn_in_pool"]
    assert found.works
    assert not found.automated
    assert told in found.reason
    assert f"record A test -> {SERVER}" in found.steps[0]
    assert ": az network private-dns zone create" in found.steps[0]


def test_where_only_the_gateways_network_knows_the_record_none_is_to_be_made() -> None:
    lost = Unresolved(HOST, "no such name")
    for here in ((), ("203.0.113.7",)):
        found = trials(*by_name(lost, here, (SERVER,)))["fqdn_in_pool"]
        assert found.works
        assert not found.automated
        assert found.steps[0].startswith("Check on a machine in the gateway's network")


@pytest.mark.parametrize(
    "outcome",
    [NotConnected("refused", SERVER, "no"), HandshakeFailed("closed", SERVER, None, "it hung up")],
)
def test_that_it_leads_to_the_member_is_enough_to_judge_it_by_what_happens_there(
    outcome: Outcome,
) -> None:
    made, base = by_name(outcome, (SERVER,))
    proposal = proposed(OPTION, made, base)
    assert not proposal.by_hand
    assert not trials(made, base)["fqdn_in_pool"].works


def test_the_other_members_of_the_pool_stay() -> None:
    base = document(servers=("10.1.5.10", SERVER))
    made = case(base, answered(ILB))
    found = OPTION.propose(BackendView(made, made.backends[1]), base)
    assert isinstance(found, Proposal)
    (exchange,) = [step for step in found.steps if "address-pool update" in step]
    assert plain(exchange).endswith(f"--servers 10.1.5.10 {HOST}")


def test_the_name_is_asked_for_before_the_last_word() -> None:
    base, made = incident()
    asked = attempts_to_judge(on_paper(made, base), trials(made, base).values())
    assert HOST in {attempt.server for attempt in asked}


MACHINE = "web01.corp.example"


def misnamed(*here: str, site: tuple[str, ...] = ()) -> tuple[Case, Any]:
    """A v1 gateway whose pool names the machine, while the certificate, which is allow-listed, is for the site."""
    base = document(servers=(MACHINE,))
    made = case(base, answered(APP))
    (first,) = made.observations
    by_site = replace(first.attempt, server=HOST, sni=HOST)
    named = Observation(by_site, answered(APP), addresses=site)
    # On paper the site's name leads to the same server.
    supposed = Observation(replace(first.attempt, sni=HOST), answered(APP))
    return replace(made, observations=(replace(first, addresses=here), named, supposed)), base


def test_on_v1_the_name_in_the_certificate_takes_the_place_of_the_machines() -> None:
    made, base = misnamed(SERVER, site=(SERVER,))
    found = trials(made, base)["fqdn_in_pool"]
    assert found.automated, found.reason
    _, changed = carried_out("fqdn_in_pool", made, base)
    assert changed["backendAddressPools"][0]["properties"]["backendAddresses"] == [{"fqdn": HOST}]


@pytest.mark.parametrize(
    ("here", "site", "told"),
    [
        ((SERVER,), (), f"DNS must answer {SERVER} for it"),
        ((SERVER,), ("203.0.113.7",), f"has to resolve to {SERVER} alone"),
        # By a tunnel for the machine: nobody knows where it is.
        ((), (SERVER,), f"the same server as {MACHINE}"),
    ],
)
def test_it_is_done_by_hand_where_dns_does_not_lead_it_there(
    here: tuple[str, ...], site: tuple[str, ...], told: str
) -> None:
    made, base = misnamed(*here, site=site)
    found = trials(made, base)["fqdn_in_pool"]
    assert found.works, found.reason
    assert not found.automated
    assert told in found.reason
    assert any("nothing else" in step for step in found.steps)


def test_a_name_stays_where_it_fits_or_no_other_one_does_or_nobody_compares_it() -> None:
    fits = document(servers=(HOST,))
    assert "already a name" in refused(OPTION, case(fits, answered(APP)), fits)
    stranger = document(servers=(MACHINE,))
    assert "no host name" in refused(OPTION, case(stranger, answered(ILB)), stranger)
    on_v2 = v2(
        top={
            "backendAddressPools": document(servers=(MACHINE,))["properties"]["backendAddressPools"]
        }
    )
    assert "already a name" in refused(OPTION, case(on_v2, answered(APP)), on_v2)
    unseen = case(stranger, NotConnected("timeout", SERVER, "silence"))
    assert "already a name" in refused(OPTION, unseen, stranger)
