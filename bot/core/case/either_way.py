"""Clients' requests that fail by each of their readings, though by each for another reason: no question is left there.

A rule looks for one cause. Where only some readings of a request show it, the rule says that it cannot tell
(`bot.core.case.audiences`); whether the others show another cause is seen here, where all rules have been heard.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from bot.core.case.finding import ByReading, Finding, OpenQuestion
from bot.core.case.rule import Rule
from bot.core.routing.client_way import ClientWay
from bot.core.routing.gateway_request import GatewayRequest
from bot.core.routing.routes import Backend

Request = tuple[Backend | None, ClientWay]


def either_way(
    questions: Sequence[OpenQuestion], rules: Mapping[str, Rule]
) -> tuple[tuple[Finding, ...], tuple[OpenQuestion, ...]]:
    """The faults that such questions come to, each once for its sites; and those that stay, each doubt of a site once.

    `rules`, by id. A question of a rule that finds no faults stays one.
    """
    failing = _failing([it for it in questions if rules[it.rule].severity == "error"])
    found: dict[tuple[str, Backend | None, tuple[str, ...]], Finding] = {}
    told: dict[object, ClientWay] = {}
    left: list[OpenQuestion] = []
    for it in questions:
        rule, read = rules[it.rule], it.undecided.by_reading
        if read is None:
            left.append(it)
        elif rule.severity == "error" and _request(it, read) in failing:
            match = read.either_way
            finding = Finding(rule.id, rule.severity, match, rule.sources)
            found.setdefault((rule.id, match.backend, match.sites), finding)
        # Of a site one path is enough.
        elif told.setdefault((it.rule, it.undecided.backend, _doubt(read)), read.way) == read.way:
            left.append(it)
    return tuple(found.values()), tuple(left)


def _failing(questions: Iterable[OpenQuestion]) -> Collection[Request]:
    """The requests of which every reading shows a fault."""
    shown: dict[Request, set[GatewayRequest]] = {}
    every: dict[Request, frozenset[GatewayRequest]] = {}
    for request, read in _read(questions):
        shown.setdefault(request, set()).update(read.shown_by)
        every[request] = read.every
    return {it for it, readings in shown.items() if readings >= every[it]}


def _read(questions: Iterable[OpenQuestion]) -> Iterator[tuple[Request, ByReading]]:
    for it in questions:
        read = it.undecided.by_reading
        # Of requests of which nobody knows whether clients make them, nothing is certain.
        if read is not None and read.way.condition is None:
            yield _request(it, read), read


def _request(it: OpenQuestion, read: ByReading) -> Request:
    return it.undecided.backend, read.way


def _doubt(read: ByReading) -> tuple[str, str]:
    return read.way.site, read.doubt
