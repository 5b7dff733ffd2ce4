"""A site whose requests another listener takes: what its own pool would have answered.

The rules are tried in an order (`bot.core.routing.rule_order`); whether it matters for a site that a broader listener
takes its requests shows only in what its clients get instead.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.core.analysis.probe_answer import SIGN_IN, AnswerFault, answer_fault
from bot.core.analysis.redirects import (
    redirected_astray,
    redirected_in_circles,
)
from bot.core.case.view import BackendView, view_of
from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import RoutingRule
from bot.core.model.observation import Attempt, Response
from bot.core.routing.client_request import ClientRequest
from bot.core.routing.paths import taking_pattern, taking_rule
from bot.core.routing.readings import readings
from bot.core.routing.rewritten_way import asked_url, onwards
from bot.core.routing.routes import Backend, Route, routes, routes_by_path

MOST_SERVERS = 2
"""Servers of its own pool that are asked."""


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """The same request at a server of the site's own pool, by the rule that never gets it."""

    rule: RoutingRule
    client: ClientRequest

    @property
    def backend(self) -> Backend:
        """The server that is asked."""
        return self.client.backend

    @property
    def attempt(self) -> Attempt:
        """The request as an attempt of our own."""
        return self.client.attempt


def own_answers(view: BackendView) -> Iterator[OwnAnswer]:
    """The requests to compare with; none where the site is not hidden, or where it would end at the same place."""
    way = view.client.way if view.client is not None else None
    if way is None or way.hidden is None:
        return
    every = routes(view.gateway)
    own = [it for it in every if it.listener == way.hidden]
    url = asked_url(way.hidden, way.host, way.path)
    for rule in dict.fromkeys(it.rule for it in own):
        chosen = taking_rule(view.gateway.path_rules(rule), way.path)
        pattern = taking_pattern(chosen, way.path) if chosen else None
        onward = onwards(view.gateway, rule, chosen, pattern, url)[0]
        ends = routes_by_path(own, rule, onward.chosen)
        lost = onward.loops or onward.unknown is not None
        if lost or any(it.place == view.backend.place for it in ends):
            continue
        there = replace(
            way,
            condition=None,
            taken_by=onward.pattern,
            rewrites=onward.rewrites,
            rewritten=onward.variants,
        )
        for backend in (it for end in ends for it in _members(view, end)):
            sent = readings(view.gateway, there, backend)[0]
            made = ClientRequest(there, backend, sent.request, rewritten=sent.rewritten)
            yield OwnAnswer(rule, made)


@asked_once
def differing_answer(view: BackendView) -> OwnAnswer | None:
    """A server of the site's own pool that answers its clients otherwise than they are answered; None if none does."""
    given = view.response
    if given is None or _denies_everybody_here(view, given):
        return None
    for it in own_answers(view):
        there = view_of(view.case, it.backend, it.client)
        meant = there.response
        if meant is not None and meant.status < 400 and meant != given and not _in_vain(there):
            return it
    return None


def _in_vain(there: BackendView) -> bool:
    """Whether its clients would get no page from the site's own pool either, or what fails its health probe."""
    astray = redirected_astray(there) is not None
    return astray or redirected_in_circles(there) or _fails_the_probe(there)


def _fails_the_probe(there: BackendView) -> bool:
    """Whether it is the answer that its own pool gives to the health probe, and the gateway does not take it."""
    probe = there.of_probe
    asked = (there.request.host, there.request.path) == (probe.request.host, probe.request.path)
    return asked and isinstance(answer_fault(probe), AnswerFault)


def _denies_everybody_here(view: BackendView, given: Response) -> bool:
    """Whether it turns the health probe away just so, from here: that says nothing of what clients get."""
    probed = view.of_probe.response
    return given.status in SIGN_IN and probed is not None and probed.status == given.status


def _members(view: BackendView, route: Route) -> tuple[Backend, ...]:
    return view.case.backends_at(route.place)[:MOST_SERVERS]
