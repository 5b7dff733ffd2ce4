"""Rules of one kind of fault look where it is, and say what they would say if they looked everywhere."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from bot.core.case import one_kind
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Undecided
from bot.core.case.one_kind import OfKind
from bot.core.case.rule import each_backend
from bot.core.case.view import BackendView
from bot.core.model.health import SimulatedHealth
from bot.core.model.observation import HandshakeFailed, Observation
from bot.core.routing.client_request import ClientRequest
from bot.core.routing.readings import Reading
from bot.core.routing.routes import Backend
from bot.core.rules import RULES
from tests.core.case.test_likeness import ENDS, SERVERS, seen, without_clients
from tests.core.make import v2_settings


class NoSuchCheck:
    """Of which no check is."""


@dataclass(frozen=True)
class Fault:
    """Of one kind."""

    kind: str


def test_it_is_asked_only_where_its_kind_is_and_of_those_that_are_alike_once() -> None:
    made = without_clients(seen(lambda at, server: ENDS["alert" if at % 2 else "refused"](server)))
    looked: list[str] = []

    def find(view: BackendView) -> Fault | None:
        looked.append(view.server)
        return Fault("alert") if isinstance(view.outcome, HandshakeFailed) else None

    def say(view: BackendView, fault: Fault) -> Iterator[Undecided]:
        yield Undecided(fault.kind, view.backend)

    for kind, where in (("alert", SERVERS[1::2]), ("another", ())):
        said = each_backend(OfKind(find, Fault, kind, say))(made)
        assert [(it.backend.server, it) for it in said if it.backend] == [
            (it, Undecided("alert", backend_of(made, it))) for it in where
        ]
    assert looked[:2] == list(SERVERS[:2])
    # Once to learn who has which kind, once to say so of each that has it.
    assert len(looked) == 2 + len(SERVERS[1::2])


def backend_of(made: Case, server: str) -> Backend:
    (found,) = made.backends_of(server)
    return found


@pytest.mark.unmeasured
@pytest.mark.parametrize("kind", ENDS)
def test_the_same_is_said_as_if_all_were_asked(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    every = list(ENDS.values())
    host_of_server = v2_settings(pickHostNameFromBackendAddress=True)
    for own in (None, host_of_server):
        made = seen(
            lambda at, server: (ENDS[kind] if at % 3 else every[at % len(every)])(server), own
        )
        for health in (made.health, SimulatedHealth()):
            judged = diagnose(replace(made, health=health), RULES)
            with monkeypatch.context() as patched:
                patched.setattr(one_kind, "OfKind", NoSuchCheck)
                assert diagnose(replace(made, health=health), RULES) == judged


def test_a_request_by_another_reading_is_asked_about_too(monkeypatch: pytest.MonkeyPatch) -> None:
    made = seen(lambda _, server: ENDS["answered"](server))
    by_backend = {
        place: tuple(map(doubted, clients)) for place, clients in made._ends._by_backend.items()
    }
    refused = tuple(
        Observation(each.other_attempts[0], HandshakeFailed("alert", "", 112, "unrecognized_name"))
        for clients in by_backend.values()
        for each in clients
    )
    made = replace(
        made,
        observations=(*made.observations, *refused),
        _ends=replace(made._ends, _by_backend=by_backend),
    )
    judged = diagnose(made, RULES)
    assert [it.rule for it in judged.undecided if "nobody knows" in it.undecided.because] == [
        "sni_refused"
    ] * len(SERVERS)
    monkeypatch.setattr(one_kind, "OfKind", NoSuchCheck)
    assert diagnose(replace(made), RULES) == judged


def doubted(client: ClientRequest) -> ClientRequest:
    """With a reading that sends another SNI."""
    other = Reading(replace(client.request, sni="other.example"), "nobody knows")
    return replace(client, others=(other,))
