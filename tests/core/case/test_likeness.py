"""Backends that differ by their address alone: what is said of each is what is said if each is looked at by itself."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis.large_client_hello import suspicion, untold_on_paper
from bot.core.analysis.probe_fault import certificate_at_fault, fault_seen, faultless
from bot.core.arm.document import Json
from bot.core.case import likeness
from bot.core.case.attempts import wanted_attempts
from bot.core.case.case import AssumedCertificate, Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.likeness import heard, kinds
from bot.core.case.view import BackendView, views
from bot.core.model.health import BackendHealth, HealthNotKnown, SimulatedHealth
from bot.core.model.observation import (
    HandshakeFailed,
    NoResponse,
    NotConnected,
    NotTried,
    Observation,
    Outcome,
    Response,
    Unresolved,
)
from bot.core.routing.readings import Reading
from bot.core.routing.rewrites import Rewritten
from bot.core.rules import RULES
from tests.core.make import APP, ILB, answered, case, certificate, document, v2_settings

OF_ALIKE: tuple[Callable[[BackendView], Any], ...] = (
    fault_seen,
    certificate_at_fault,
    faultless,
    suspicion,
    untold_on_paper,
)
SERVERS = tuple(f"10.2.0.{number}" for number in range(1, 13))
ENDS: dict[str, Callable[[str], Outcome]] = {
    "answered": lambda _: answered(APP, public=0),
    "refused": lambda server: NotConnected("refused", server, "connection refused"),
    "told with its address": lambda server: NotConnected("refused", server, f"{server} refused"),
    "alert": lambda server: HandshakeFailed("alert", server, 40, "handshake failure"),
    "alert with its address": lambda server: HandshakeFailed("alert", server, 40, f"by {server}"),
    "not found": lambda _: answered(APP, status=404, public=0),
    "another certificate": lambda _: answered(ILB),
    "its own certificate": lambda server: answered(certificate(server)),
    "no answer": lambda _: replace(answered(APP, public=0), http=NoResponse("closed", "closed")),
    "redirect to itself": lambda server: replace(
        answered(APP, public=0), http=Response(302, f"https://{server}/", "")
    ),
    "not tried": lambda _: NotTried("no time was left"),
    "not resolved": lambda server: Unresolved(server, "no such name"),
}


def seen(
    ends: Callable[[int, str], Outcome | None], settings: Json | None = None, **changes: Any
) -> Case:
    """A v2 gateway with twelve servers, and what came of what is asked of each."""
    own = settings or v2_settings()
    base = document(tier="Standard_v2", servers=SERVERS, backendHttpSettingsCollection=[own])
    empty = case(base, **changes)
    found = (
        (it, ends(SERVERS.index(it.server), it.server))
        for it in wanted_attempts(empty)
        if it.server in SERVERS
    )
    observations = tuple(Observation(it, end) for it, end in found if end is not None)
    return replace(empty, observations=observations)


def asked_of(made: Case) -> list[str]:
    """The servers about which a check is asked that says nothing."""
    asked: list[str] = []

    def silent(view: BackendView) -> tuple[()]:
        asked.append(view.server)
        return ()

    assert list(heard(kinds(made), silent)) == []
    return asked


def without_clients(made: Case) -> Case:
    """The same with none of clients' requests."""
    return replace(made, _ends=replace(made._ends, clients=(), _by_backend={}))


