"""A lock that is known takes the button away, and says who can remove it."""

from dataclasses import replace

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.model.lock import Lock
from bot.core.model.marked import plain
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import recommended, try_options
from bot.core.rules import RULES
from tests.core.make import APP, ID, answered, case, document, incident, what_if

GROUP = "/subscriptions/s1/resourceGroups/rg-test"


def lock(scope: str) -> Lock:
    return Lock(f"{scope}/providers/Microsoft.Authorization/locks/keep it", "keep it", scope)


def trials(*locks: Lock) -> tuple[Trial, ...]:
    base, made = incident()
    made = replace(made, locks=locks)
    return try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)


@pytest.mark.parametrize(
    ("scope", "place"),
    [(ID, "it"), (GROUP, "its resource group"), ("/subscriptions/s1", "its subscription")],
)
def test_what_helps_still_works_but_the_lock_comes_first(scope: str, place: str) -> None:
    best = recommended(trials(lock(scope)))
    assert best is not None
    assert (best.option.id, best.automated) == ("upload_ilb_certificate", False)
    first, again, *_ = map(plain, best.steps)
    assert "Owner or User Access Administrator" in first
    assert f"the read-only lock keep it on {place} lets nobody change" in first
    assert first.endswith(f"az lock delete --ids '{lock(scope).id}'")
    assert again.startswith("Diagnose again")


def test_no_change_has_a_button_behind_a_lock_and_the_outcomes_are_the_same() -> None:
    free, held = trials(), trials(lock(ID), lock(GROUP))
    assert any(it.automated and it.works for it in free)
    assert not any(it.automated for it in held if it.proposal)
    assert [(it.option, it.outcome) for it in held] == [(it.option, it.outcome) for it in free]
    (best,) = [it for it in held if it is recommended(held)]
    assert sum("az lock delete" in it for it in best.steps) == 2


def test_what_is_done_elsewhere_needs_no_lock_removed() -> None:
    base = document(operationalState="Stopped")
    made = replace(case(base, answered(APP), state="healthy"), locks=(lock(ID),))
    found = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
    start = next(it for it in found if it.option.id == "start_gateway")
    assert not any("az lock" in it for it in start.steps)
