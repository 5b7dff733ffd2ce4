"""What stands in the way of "no fault is left": faults that only the gateway sees, and what was not asked yet."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis.follow_up_probes import attempts_on_paper
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.marked import plain as in_words
from bot.core.model.observation import Answered, Attempt, HandshakeFailed, NotConnected, Response
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.trial import CannotTell, FaultsLeft, NoFaultLeft, Trial
from bot.core.remedies.what_if import attempts_to_judge, try_options
from bot.core.rules import RULES
from tests.core.clients import also_on_paper, by_path, http, looked_at, plain
from tests.core.make import (
    APP,
    HOST,
    SERVER,
    document,
    handshake,
    item,
    probe,
    v2_settings,
    what_if,
)

NAME = "web.internal"
SECOND = "10.1.5.13"
OLD = "old.example"
NO_CONNECTION = (
    "Cannot connect to the backend server. Check whether any NSG/UDR/Firewall is blocking access."
)
NO_NAME = "The FQDN configured in the backend pool could not be resolved to an IP address."
REFUSED = NotConnected("refused", SERVER, "connection refused")


def tried(made: Case, base: Any, option: str) -> Trial:
    found = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
    return next(it for it in found if it.option.id == option)


def named(**changes: Any) -> Any:
    """Plain HTTP to a member with a name; the probe asks for a host that the server does not know."""
    pool = item("backendAddressPools", "pool", backendAddresses=[{"fqdn": NAME}])
    old = probe(protocol="Http", path="/health", host=OLD)
    return http(top={"backendAddressPools": [pool], "probes": [old]})


def by_host(asked: Attempt) -> int:
    return 404 if asked.host == OLD else 200


@pytest.mark.parametrize(("message", "heals"), [(None, True), (NO_NAME, False)])
def test_a_fault_that_only_the_gateway_sees_beside_another_one(
    message: str | None, heals: bool
) -> None:
    """A better host for the probe does not make the gateway resolve the member's name."""
    made = looked_at(named(), plain(by_host), state="unhealthy", message=message)
    trial = tried(made, named(), "set_host_name")
    if heals:
        assert isinstance(trial.outcome, NoFaultLeft)
    else:
        assert isinstance(trial.outcome, CannotTell)
        assert in_words(trial.outcome.because) == (
            "only the gateway's own report shows this: The gateway cannot resolve the name web.internal."
        )


@pytest.mark.parametrize("second", [200, REFUSED])
def test_every_address_of_a_name_is_asked_with_the_new_request(second: Any) -> None:
    base = named()

    def page(asked: Attempt) -> Any:
        return second if asked.server == SECOND else by_host(asked)

    first = looked_at(base, plain(page), state="unhealthy")
    there = tuple(replace(it, addresses=(SERVER, SECOND)) for it in first.observations)
    made = replace(first, observations=there)
    found = tried(made, base, "set_host_name")
    asked = attempts_to_judge(what_if(made, base), [found])
    assert {it.server for it in asked if it.host == HOST} >= {SERVER, SECOND}
    trial = tried(also_on_paper(made, base, plain(page)), base, "set_host_name")
    assert isinstance(trial.outcome, NoFaultLeft if second == 200 else FaultsLeft)


def _nameless() -> Any:
    return document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[v2_settings(probe=None)],
        probes=[],
    )


def twice_on_paper(made: Case, base: Any, page: Callable[[Attempt], Any]) -> Case:
    return also_on_paper(also_on_paper(made, base, page), base, page)


@pytest.mark.parametrize("large", [True, False])
def test_a_large_hello_is_tried_once_the_small_one_gets_through(large: bool) -> None:
    """Without SNI the handshake failed, whatever its length."""
    base = _nameless()
    too_long = HandshakeFailed("closed", SERVER, None, "it closed the connection")
    nameless = HandshakeFailed("alert", SERVER, 112, "unrecognized name")

    def page(asked: Attempt) -> Any:
        if asked.sni is None:
            return nameless
        if asked.hello == "full" and not large:
            return too_long
        return Answered(SERVER, handshake(APP, public=0), Response(200, None, ""))

    made = looked_at(base, page, state="unhealthy", message=NO_CONNECTION)
    assert isinstance(tried(made, base, "set_host_name").outcome, NoFaultLeft | CannotTell)
    trial = tried(twice_on_paper(made, base, page), base, "set_host_name")
    assert isinstance(trial.outcome, NoFaultLeft if large else FaultsLeft)
    if not large:
        assert "but not with a large one" in in_words(trial.because or "")


def test_only_probes_that_the_change_brings_are_looked_at_again() -> None:
    made = looked_at(_nameless(), lambda _: 200, state="unhealthy", message=NO_CONNECTION)
    assert list(attempts_on_paper(made, made)) == []


_SLOW = probe(protocol="Http", path="/health", host=OLD, timeout=1)
"""The health page is a site of its own, and takes longer than the probe waits."""


@pytest.mark.parametrize(
    ("said", "statuses", "heals"),
    [(429, "200-399", False), (200, "200-399", True), (429, "200-499", True)],
)
def test_a_server_without_a_page_for_clients_is_not_given_them_back(
    said: int, statuses: str, heals: bool
) -> None:
    slow = {**_SLOW["properties"], "match": {"statusCodes": [statuses]}}
    base = http(top={"probes": [{**_SLOW, "properties": slow}]})
    page = plain(lambda it: 200 if it.host == OLD else said)
    made = looked_at(base, page, seconds=3.0, state="unhealthy")
    trial = tried(made, base, "raise_probe_timeout")
    if heals:
        assert isinstance(trial.outcome, NoFaultLeft)
    else:
        assert isinstance(trial.outcome, CannotTell)
        assert in_words(trial.outcome.because) == (
            f"no page is known that {SERVER} gives to clients: it answers 429"
        )


def test_what_clients_get_all_the_same_is_named() -> None:
    """The health page is answered for its own host, and clients' is forbidden: more time does not end that."""
    page = plain(lambda it: 200 if it.host == OLD else 403)
    base = http(top={"probes": [_SLOW]})
    made = looked_at(base, page, seconds=3.0, state="unhealthy")
    trial = tried(made, base, "raise_probe_timeout")
    assert isinstance(trial.outcome, FaultsLeft)
    assert {it.rule for it in trial.outcome.findings} == {"live_host_unknown"}


def test_a_server_that_was_well_is_left_as_it_is() -> None:
    """Another pool's server gives clients no page either: that is none of this change's business."""
    base = http(top=by_path("/api/*") | {"probes": [_SLOW]})
    page = plain(lambda it: 200 if it.host == OLD or it.server == SERVER else 429)
    made = looked_at(base, page, seconds=3.0, state=None)
    quick = tuple(
        replace(it, seconds=0.1 if it.attempt.server != SERVER else it.seconds)
        for it in made.observations
    )
    trial = tried(replace(made, observations=quick), base, "raise_probe_timeout")
    assert isinstance(trial.outcome, NoFaultLeft)
