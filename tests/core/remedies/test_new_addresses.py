"""A change that leads to another port is judged by every address of the name, as far as they were seen there."""

from dataclasses import replace

from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.observation import NotConnected, Observation, Outcome
from bot.core.remedies.new_addresses import not_seen_everywhere
from tests.core.make import APP, answered
from tests.core.naming import A, B, by_address

WELL = answered(APP)
REFUSED = NotConnected("refused", A, "connection refused")
SILENT = NotConnected("timeout", B, "no answer within 5.0 s")


def moved(second: Outcome) -> tuple[Case, Case]:
    """Both addresses refuse; and the same gateway with another port, on which the first one answers."""
    now = by_address({A: REFUSED, B: REFUSED}, (A, B))
    settings = tuple(replace(it, port=8443) for it in now.gateway.http_settings)
    then = replace(now, gateway=replace(now.gateway, http_settings=settings))
    asked = BackendView(then, then.backends[0]).probe_attempt
    seen = (Observation(replace(asked, server=it), end) for it, end in ((A, WELL), (B, second)))
    return now, replace(then, observations=(*then.observations, *seen))


def test_an_address_that_did_not_answer_there_leaves_it_open() -> None:
    now, then = moved(SILENT)
    open_ = not_seen_everywhere(now, then, now.backends)
    assert open_ is not None
    assert B in open_.because
    assert "no answer on port 8443" in open_.because
    assert not_seen_everywhere(now, then, ()) is None


def test_it_is_settled_where_each_was_seen_or_nothing_of_the_connection_changes() -> None:
    for now, then in (moved(WELL), moved(REFUSED)):
        assert not_seen_everywhere(now, then, now.backends) is None
    now, _ = moved(SILENT)
    assert not_seen_everywhere(now, now, now.backends) is None