@pytest.mark.unmeasured
@pytest.mark.parametrize("kind", ENDS)
def test_the_same_is_said_as_of_each_by_itself(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    every = list(ENDS.values())
    host_of_server = v2_settings(pickHostNameFromBackendAddress=True)
    made_of: tuple[Callable[[int, str], Outcome | None], ...] = (
        lambda at, server: every[at % len(every)](server),
        lambda _, server: ENDS[kind](server),
        lambda at, server: ENDS[kind](server) if at % 3 else None,
    )
    for made in (seen(it, own) for it in made_of for own in (None, host_of_server)):
        for one in (made, without_clients(made)):
            for health in (one.health, HealthNotKnown("no permission"), SimulatedHealth()):
                judged = diagnose(replace(one, health=health), RULES)
                with monkeypatch.context() as patched:
                    patched.setattr(likeness, "_kind", lambda _: None)
                    assert diagnose(replace(one, health=health), RULES) == judged


@pytest.mark.parametrize(
    "kind", ["answered", "refused", "alert", "not found", "another certificate", "no answer"]
)
def test_one_of_those_that_are_alike_is_asked_about(kind: str) -> None:
    made = without_clients(seen(lambda _, server: ENDS[kind](server)))
    assert asked_of(made) == [SERVERS[0]]
    two = without_clients(seen(lambda at, server: ENDS[kind](server) if at % 2 else None))
    assert asked_of(two) == list(SERVERS[:2])


@pytest.mark.parametrize(
    "kind",
    [
        "told with its address",
        "alert with its address",
        "its own certificate",
        "redirect to itself",
        "not resolved",
    ],
)
def test_each_is_asked_about_whose_address_is_in_what_was_seen(kind: str) -> None:
    made = without_clients(seen(lambda _, server: ENDS[kind](server)))
    assert asked_of(made) == list(SERVERS)


def test_whoever_is_told_of_elsewhere_is_asked_about() -> None:
    made = without_clients(seen(lambda _, server: ENDS["answered"](server)))
    assumed = replace(made, assumed_certificates=(AssumedCertificate(SERVERS[4], 443, APP),))
    assert asked_of(assumed) == [SERVERS[0], SERVERS[4]]
    alias = replace(made, aliases=(("a.example", SERVERS[6]),))
    assert asked_of(alias) == [SERVERS[0], SERVERS[6]]


def test_what_the_gateway_says_tells_them_apart() -> None:
    made = without_clients(seen(lambda _, server: ENDS["answered"](server)))
    assert isinstance(made.health, BackendHealth)
    first, second, *others = made.health.servers
    named = replace(second, message=f"Cannot connect to {second.server}")
    health = BackendHealth((replace(first, state="healthy"), named, *others))
    assert asked_of(replace(made, health=health)) == [*SERVERS[:3]]
    assert asked_of(replace(made, health=SimulatedHealth(health))) == [*SERVERS[:3]]
    assert asked_of(replace(made, health=HealthNotKnown("no permission"))) == [SERVERS[0]]


def test_how_long_it_took_counts_in_whole_seconds() -> None:
    made = without_clients(seen(lambda _, server: ENDS["answered"](server)))
    takes = dict(zip(SERVERS, (0.2, 0.4, 1.0, 1.5, 1.7), strict=False))
    seconds = tuple(
        replace(it, seconds=takes.get(it.attempt.server, 0.3)) for it in made.observations
    )
    assert asked_of(replace(made, observations=seconds)) == [SERVERS[0], SERVERS[2], SERVERS[3]]


def test_the_way_to_a_server_tells_none_apart() -> None:
    def there(_: int, server: str) -> Outcome:
        return replace(answered(APP, public=0), address=f"{server} via 127.0.0.1:8443")

    assert asked_of(seen(there)) == [SERVERS[0]]


def test_names_are_asked_about_one_by_one() -> None:
    names = ("a.example", "b.example")
    named = case(document(tier="Standard_v2", servers=names))
    assert asked_of(without_clients(named)) == list(names)


def test_those_with_the_same_requests_of_clients_are_alike() -> None:
    made = seen(lambda _, server: ENDS["answered"](server))
    assert len(made.clients) == len(SERVERS)
    assert asked_of(made) == [SERVERS[0]]


def test_those_with_other_requests_of_clients_are_not() -> None:
    made = seen(lambda _, server: ENDS["answered"](server))
    rewritten = Rewritten("other.example", "/", "")
    ways = (
        lambda it: replace(it, request=replace(it.request, path="/other")),
        lambda it: replace(it, way=replace(it.way, path="/other")),
        lambda it: replace(it, others=(Reading(it.request, "nobody knows"),)),
        lambda it: replace(it, rewritten=rewritten),
        lambda it: replace(it, others=(Reading(it.request, "", rewritten),)),
    )
    for change in ways:
        by_backend = {
            (place, server): tuple(map(change, clients)) if server == SERVERS[5] else clients
            for (place, server), clients in made._ends._by_backend.items()
        }
        changed = replace(made, _ends=replace(made._ends, _by_backend=by_backend))
        assert asked_of(changed) == [SERVERS[0], SERVERS[5]]


@pytest.mark.unmeasured
@pytest.mark.parametrize("kind", ENDS)
def test_an_answer_for_all_that_are_alike_is_that_of_each(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = list(ENDS.values())
    for made in (
        seen(lambda at, server: every[at % len(every)](server)),
        seen(lambda at, server: ENDS[kind](server) if at % 3 else None),
    ):
        for health in (made.health, HealthNotKnown("no permission"), SimulatedHealth()):
            one = replace(made, health=health)
            answers = [ask(it) for it in views(one) for ask in OF_ALIKE]
            with monkeypatch.context() as patched:
                patched.setattr(likeness, "_kind", lambda _: None)
                alone = replace(made, health=health)
                assert [ask(it) for it in views(alone) for ask in OF_ALIKE] == answers
