"""What the button of an option would write, before anybody presses it: `agw plan` shows it, and writes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.core.arm import edit
from bot.core.arm.document import Document, items, name_of, properties_of
from bot.core.arm.edit import Edit, Item
from bot.core.case.case import AssumedCertificate
from bot.core.changes.plan import Plan
from bot.core.changes.planning import make_plan
from bot.core.changes.remark_text import in_words
from bot.core.model.marked import plain, without_marks
from bot.core.remedies.relief import FaultyPart
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import WhatIf
from bot.core.report.option_facts import OptionFacts, option_facts, option_json
from bot.core.report.report import SCHEMA


@dataclass(frozen=True, slots=True)
class PlannedEdit:
    """One place of the document: its value before and after; None: there is none."""

    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Planned:
    """One option on this gateway. `plan` None: it does not apply here.

    `document` None, and no edits: nothing can be written yet, since it is done elsewhere, or since a certificate is
    needed first that nobody has seen.
    """

    option: OptionFacts
    plan: Plan | None
    edits: tuple[PlannedEdit, ...]
    document: Document | None


def planned(what_if: WhatIf, trial: Trial, best: Trial | None) -> Planned:
    """The plan of a trial, and the whole document as its PUT would send it.

    Raises:
        Conflict: the edits do not fit the document.
    """
    option = option_facts(trial, best)
    if trial.proposal is None:
        return Planned(option, None, (), None)
    plan = make_plan(what_if, trial)
    unseen = any(isinstance(it, AssumedCertificate) for it in trial.proposal.assumptions)
    if unseen or not plan.edits:
        return Planned(option, plan, (), None)
    document = edit.apply(plan.edits, what_if.document)
    return Planned(option, plan, tuple(_edits(plan.edits, what_if.document, document)), document)


def plan_json(made: Planned) -> dict[str, Any]:
    """The public document, schema 1.

    Names stand in its sentences without marks; `document` and the edits are exactly what is sent.
    """
    option, plan = made.option, made.plan
    said = {
        "schema": SCHEMA,
        "option": option.id,
        **{key: it for key, it in option_json(option).items() if key in _OF_OPTION},
        "etag": plan.etag if plan else None,
        "shared_by": _shared_by(plan) if plan else None,
        "certificates": _certificates(plan) if plan else [],
        "notes": [in_words(it) for it in plan.notes] if plan else [],
        **_relief(plan),
    }
    exact = {
        "edits": [{"path": it.path, "before": it.before, "after": it.after} for it in made.edits],
        "document": made.document,
    }
    return {**without_marks(said), **exact}


def no_plan_json(because: str) -> dict[str, Any]:
    """The same document where there is no option to plan, and why."""
    nothing = {
        "schema": SCHEMA,
        "option": None,
        "because": plain(because),
        "notes": [],
        **_relief(None),
    }
    return {**nothing, "edits": [], "document": None}


_OF_OPTION = (
    "title",
    "recommended",
    "works",
    "automated",
    "together_with",
    "effect",
    "because",
    "steps",
)


def _edits(edits: Iterable[Edit], before: Document, after: Document) -> Iterator[PlannedEdit]:
    """Each place once, however many edits it takes."""
    for one in {each.place: each for each in edits}.values():
        yield PlannedEdit(one.place, _at(one, before), _at(one, after))


def _at(one: Edit, document: Document) -> Any:
    """What stands in the place of an edit."""
    entries = items(document, one.collection)
    entry = next((it for it in entries if name_of(it).lower() == one.name.lower()), {})
    return (entry or None) if isinstance(one, Item) else properties_of(entry).get(one.field)


def _relief(plan: Plan | None) -> dict[str, Any]:
    relief = plan.relief if plan else None
    return {
        name: [_part(it) for it in (getattr(relief, name) if relief else ())]
        for name in ("heals", "still_at_fault", "cannot_tell", "breaks")
    }


def _part(part: FaultyPart) -> dict[str, Any]:
    return {
        "pool": part.pool,
        "http_settings": part.http_settings,
        "server": part.server,
        "part": part.part,
        "rules": list(part.rules),
        "because": part.because,
    }


def _shared_by(plan: Plan) -> dict[str, list[str]]:
    radius = plan.blast_radius
    return {name: list(getattr(radius, name)) for name in radius.__slots__}


def _certificates(plan: Plan) -> list[dict[str, str]]:
    return [
        {
            "subject": it.subject,
            "issuer": it.issuer,
            "sha256": it.sha256,
            "not_before": it.not_before.isoformat(),
            "not_after": it.not_after.isoformat(),
        }
        for it in plan.certificates
    ]
