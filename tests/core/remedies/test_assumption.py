"""Each assumption changes the one thing on paper that it speaks of."""

from dataclasses import replace

from bot.core.case.case import AssumedCertificate, Case
from bot.core.model.health import BackendHealth, SimulatedHealth
from bot.core.remedies.assumption import (
    Assumption,
    GatewayStarted,
    LargeHelloTaken,
    PathOpened,
    Resolves,
    assuming,
)
from tests.core.make import APP, HOST, ILB, SERVER, answered, case, document
from tests.core.naming import NO_NAME, lookup

HELD = AssumedCertificate(SERVER, 443, APP)
OTHER = AssumedCertificate("10.1.5.12", 443, ILB)


def stopped() -> Case:
    made = case(document(), answered(ILB))
    return replace(
        made,
        gateway=replace(made.gateway, operational_state="Stopped"),
        lookups=(lookup(NO_NAME),),
    )


def with_assumed(*assumptions: Assumption) -> tuple[object, ...]:
    """What the case says then of names, look-ups, certificates, health and the gateway's state."""
    found = assuming(stopped(), assumptions)
    return (
        found.aliases,
        len(found.lookups),
        found.assumed_certificates,
        type(found.health),
        found.gateway.operational_state,
    )


def test_nothing_assumed_changes_nothing() -> None:
    assert with_assumed() == ((), 1, (), BackendHealth, "Stopped")
    assert assuming(stopped(), ()) == stopped()


def test_each_changes_what_it_speaks_of_and_no_more() -> None:
    found = {it: with_assumed(it) for it in (PathOpened(), LargeHelloTaken(), GatewayStarted())}
    assert found == {
        PathOpened(): ((), 0, (), BackendHealth, "Stopped"),
        LargeHelloTaken(): ((), 1, (), SimulatedHealth, "Stopped"),
        GatewayStarted(): ((), 1, (), BackendHealth, "Running"),
    }
    assert with_assumed(HELD) == ((), 1, (HELD,), BackendHealth, "Stopped")
    assert with_assumed(Resolves(HOST, SERVER)) == (
        ((HOST, SERVER),),
        0,
        (),
        BackendHealth,
        "Stopped",
    )


def test_several_add_up_in_any_order() -> None:
    every = (HELD, GatewayStarted(), Resolves(HOST, SERVER), PathOpened(), OTHER, LargeHelloTaken())
    names = ((HOST, SERVER),)
    assert with_assumed(*every) == (names, 0, (HELD, OTHER), SimulatedHealth, "Running")
    backwards = with_assumed(*reversed(every))
    assert backwards == (names, 0, (OTHER, HELD), SimulatedHealth, "Running")
