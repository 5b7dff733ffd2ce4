"""A probe that is there already is used, if it is for these settings and the backend answers it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.case.case import Case
from bot.core.model.observation import Attempt, Observation
from bot.core.remedies.options.assign_probe import OPTION
from tests.core.make import APP, HOST, SERVER, answered, case, item, probe, v2_settings
from tests.core.remedies.options.trying import best, carried_out, proposed, refused, v2


def unassigned(*probes: Any, **changes: Any) -> Any:
    """HTTP settings without a probe, on a gateway that has these."""
    base = v2(probes=list(probes or (probe(),)), **changes)
    del base["properties"]["backendHttpSettingsCollection"][0]["properties"]["probe"]
    return base


def asked(base: Any, status: int | None, path: str = "/") -> Case:
    """The default probe gets 404; the request of the other probe is answered so, or was not made (None)."""
    made = case(base, by_sni={None: answered(APP, public=0, status=404)})
    if status is None:
        return made
    attempt = Attempt(SERVER, 443, True, HOST, HOST, path)
    seen = Observation(attempt, answered(APP, public=0, status=status))
    return replace(made, observations=(*made.observations, seen))


def test_a_fitting_probe_is_assigned_and_nothing_else_changes() -> None:
    base = unassigned()
    made = asked(base, 200)
    assert best(made, base) == "assign_probe"
    plan, changed = carried_out("assign_probe", made, base)
    assert [(it.before, it.after) for it in plan.lines] == [("not set", "probe")]
    assert changed["probes"] == base["properties"]["probes"]


def test_a_request_that_nobody_has_made_is_asked_for() -> None:
    base = unassigned(probe(path="/health"))
    found = proposed(OPTION, asked(base, None), base)
    assert found.asks == (Attempt(SERVER, 443, True, HOST, HOST, "/health"),)


def test_of_several_the_one_that_is_answered_is_taken() -> None:
    second = item("probes", "second", **(probe(path="/health")["properties"]))
    base = unassigned(probe(), second)
    made = asked(base, 404)
    attempt = Attempt(SERVER, 443, True, HOST, HOST, "/health")
    well = Observation(attempt, answered(APP, public=0))
    both = replace(made, observations=(*made.observations, well))
    assert "health probe second" in proposed(OPTION, both, base).summary


@pytest.mark.parametrize(
    "other",
    [probe(host="other.example"), probe(protocol="Http"), probe(host=None)],
    ids=["another-site", "another-protocol", "no-host"],
)
def test_a_probe_that_is_not_for_these_settings_is_left_alone(other: Any) -> None:
    base = unassigned(other)
    assert "no unused health probe that fits" in refused(OPTION, asked(base, 200), base)


def test_a_probe_that_others_use_or_that_is_not_answered_is_left_alone() -> None:
    used = unassigned()
    used["properties"]["backendHttpSettingsCollection"].append(v2_settings(name="other"))
    assert "no unused health probe" in refused(OPTION, asked(used, 200), used)
    base = unassigned()
    assert "no unused health probe" in refused(OPTION, asked(base, 503), base)


def test_settings_with_a_probe_keep_it() -> None:
    base = v2()
    assert "have a health probe of their own" in refused(OPTION, case(base, answered(APP)), base)
