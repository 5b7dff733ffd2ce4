"""Reports, incidents and changes for the builders: the incident's own, and nasty ones."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any, get_args

from hypothesis import strategies as st

from bot.core.case.finding import Evidence
from bot.core.changes.change import Card, Change, ChangeState, Person
from bot.core.changes.plan import BlastRadius, CertificateFacts, Line, Plan
from bot.core.changes.planning import make_plan
from bot.core.changes.remark_text import remark
from bot.core.model.certificate import Certificate
from bot.core.model.marked import BEGIN, END, mark
from bot.core.remedies.relief import FaultyPart, Relief
from bot.core.report.incident import Incident
from bot.core.report.option_facts import OptionFacts, OutcomeFacts, OutcomeKind
from bot.core.report.report import (
    BackendFacts,
    FindingFacts,
    GatewayFacts,
    HandshakeFacts,
    Open,
    ProbeFacts,
    Report,
    StoredFacts,
)
from bot.workflow.diagnosing import Diagnostician, Examined
from bot.workflow.policy import Policy
from tests.core import make
from tests.handlers.edges import MemoryAzure, MemoryProber, gateway

KINDS: tuple[OutcomeKind, ...] = get_args(OutcomeKind)
ADA, BEN = Person("T0LAB", "U0ADA"), Person("T0LAB", "U0BEN")


def examined() -> Examined:
    """The incident, examined."""
    azure = MemoryAzure(gateway())
    work = Diagnostician(azure, MemoryProber(), Policy(), lambda: make.NOW)
    return asyncio.run(work.examine(next(iter(azure.documents))))


def incident(report: Report | None = None, **changes: Any) -> Incident:
    """A card in a channel."""
    made = Incident(
        id="incident-1",
        gateway_id=make.ID,
        gateway_name="agw-test",
        channel="C1",
        ts="1.1",
        asked_by=ADA,
        asked="agw-test",
        created=make.NOW,
        report=report,
    )
    return replace(made, **changes)


def change(plan: Plan, state: ChangeState = "offered", **changes: Any) -> Change:
    """A change that was offered on that card."""
    made = Change(
        id="change-1",
        plan=plan,
        state=state,
        requested_by=ADA,
        created=make.NOW,
        expires=make.NOW + timedelta(minutes=30),
        card=Card("C1", "1.1", "incident-1"),
    )
    if state not in ("offered", "expired"):
        made = replace(made, approved_by=BEN, decided=make.NOW)
    return replace(made, **changes)


def plan() -> Plan:
    """What the recommended option of the incident would do."""
    made = examined()
    best = next(it for it in made.trials if it.works and it.option.automated)
    return make_plan(made.what_if, best)


# What people and servers put into names, messages and certificates, and Slack might trip over.
_NASTY = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        (
            "",
            " ",
            "<!channel>",
            "<@U0ADA>",
            "<https://evil.example|Approve>",
            "`*_~`",
            "&amp;&lt;",
            "\u202egnp.exe",
            "\ud800",
            "a\x00b\r\nc",
            "<" * 500,
            "&" * 5000,
            "x" * 5000,
            "\U0001f525" * 400,
            "CN=*.ase.appgwtestase.com",
            f"{mark('`*<!channel>_')} has no members",
            f"{mark('')}{mark('x' * 5000)}",
            f"{END}{BEGIN} {BEGIN}",
        )
    ),
)


@st.composite
def certificates(draw: st.DrawFn) -> Certificate:
    """A certificate whose every name is foreign text."""
    return replace(
        make.ILB,
        subject=draw(_NASTY),
        issuer=draw(_NASTY),
        common_name=draw(_NASTY),
        sha256=draw(st.text("0123456789abcdef", min_size=64, max_size=64)),
    )


@st.composite
def nasty_reports(draw: st.DrawFn) -> Report:
    """A report that is full of foreign text and of everything in numbers."""
    text = _NASTY
    certificate = draw(certificates())
    few = st.integers(0, 3)
    handshakes = tuple(
        HandshakeFacts(
            draw(st.none() | text), ok, draw(text), "TLSv1.2", (certificate,) if ok else ()
        )
        for ok in draw(st.lists(st.booleans(), max_size=3))
    )
    stored = tuple(
        StoredFacts(draw(text), certificate if ok else None, draw(text))
        for ok in draw(st.lists(st.booleans(), max_size=3))
    )
    backend = BackendFacts(
        pool=draw(text),
        http_settings="https",
        server="10.1.5.11",
        port=443,
        protocol="https",
        listeners=(draw(text),),
        health=draw(st.sampled_from(("healthy", "unhealthy", "partial", "draining", "unknown"))),
        health_message=draw(st.none() | text),
        probe=ProbeFacts(None, draw(text), "/", 30, 30),
        stored=stored,
        handshakes=handshakes,
        http_status=None,
        not_tried=draw(st.none() | text),
    )
    findings = tuple(
        FindingFacts(
            rule="a_rule",
            severity=draw(st.sampled_from(("error", "warning", "info"))),
            confidence="high",
            http_settings="https",
            server="10.1.5.11",
            summary=draw(text),
            cause=draw(text),
            remedy=draw(text),
            evidence=tuple(
                Evidence(draw(text), draw(st.none() | text))
                for _ in range(draw(st.integers(0, 15)))
            ),
            sources=("https://learn.microsoft.com/azure/a?b=1&c=2",) * draw(few),
        )
        for _ in range(draw(st.integers(0, 12)))
    )
    options = tuple(
        OptionFacts(
            id=f"option_{number}",
            title=draw(text),
            button=draw(text),
            recommended=number == 0,
            tried=draw(st.booleans()),
            works=draw(st.booleans()),
            automated=draw(st.booleans()),
            reason=draw(text),
            together_with=None,
            effect=draw(st.none() | text),
            outcome=draw(st.none() | st.builds(OutcomeFacts, st.sampled_from(KINDS))),
            because=draw(st.none() | text),
            steps=tuple(draw(text) for _ in range(draw(few))),
            sources=("https://learn.microsoft.com/azure/x",) * draw(few),
        )
        for number in range(draw(st.integers(0, 12)))
    )
    return Report(
        gateway=GatewayFacts(
            make.ID, draw(text), draw(text), "s1", draw(text), draw(text), "v1", "Running", "x", "e"
        ),
        verdict=draw(st.sampled_from(("healthy", "fault", "undecided"))),
        headline=draw(text),
        conclusion=draw(text),
        backends=(backend,),
        findings=findings,
        options=options,
        recommended=None,
        undecided=tuple(Open("a_rule", draw(text)) for _ in range(draw(st.integers(0, 5)))),
        notes=tuple(draw(text) for _ in range(draw(st.integers(0, 5)))),
        help_url=draw(st.none() | st.just("https://learn.microsoft.com/support")),
        made=make.NOW,
        seconds=1.5,
    )


@st.composite
def nasty_plans(draw: st.DrawFn) -> Plan:
    """A plan full of foreign text."""
    text = _NASTY
    certificate = draw(certificates())
    names = st.lists(text, max_size=9).map(tuple)
    parts = st.lists(st.builds(FaultyPart, st.just(("a_rule",)), text, server=text)).map(tuple)
    return Plan(
        gateway_id=make.ID,
        gateway_name=draw(text),
        etag="e",
        option=draw(st.sampled_from(("upload_ilb_certificate", "set_host_name"))),
        title=draw(text),
        edits=(),
        lines=tuple(
            Line(draw(text), draw(text), draw(text)) for _ in range(draw(st.integers(0, 12)))
        ),
        certificates=(
            CertificateFacts(
                certificate.subject,
                certificate.issuer,
                certificate.sha256,
                certificate.not_before,
                certificate.not_after,
            ),
        ),
        expects=(),
        blast_radius=BlastRadius(draw(names), draw(names), draw(names), draw(names), draw(names)),
        watched=(),
        probe_interval=30,
        relief=Relief(draw(parts), draw(parts), draw(parts), draw(parts)),
        notes=tuple(remark("stays", where=draw(text)) for _ in range(draw(st.integers(0, 3)))),
    )


nasty_texts = _NASTY
