from typing import Any

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.model.health import BackendHealth, ServerHealth
from bot.core.model.observation import NotConnected
from bot.core.rules import RULES
from bot.core.rules.min_servers_hides_failures import RULE
from tests.core.asking import matches, quiet
from tests.core.make import SERVER, case, document, probe

KEEPS_ONE = document(probes=[probe(minServers=1)])
TWO = document(probes=[probe(minServers=1)], servers=(SERVER, "10.1.5.12"))
REFUSED = NotConnected("refused", SERVER, "connection refused")


def test_matches_once_for_a_pool() -> None:
    (summary,) = matches(RULE, case(TWO))
    assert summary.startswith("Probe probe keeps 1 of 2 in pool healthy whatever they answer")


def test_is_quiet_without_a_floor_or_without_a_custom_probe() -> None:
    assert quiet(RULE, case())
    assert quiet(RULE, case(document(probes=[])))


def test_a_server_that_is_only_kept_healthy_is_not_believed_to_be() -> None:
    kept = diagnose(case(KEEPS_ONE, REFUSED, state="healthy"), RULES)
    assert [it.rule for it in kept.errors] == ["port_refused"]
    believed = diagnose(case(document(), REFUSED, state="healthy"), RULES)
    assert believed.errors == ()


def test_more_healthy_servers_than_the_floor_are_healthy_by_themselves() -> None:
    made = case(TWO, REFUSED, state="healthy")
    assert diagnose(made, RULES).errors == ()
    first, second = made.backends
    health = BackendHealth(
        (
            ServerHealth(first.pool.id, first.settings.id, first.server, "healthy", None),
            ServerHealth(second.pool.id, second.settings.id, second.server, "unhealthy", None),
        )
    )
    one_left = case(TWO, REFUSED, health=health)
    assert first in {it.match.backend for it in diagnose(one_left, RULES).errors}


@pytest.mark.parametrize("floor", [None, True, {}, "one"])
def test_a_missing_or_unreadable_floor_is_none(floor: Any) -> None:
    assert quiet(RULE, case(document(probes=[probe(minServers=floor)])))
