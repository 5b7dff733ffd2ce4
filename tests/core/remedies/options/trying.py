"""Try options on a case through the whole machinery: diagnosis, paper trials, plan, undo."""

from typing import Any

from bot.core.arm import edit
from bot.core.case.case import AssumedCertificate, Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.view import BackendView
from bot.core.changes.plan import Plan
from bot.core.changes.planning import make_plan, undo_plan
from bot.core.model.certificate import Certificate
from bot.core.model.marked import plain
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import WhatIf, recommended, try_options
from bot.core.rules import RULES
from tests.core.make import document, v2_settings, what_if
from tests.core.plainly import plainly


def v2(*, probes: Any = None, top: Any = None, **changes: Any) -> Any:
    """A v2 gateway; `changes` are those of its HTTP settings, `top` those of the document."""
    found = {} if probes is None else {"probes": probes}
    return document(
        tier="Standard_v2",
        **{"backendHttpSettingsCollection": [v2_settings(**changes)], **found, **(top or {})},
    )


def on_paper(case: Case, base: Any) -> WhatIf:
    """What trials of this case work on."""
    stored = (*case.gateway.authentication_certificates, *case.gateway.trusted_roots)
    known = (it.certificate for it in stored)
    return what_if(case, base, *(it for it in known if isinstance(it, Certificate)))


def trials(case: Case, base: Any) -> dict[str, Trial]:
    """What came of every option, by its id."""
    found = try_options(on_paper(case, base), diagnose(case, RULES), OPTIONS)
    return {trial.option.id: plainly(trial) for trial in found}


def best(case: Case, base: Any) -> str | None:
    """The id of the recommended option."""
    found = recommended(trials(case, base).values())
    return found.option.id if found else None


def refused(option: Option, case: Case, base: Any) -> str:
    """Why the option is not applicable to the first backend; fails if it is."""
    found = option.propose(BackendView(case, case.backends[0]), base)
    assert isinstance(found, NotApplicable), found
    return plain(found.reason)


def proposed(option: Option, case: Case, base: Any) -> Proposal:
    """What the option proposes for the first backend; fails if it does not."""
    found = option.propose(BackendView(case, case.backends[0]), base)
    assert isinstance(found, Proposal), found
    return plainly(found)


def assumed_certificates(proposal: Proposal) -> tuple[AssumedCertificate, ...]:
    """The certificates that servers are supposed to show."""
    return tuple(it for it in proposal.assumptions if isinstance(it, AssumedCertificate))


def carried_out(option: str, case: Case, base: Any) -> tuple[Plan, Any]:
    """The plan of an option that works, and the document after it; its undo must give the first one back."""
    trial = trials(case, base)[option]
    assert trial.works, trial.reason
    assert [language for language, _ in trial.as_code] == ["Azure CLI", "Terraform", "Bicep"]
    plan = make_plan(on_paper(case, base), trial)
    changed = edit.apply(plan.edits, base)
    assert edit.apply(undo_plan(plan, changed).edits, changed) == base
    return plainly(plan), changed["properties"]
