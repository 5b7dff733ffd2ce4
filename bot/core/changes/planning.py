"""A trial that worked -> a plan: what exactly changes, what it affects, what must still be true at the press."""

from collections.abc import Iterator
from typing import assert_never

from bot.core.arm import edit
from bot.core.arm.document import Document, text_of, without_surrogates
from bot.core.arm.edit import Edit, Item, Reference, Value
from bot.core.arm.provisioning import has_failed, is_busy
from bot.core.arm.verification import content_digest, differences, where
from bot.core.case.view import view_of
from bot.core.changes.plan import BlastRadius, CertificateFacts, Expectation, Line, Plan
from bot.core.changes.remark import Remark
from bot.core.changes.remark_text import remark
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark, plain
from bot.core.remedies.assumption import Resolves
from bot.core.remedies.edit_builder import (
    POOLS,
    PROBES,
    PROXY_SETTINGS,
    ROUTING_RULES,
    SETTINGS,
    settings_collection,
)
from bot.core.remedies.option import Proposal
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import WhatIf
from bot.core.routing.routes import Route, routes

COLLECTIONS = {
    "authenticationCertificates": "authentication certificate",
    "trustedRootCertificates": "trusted root certificate",
    SETTINGS: "HTTP settings",
    PROXY_SETTINGS: "backend settings",
    PROBES: "health probe",
    POOLS: "backend pool",
    ROUTING_RULES: "routing rule",
}


def make_plan(what_if: WhatIf, trial: Trial) -> Plan:
    """The plan of an option that was tried on paper.

    Raises:
        ValueError: the trial has no proposal, so there is nothing to plan.
        Conflict: the edits do not fit the document.
    """
    if trial.proposal is None:
        raise ValueError(f"{trial.option.id} is not applicable here: {plain(trial.reason)}")
    gateway = what_if.case.gateway
    after = what_if.after(trial.proposal)
    touched = _touched_routes(what_if, trial.proposal)
    places = {it.place for it in touched}
    probed = ((*it.place, it.server) for it in after.backends)
    return Plan(
        gateway_id=gateway.id,
        gateway_name=gateway.name,
        etag=gateway.etag,
        option=trial.option.id,
        title=trial.option.title,
        edits=trial.proposal.edits,
        lines=lines(trial.proposal.edits),
        certificates=tuple(map(_facts, trial.proposal.certificates)),
        expects=tuple(_expectations(what_if, trial.proposal, touched)),
        blast_radius=_blast_radius(touched),
        watched=tuple(sorted({it for it in probed if it[:2] in places})),
        probe_interval=_interval(what_if, touched),
        relief=trial.relief,
        content=content_digest(what_if.document),
        notes=tuple(_state_notes(failed=gateway.has_failed, busy=gateway.is_busy))
        if trial.proposal.edits
        else (),
    )


def undo_plan(done: Plan, document: Document, before: Document | None = None) -> Plan:
    """The plan that takes a finished one back, made against the gateway as it is now.

    `before` is the gateway as it was before the finished one: what else differs from it is told.

    Raises:
        Conflict: somebody changed what the plan had made; the text says what.
    """
    after = edit.apply(done.undo, document)
    stays = differences(before, after) if before is not None else ()
    return Plan(
        gateway_id=done.gateway_id,
        gateway_name=done.gateway_name,
        etag=text_of(document.get("etag")) or "",
        option=done.option,
        title=f"Undo: {done.title}",
        edits=done.undo,
        lines=lines(done.undo),
        certificates=done.certificates,
        expects=(),
        blast_radius=done.blast_radius,
        watched=done.watched,
        probe_interval=done.probe_interval,
        content=content_digest(document),
        notes=(
            *_state_notes(failed=has_failed(document), busy=is_busy(document)),
            *((remark("stays", where=where(stays)),) if stays else ()),
        ),
    )


def _state_notes(*, failed: bool, busy: bool) -> Iterator[Remark]:
    """What the gateway's state means for a change.

    The cure for Failed: https://learn.microsoft.com/azure/networking/troubleshoot-failed-state
    """
    if failed:
        yield remark("cures_failed")
    elif busy:
        yield remark("waits_for_update")


