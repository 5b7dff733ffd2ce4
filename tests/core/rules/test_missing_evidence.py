"""What holds for all rules together when evidence gets lost: unknown is neither healthy nor broken.

Evidence may also speak *for* a backend, so three things do happen when it is lost, and are right:

- Without the gateway's own word, what we met with our own connection counts, as far as it met anything
  (`reported_health`): a refused port that the gateway gets through to is no fault, one of which nobody says so is.
- Where connections with the same name came to different ends, the one that is left speaks for itself.
- The gateway's own word is enough to call a backend healthy: where it is left, a fault that only we had seen is gone.

Among errors about one backend, another may come to the fore (a more exact one that explained it is gone, or a rule of
last resort is heard); so what counts is who is accused, not by which rule.
"""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bot.core.analysis.addresses import addresses_there
from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis, diagnose
from bot.core.case.view import BackendView
from bot.core.model.gateway import is_ip
from bot.core.model.health import BackendHealth, Health, HealthNotKnown, ServerHealth
from bot.core.model.network import GatewayNetwork
from bot.core.model.observation import (
    Answered,
    Attempt,
    HandshakeFailed,
    Lookup,
    NotConnected,
    NotTried,
    Observation,
    Outcome,
)
from bot.core.model.unavailable import Unavailable
from bot.core.routing.routes import Backend
from bot.core.rules import RULES
from tests.core.naming import NO_NAME, A, Answer, lookup
from tests.core.networks import around, route_table, security_group
from tests.corpus.strategies import papers
from tests.sizes import examples

# A falsifying case is told in full, however long it is.
pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

LOST = NotTried("this evidence got lost")
NETWORKS: tuple[GatewayNetwork | Unavailable, ...] = (
    around(),
    around(security_group(), route_table(), (A,)),
    Unavailable("forbidden"),
)

many = examples(30, HealthCheck.data_too_large)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A random gateway with what was seen of it, of its network, and of the names in its pools."""
    made = draw(papers()).case
    names = dict.fromkeys(it.server for it in made.backends if not is_ip(it.server))
    answers: st.SearchStrategy[Answer] = st.sampled_from([(A,), NO_NAME, LOST])
    found = tuple(lookup(draw(answers), name) for name in names)
    return replace(made, lookups=found, network=draw(st.sampled_from(NETWORKS)))


def _observation(draw: st.DrawFn, seen: Observation) -> Observation:
    return replace(seen, outcome=LOST, addresses=()) if draw(st.booleans()) else seen


def _lookup(draw: st.DrawFn, found: Lookup) -> Lookup:
    return replace(found, answer=LOST) if draw(st.booleans()) else found


@st.composite
def less_seen(draw: st.DrawFn, made: Case) -> Case:
    """The same case with a part of our own evidence lost; what the gateway says is left."""
    seen = [_observation(draw, it) for it in made.observations if draw(st.integers(0, 3))]
    return replace(
        made,
        observations=tuple(seen),
        lookups=tuple(_lookup(draw, it) for it in made.lookups),
        network=Unavailable("lost") if draw(st.booleans()) else made.network,
    )


def _server(draw: st.DrawFn, said: ServerHealth) -> ServerHealth:
    unknown = replace(said, state="unknown", message=None)
    return unknown if draw(st.booleans()) else said


@st.composite
def less_said(draw: st.DrawFn, health: Health) -> Health:
    """What the gateway says with a part of it lost, or all."""
    if draw(st.booleans()) or not isinstance(health, BackendHealth):
        return HealthNotKnown("lost")
    left = [_server(draw, it) for it in health.servers if draw(st.integers(0, 3))]
    return BackendHealth(tuple(left))


def accused(diagnosis: Diagnosis) -> set[Backend]:
    """The backends that some error is about."""
    return {it.match.backend for it in diagnosis.errors if it.match.backend is not None}


def of_the_document(diagnosis: Diagnosis) -> set[tuple[str, str | None]]:
    """The errors about no backend: they are read from the document, or from what the gateway says."""
    return {(it.rule, it.match.part) for it in diagnosis.errors if it.match.backend is None}


def met(view: BackendView) -> bool:
    """Whether our own probe met the backend or its refusal, or the gateway's network denies its name."""
    if addresses_there(view.case, view.server) == ():
        return True
    match view.connection:
        case Answered() | HandshakeFailed() | NotConnected("refused"):
            return True
    return False


def of_one_kind(view: BackendView) -> bool:
    """Whether all connections that one request to the backend resembles, of the probe or of a client, ended the same.

    The same end is also the same handshake: of two certificates for one name, the one that is left speaks for itself.
    """
    clients = (it.attempt for it in view.case.clients_of(view.backend))
    return all(_ended_the_same(view.case, it) for it in (view.probe_attempt, *clients))


def _ended_the_same(case: Case, own: Attempt) -> bool:
    same = (it.outcome for it in case.observations if it.attempt.handshake == own.handshake)
    ends = {_end(it) for it in same if not isinstance(it, NotTried)}
    return len(ends) < 2


def _end(outcome: Outcome) -> object:
    match outcome:
        case Answered(handshake=handshake):
            return Answered, handshake
        case NotConnected(kind=kind):
            return NotConnected, kind
    return type(outcome)


def called_healthy(case: Case) -> bool:
    """Whether the gateway's own word for every backend is that it is healthy."""
    said = [BackendView(case, it).server_health for it in case.backends]
    return all(it is not None and it.state in ("healthy", "draining") for it in said)


@many
@given(st.data(), cases())
def test_what_we_no_longer_see_accuses_nobody(data: st.DataObject, made: Case) -> None:
    before = diagnose(made, RULES)
    after = diagnose(data.draw(less_seen(made)), RULES)
    assert not [it for it in accused(after) - accused(before) if of_one_kind(BackendView(made, it))]
    assert of_the_document(after) == of_the_document(before)


@many
@given(st.data(), cases())
def test_without_the_gateways_word_only_what_we_met_is_accused(
    data: st.DataObject, made: Case
) -> None:
    less = replace(made, health=data.draw(less_said(made.health)))
    new = accused(diagnose(less, RULES)) - accused(diagnose(made, RULES))
    assert all(met(BackendView(less, backend)) for backend in new)


@many
@given(st.data(), cases())
def test_nothing_becomes_healthy_by_losing_evidence(data: st.DataObject, made: Case) -> None:
    less = data.draw(less_seen(made))
    if data.draw(st.booleans()):
        less = replace(less, health=data.draw(less_said(made.health)))
    before, after = diagnose(made, RULES), diagnose(less, RULES)
    if before.verdict != "healthy" and after.verdict == "healthy":
        assert less.backends
        assert called_healthy(less)


@many
@given(cases())
def test_where_all_evidence_is_lost_nobody_is_accused_and_nothing_is_healthy(made: Case) -> None:
    blind = replace(
        made,
        observations=(),
        lookups=(),
        health=HealthNotKnown("lost"),
        network=Unavailable("lost"),
    )
    diagnosis = diagnose(blind, RULES)
    assert not accused(diagnosis)
    assert of_the_document(diagnosis) <= of_the_document(diagnose(made, RULES))
    assert diagnosis.verdict != "healthy" or not made.backends
