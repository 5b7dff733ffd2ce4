"""A large first message of TLS that the server, or what stands before it, does not take."""

from dataclasses import replace
from typing import Any

from bot.core.analysis.follow_up_probes import further_attempts
from bot.core.case.case import Case
from bot.core.model.observation import HandshakeFailed, Observation, Outcome
from bot.core.remedies import edit_builder
from bot.core.remedies.assumption import LargeHelloTaken, PathOpened
from bot.core.remedies.options.let_large_hello_through import OPTION
from tests.core.make import APP, HOST, SERVER, answered, case
from tests.core.remedies.options.trying import best, proposed, refused, trials, v2

BLOCKED = "Application Gateway could not connect to the backend. Check that the backend responds on the port"
DROPPED = HandshakeFailed("timeout", SERVER, None, "the handshake was not answered within 5.0 s")
TAKEN = answered(APP, public=0)
V2 = v2()


def looked_further(outcome: Outcome, first: Outcome = TAKEN, base: Any = V2) -> Case:
    made = case(base, first, message=BLOCKED)
    further = tuple(Observation(it, outcome) for it in further_attempts(made))
    return replace(made, observations=(*made.observations, *further))


def test_is_recommended_and_left_to_people() -> None:
    made = looked_further(DROPPED)
    assert best(made, V2) == OPTION.id
    trial = trials(made, V2)[OPTION.id]
    assert not trial.automated
    assert trial.proposal is not None
    edit = edit_builder.set_value(V2, edit_builder.SETTINGS, "https", "port", 8443)
    assert trial.proposal.assumptions == (PathOpened(), LargeHelloTaken())
    assert not replace(
        trial.proposal, assumptions=(LargeHelloTaken(),), edits=(edit,)
    ).is_change_only


def test_the_steps_compare_both_hellos_first() -> None:
    first = proposed(OPTION, looked_further(DROPPED), V2).steps[0]
    assert first.count("openssl s_client") == 2
    assert first.count("-alpn") == 1
    assert f"-servername {HOST}" in first


def test_to_open_the_way_is_not_enough_while_the_large_one_is_dropped() -> None:
    reason = trials(looked_further(DROPPED), V2)["open_network_path"].reason
    assert "It would not be enough: 10.1.5.11 completes TLS with a small first message" in reason
    assert best(looked_further(TAKEN), V2) == "open_network_path"


def test_what_else_is_wrong_is_left_over_and_the_other_way_round() -> None:
    made = looked_further(DROPPED, answered(APP))
    found = trials(made, V2)
    assert "It would not be enough" in found[OPTION.id].reason
    completed = found["complete_chain"]
    assert not completed.works
    assert "small first message" in completed.reason
    assert best(made, V2) == "remove_cause"


def test_a_name_in_the_pool_instead_of_the_address_changes_nothing() -> None:
    made = looked_further(DROPPED, answered(APP))
    reason = trials(made, V2)["fqdn_in_pool"].reason
    assert "small first message" in reason


def test_is_for_nothing_else() -> None:
    assert "is known to be rejected" in refused(OPTION, looked_further(TAKEN), V2)
    assert "is known to be rejected" in refused(OPTION, case(V2, TAKEN, state="healthy"), V2)
