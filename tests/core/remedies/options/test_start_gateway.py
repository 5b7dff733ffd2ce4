"""A stopped gateway."""

from bot.core.remedies.options.start_gateway import OPTION
from tests.core.make import APP, ILB, answered, case, document
from tests.core.remedies.options.trying import best, proposed, refused, trials

STOPPED = document(operationalState="Stopped")


def test_starting_is_recommended_with_the_command() -> None:
    made = case(STOPPED, answered(APP), state=None)
    assert best(made, STOPPED) == "start_gateway"
    steps = proposed(OPTION, made, STOPPED).steps
    assert any("az network application-gateway start -g rg-test" in step for step in steps)


def test_it_is_not_enough_where_more_is_wrong() -> None:
    made = case(STOPPED, answered(ILB), state=None)
    found = trials(made, STOPPED)["start_gateway"]
    assert not found.works
    assert "not be enough" in found.reason
    assert (
        "not be enough: The gateway's operational state is Stopped"
        in trials(made, STOPPED)["upload_ilb_certificate"].reason
    )


def test_is_not_for_a_gateway_that_runs_or_is_starting() -> None:
    assert "its operational state is Running" in refused(OPTION, case(), document())
    base = document(operationalState="Starting")
    assert "its operational state is Starting" in refused(OPTION, case(base), base)
