"""Names from outside stand in sentences as they are, on every screen, and no screen shows a mark."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st

from bot.cli.terminal import render
from bot.core.arm.edit import Value
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Evidence
from bot.core.changes.plan import Plan
from bot.core.changes.plan_text import plan_text
from bot.core.changes.planning import lines
from bot.core.model.certificate import Certificate
from bot.core.model.marked import BEGIN, END, mark, parts, plain
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import WhatIf, try_options
from bot.core.report.code_handout import handout
from bot.core.report.option_facts import OptionFacts, OutcomeFacts
from bot.core.report.report import FindingFacts, Open, Report, to_json
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from handlers.blocks import history as past
from handlers.blocks import outcome
from handlers.blocks.card import CardView, card
from handlers.blocks.evidence import evidence
from handlers.blocks.kit import Message
from handlers.blocks.text import code, outside, sentence
from tests.core.make import NOW
from tests.corpus.strategies import papers
from tests.handlers import make
from tests.handlers.valid import check_fast
from tests.sizes import examples

MARKS = {BEGIN, END}
# Where a command begins within a step, or the words of the gateway itself: there names stand as they stand.
QUOTED = re.compile(
    r"\b(?:az|openssl|curl|nslookup) |Set-AzContext|/AzureAppGWClone|AGW_CONNECT_TO|the gateway says: "
)

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
many = examples(50, HealthCheck.data_too_large)

# A terminal wraps lines at spaces, so these have none.
names = st.sampled_from(
    [
        "web",
        "WEB",
        "wEb",
        "`",
        "`*_~`",
        "*.contoso.com",
        "<!channel>",
        "<@U0ADA>",
        "<https://evil.example|Approve>",
        "&amp;",
        "",
        "x" * 200,
        f"a{END}b",
        f"{END}{BEGIN}",
        "\u00e9\U0001f525",
    ]
) | st.text(st.characters(categories=["L", "N", "P", "S"]), max_size=40)


def said(report: Report) -> Iterator[str]:
    """Every sentence of a report that core has made."""
    for finding in report.findings:
        yield finding.summary
        yield from (it.text for it in finding.evidence)
    for option in report.options:
        yield from (
            option.reason,
            *option.steps,
            *(option.outcome.backends if option.outcome else ()),
        )
    yield from (it.because for it in report.undecided)
    yield from report.notes
    for backend in report.backends:
        yield backend.not_tried or ""
        yield from (it.error or "" for it in backend.handshakes)


def outside_names(case: Case) -> set[str]:
    """What Azure and servers call things in this case."""
    gateway = case.gateway
    named: tuple[Any, ...] = (
        *gateway.pools,
        *gateway.http_settings,
        *gateway.probes,
        *gateway.listeners,
        *gateway.rules,
        *gateway.path_maps,
        *gateway.authentication_certificates,
        *gateway.trusted_roots,
    )
    stored = (*gateway.authentication_certificates, *gateway.trusted_roots)
    certificates = (it.certificate for it in stored)
    hosts = {host for it in gateway.listeners for host in it.hosts}
    fixed = {host for it in gateway.http_settings for host in (it.host_name, it.sni_name, it.path)}
    probed = {text for it in gateway.probes for text in (it.host, it.path)}
    return {
        *(it.name for it in named),
        *(it.subject for it in certificates if isinstance(it, Certificate)),
        *(server for it in gateway.pools for server in it.servers),
        *hosts,
        *(it for it in fixed | probed if it and it != "/"),
    }


def bare(text: str, every: set[str]) -> list[str]:
    """The names that stand in a sentence without being set off."""
    quoted = QUOTED.search(text)
    own = "".join(
        " ... " if is_name else it
        for it, is_name in parts(text[: quoted.start()] if quoted else text)
    )
    return [it for it in every if re.search(rf"(?<![\w.*/-]){re.escape(it)}(?![\w-]|\.\w)", own)]


@examples(25, HealthCheck.data_too_large)
@given(papers())
def test_every_name_in_what_core_says_is_set_off(what_if: WhatIf) -> None:
    diagnosis = diagnose(what_if.case, RULES)
    trials = try_options(what_if, diagnosis, OPTIONS)
    report = make_report(what_if.case, diagnosis, trials, RULES, NOW)
    every = outside_names(what_if.case)
    for text in said(report):
        assert bare(text, every) == [], text


def test_a_name_that_is_not_set_off_is_found() -> None:
    assert bare(f"web has no members, {mark('web')} has", {"web"}) == ["web"]
    assert bare(f"{mark('web')} has no members: az show -n web", {"web"}) == []


def about(name: str) -> Report:
    """A report in which every sentence begins with this name and says it again."""
    text = f"{mark(name)} has no members, unlike {mark(name)}"
    finding = FindingFacts(
        "pool_empty", "error", "high", None, None, text, "-", "-", (Evidence(text, "ls"),), ()
    )
    option = OptionFacts(
        id="set_host_name",
        title="Set the host name",
        button="Set host name",
        recommended=True,
        works=True,
        tried=True,
        automated=False,
        reason=text,
        together_with=None,
        steps=(text,),
        sources=(),
        as_code=(("Bicep", "code"),),
        effect=text,
        outcome=OutcomeFacts("no_fault_left", backends=(mark(name),)),
    )
    left = OutcomeFacts("faults_left", rules=("pool_empty",))
    other = replace(
        option, id="start_gateway", recommended=False, works=False, outcome=left, because=text
    )
    return replace(
        examined(),
        headline=f"agw-test: {text}",
        conclusion=text,
        findings=(finding, replace(finding, severity="warning", summary=f"{text}, too")),
        options=(option, other),
        undecided=(Open("pool_empty", text),),
        notes=(text,),
    )


@cache
def examined() -> Report:
    """The incident, examined once: these tests look at words only."""
    return make.examined().report


@cache
def planned() -> Plan:
    return make.plan()


def texts(made: Message) -> str:
    return json.dumps([made.text, made.blocks], ensure_ascii=False)


@many
@given(names)
@example("x" * 5000)
def test_slack_shows_a_name_as_code_and_nowhere_a_mark(name: str) -> None:
    report = about(name)
    shown = code(plain(name), 5000)
    pages = [card(CardView(make.incident(report))), *evidence(report)]
    for page in pages:
        check_fast(page)
        assert not MARKS & set(texts(page) + page.plain)
    assert shown not in pages[0].text or name in shown.strip("`")
    if len(name) < 250:
        assert sentence(f"{mark(name)} has no members").startswith(f"{shown} has no")
        told = "".join(str(it["text"]["text"]) for it in pages[0].blocks if "text" in it)
        assert f"\n{shown} has no members, unlike {shown}" in told


@many
@given(names)
def test_evidence_shows_a_name_unchanged(name: str) -> None:
    (page,) = evidence(about(name))
    rich = [it["elements"][0]["elements"] for it in page.blocks if it["type"] == "rich_text"]
    printable = "".join(it if it.isprintable() else " " for it in plain(name)) or " "
    assert rich[0][0] == {"type": "text", "text": printable, "style": {"code": True}}
    assert rich[0][1] == {"type": "text", "text": " has no members, unlike "}


@many
@given(names)
def test_a_terminal_shows_a_name_as_it_is(name: str) -> None:
    text = render(about(name), colour=True, width=1000)
    assert not MARKS & set(text)
    printable = "".join(it if it.isprintable() else " " for it in plain(name))
    assert f"agw-test: {printable} has no members, unlike {printable}" in text


@many
@given(names)
def test_json_handout_and_plan_have_plain_texts(name: str) -> None:
    report = about(name)
    text = f"{plain(name)} has no members, unlike {plain(name)}"
    document = to_json(report)
    assert document["headline"] == f"agw-test: {text}"
    assert document["findings"][0]["evidence"] == [text]
    assert document["options"][0]["steps"] == [text]
    assert document["options"][0]["outcome"]["backends"] == [plain(name)]
    assert document["options"][1]["because"] == text
    assert document["undecided"][0]["because"] == text
    assert document["notes"] == [text]
    assert not MARKS & set(json.dumps(document, ensure_ascii=False))
    assert f"\n{text}\n" in handout(report, report.options)
    assert not MARKS & set(handout(report, report.options))
    changed = lines((Value("probes", name, "host", name, "other.example"),))
    plan = replace(planned(), lines=changed)
    before = plain(name) if name else "empty"
    assert f"change: health probe {plain(name)}, host: {before} -> other.example" in plan_text(plan)
    assert not MARKS & set(plan_text(plan))


@many
@given(names)
def test_a_change_and_how_it_ended_show_a_name_as_code(name: str) -> None:
    changed = lines((Value("probes", name, "host", name, "other.example"),))
    done = make.change(
        replace(planned(), lines=changed), "not_healthy", outcome=f"{mark(name)} is down."
    )
    shown = code(plain(name), 100)
    for made in (
        card(CardView(make.incident(examined()), (done,))),
        outcome.announcement(done),
        past.history("agw", [done], 1, [], {}),
    ):
        check_fast(made)
        assert not MARKS & set(texts(made) + made.plain)
    if len(name) < 90:
        (block,) = outcome.announcement(done).blocks
        assert f"{shown} is down." in block["text"]["text"]
        assert (
            f"\u2022 health probe {shown}, `host`: {shown if name else 'empty'} \u2192 `other.example`"
            in card(CardView(make.incident(examined()), (done,))).plain
        )


def test_a_sentence_begins_with_a_capital_letter_but_a_name_as_it_is() -> None:
    assert sentence("let it be") == "Let it be"
    assert sentence(f"{mark('web')} has no members") == "`web` has no members"


def test_what_is_cut_off_leaves_no_half_a_name() -> None:
    assert outside(f"pool {mark('abcdefgh')} is empty", 12) == "pool `abcd`..."
    assert outside(f"pool {mark('ab')} is empty", 8) == "pool..."
    assert outside(f"pool {mark('ab')} is empty", 10) == "pool `ab`..."
    assert outside(f"pool {mark('ab')}", 7) == "pool `ab`"