def lines(edits: tuple[Edit, ...]) -> tuple[Line, ...]:
    """The edits as a person reads them."""
    return tuple(_line(one) for one in edits)


def _line(one: Edit) -> Line:
    what = COLLECTIONS.get(one.collection, one.collection)
    match one:
        case Item(action, _, name):
            place = f"{what} {mark(name)}"
            if action == "add":
                return Line(place, "not there", "added")
            return Line(place, "added", "removed")
        case Reference(action, _, name, field, target):
            shown = mark(target.rpartition("/")[2])
            place = f"{what} {mark(name)}, {COLLECTIONS.get(field, field)}s"
            lacking, having = f"without {shown}", f"with {shown}"
            if action == "add":
                return Line(place, lacking, having, opposite=True)
            return Line(place, having, lacking, opposite=True)
        case Value(_, name, field, before, after):
            return Line(
                f"{what} {mark(name)}, {mark(field)}",
                without_surrogates(_text(before)),
                without_surrogates(_text(after)),
            )
        case _ as never:
            assert_never(never)


def _text(value: object) -> str:
    match value:
        case None:
            return "not set"
        case bool():
            return "yes" if value else "no"
        case {"id": str(resource_id)}:
            return mark(resource_id.rpartition("/")[2])
        case list():
            return ", ".join(map(_text, value)) or "empty"
        case {"fqdn": server} | {"ipAddress": server}:
            return mark(str(server))
        case str():
            return mark(value) if value else "empty"
        case dict():
            told = (f"{mark(str(key))} {_text(it)}" for key, it in value.items())
            return "; ".join(told) or "empty"
        case _:
            return str(value)


def _facts(certificate: Certificate) -> CertificateFacts:
    return CertificateFacts(
        certificate.subject,
        certificate.issuer,
        certificate.sha256,
        certificate.not_before,
        certificate.not_after,
    )


def _touched_routes(what_if: WhatIf, proposal: Proposal) -> tuple[Route, ...]:
    gateway = what_if.after(proposal).gateway
    names = {(one.collection, one.name.lower()) for one in proposal.edits}
    probes = {probe.id for probe in gateway.probes if (PROBES, probe.name.lower()) in names}
    # Where a rule is moved, those that share its frontend and port may get other requests as well.
    doors = {_door(it) for it in routes(gateway) if (ROUTING_RULES, it.rule.name.lower()) in names}
    return tuple(
        route
        for route in routes(gateway)
        if (settings_collection(route.settings), route.settings.name.lower()) in names
        or (POOLS, route.pool.name.lower()) in names
        or route.settings.probe in probes
        or _door(route) in doors
    )


def _door(route: Route) -> tuple[str | None, int | None]:
    return route.listener.frontend, route.listener.port


def _expectations(
    what_if: WhatIf, proposal: Proposal, touched: tuple[Route, ...]
) -> Iterator[Expectation]:
    after = what_if.after(proposal)
    places = {route.place for route in touched}
    supposed = {it.name: it.address for it in proposal.assumptions if isinstance(it, Resolves)}
    seen: set[tuple[str, int, str | None]] = set()
    for backend in after.backends:
        attempt = view_of(after, backend).probe_attempt
        handshake = after.handshake(attempt)
        here = backend.place in places
        if not here or attempt.handshake in seen or handshake is None or handshake.leaf is None:
            continue
        seen.add(attempt.handshake)
        server, port, sni = attempt.handshake
        yield Expectation(supposed.get(server, server), port, sni, handshake.leaf.sha256)


def _blast_radius(touched: tuple[Route, ...]) -> BlastRadius:
    return BlastRadius(
        settings=_unique(route.settings.name for route in touched),
        pools=_unique(route.pool.name for route in touched),
        rules=_unique(route.rule.name for route in touched),
        listeners=_unique(route.listener.name for route in touched),
        hosts=_unique(host for route in touched for host in route.listener.hosts),
    )


def _unique(names: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _interval(what_if: WhatIf, touched: tuple[Route, ...]) -> int:
    gateway = what_if.case.gateway
    probes = (gateway.probe_of(route.settings) for route in touched)
    return max((probe.interval for probe in probes if probe is not None), default=30)
