"""A name in the pool: by a button only where it was seen to lead to the very member."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.case import Case
from bot.core.observation import (
    Answered,
    HandshakeFailed,
    NotConnected,
    NotTried,
    Observation,
    Outcome,
    Unresolved,
)
from bot.core.options.fqdn_in_pool import OPTION
from bot.core.recommendation import missing
from tests.core.make import APP, HOST, ILB, SERVER, answered, incident
from tests.core.options.trying import carried_out, on_paper, proposed, trials


def by_name(outcome: Outcome) -> tuple[Case, Any]:
    """The incident, with a connection to the name itself."""
    base, made = incident()
    named = made.probe_attempt(replace(made.backends[0], server=HOST))
    seen = Observation(named, outcome)
    return replace(made, observations=(*made.observations, seen)), base


def test_a_name_that_leads_to_the_member_makes_it_a_button() -> None:
    made, base = by_name(answered(APP))
    assert trials(made, base)["fqdn_in_pool"].automated
    plan, changed = carried_out("fqdn_in_pool", made, base)
    assert changed["backendAddressPools"][0]["properties"]["backendAddresses"] == [{"fqdn": HOST}]
    # At the press the name is looked up again, and the certificate is read through it.
    assert [(it.server, it.sni, it.sha256) for it in plan.expects] == [(HOST, HOST, APP.sha256)]


def test_a_certificate_that_does_not_fit_the_name_stands_in_the_way() -> None:
    made, base = by_name(answered(ILB))
    found = trials(made, base)["fqdn_in_pool"]
    assert not found.works
    assert "not be enough" in found.reason


@pytest.mark.parametrize(
    "outcome",
    [
        Unresolved(HOST, "no such name"),
        NotTried("outside"),
        replace(answered(APP), address="203.0.113.7"),
        Answered(f"{HOST} via 127.0.0.1:8443", answered(APP).handshake, answered(APP).http),
    ],
)
def test_else_it_is_done_by_hand_with_the_record_to_make(outcome: Outcome) -> None:
    made, base = by_name(outcome)
    found = trials(made, base)["fqdn_in_pool"]
    assert found.works
    assert not found.automated
    assert f"record A test -> {SERVER}" in found.steps[0]


@pytest.mark.parametrize(
    "outcome",
    [NotConnected("refused", SERVER, "no"), HandshakeFailed("closed", SERVER, None, "it hung up")],
)
def test_that_it_leads_to_the_member_is_enough_to_judge_it_by_what_happens_there(
    outcome: Outcome,
) -> None:
    made, base = by_name(outcome)
    proposal = proposed(OPTION, made, base)
    assert not proposal.by_hand
    assert not trials(made, base)["fqdn_in_pool"].works


def test_the_name_is_asked_for_before_the_last_word() -> None:
    base, made = incident()
    asked = missing(on_paper(made, base), trials(made, base).values())
    assert HOST in {attempt.server for attempt in asked}
