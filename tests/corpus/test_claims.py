"""No screen calls a gateway healthy of which only a part was asked, and each says how much that was."""

import html
from dataclasses import replace
from typing import Any

import pytest

from bot.cli.terminal import render
from bot.core.case.diagnosis import diagnose
from bot.core.model.marked import plain as unmarked
from bot.core.report.incident import Incident
from bot.core.report.looked_at import scope_words
from bot.core.report.report import Report
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from handlers.blocks.card import CardView, card
from tests.core.clients import http, looked_at, plain
from tests.core.make import NOW, SERVER, item
from tests.core.report.test_looked_at import SILENT, SKIPPED
from tests.corpus.running import ADA
from tests.handlers.bench import shown

OTHER = "10.1.5.12"


def report(other: Any, state: Any = "healthy") -> Report:
    """Of two servers, the first of which answers 200."""
    members = [{"ipAddress": it} for it in (SERVER, OTHER)]
    pools = [item("backendAddressPools", "pool", backendAddresses=members)]
    page = plain(lambda it: 200 if it.server == SERVER else other)
    made = looked_at(http(top={"backendAddressPools": pools}), page, state=state)
    return make_report(made, diagnose(made, RULES), (), RULES, NOW)


def terminal(told: Report) -> str:
    return " ".join(render(told, colour=False, width=100).split())


def on_card(told: Report) -> str:
    incident = Incident("i", "g", "g", "C1", "1.1", ADA, "g", told.made, told)
    text = shown(list(card(CardView(incident)).blocks))
    return html.unescape(" ".join(text.replace("`", "").split()))


@pytest.mark.parametrize("other", [SILENT, SKIPPED], ids=["silent", "not asked"])
def test_where_a_part_is_healthy_by_the_gateways_word_every_screen_says_so(other: Any) -> None:
    told = report(other)
    assert told.verdict == "healthy"
    said = unmarked(told.conclusion)
    assert terminal(told).startswith("NO FAULT SEEN ")
    assert "*no fault seen*" in on_card(told)
    assert "*healthy*" not in on_card(told)
    for screen in (terminal(told), on_card(told)):
        assert said[1:] in screen


def test_where_everything_answered_every_screen_says_healthy() -> None:
    told = report(200)
    assert terminal(told).startswith("HEALTHY ")
    assert "*healthy*" in on_card(told)


@pytest.mark.parametrize("other", [SILENT, SKIPPED], ids=["silent", "not asked"])
@pytest.mark.parametrize("state", ["unknown", "unhealthy"])
def test_where_the_verdict_is_another_the_small_print_counts(other: Any, state: Any) -> None:
    told = report(other, state)
    assert told.verdict != "healthy"
    said = scope_words(told.looked_at)
    assert said
    for screen in (terminal(told), on_card(told)):
        assert said in screen
    before = replace(told, looked_at=None)
    for screen in (terminal(before), on_card(before)):
        assert said not in screen
