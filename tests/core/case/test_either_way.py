"""What fails by each reading of a client's request, though by each for another reason."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.core.case.audiences import each_client
from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis, diagnose
from bot.core.case.either_way import either_way
from bot.core.case.finding import Match, OpenQuestion, Severity, Undecided
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import plain
from tests.core.clients import looked_at
from tests.core.make import APP, HOST, answered, document, item, probe, v2_settings

MEMBER = "pool.internal"


def gateway(*hosts: str) -> Case:
    """Microsoft's pages disagree whether the gateway takes the member's name for SNI, or the client's."""
    base = document(
        tier="Standard_v2",
        servers=(MEMBER,),
        httpListeners=[item("httpListeners", "site", protocol="Https", hostNames=list(hosts))],
        backendHttpSettingsCollection=[v2_settings()],
        probes=[probe(host="app.internal", path="/")],
    )
    return looked_at(base, lambda _: answered(APP, public=0))


def rule(name: str, *snis: str, severity: Severity = "error") -> Rule:
    """Finds something wrong with connections that have one of these names."""

    def check(view: BackendView) -> Iterator[Match]:
        if view.request.sni in snis:
            yield Match(f"{name} is seen.", (), view.backend)

    return Rule(name, severity, "", "", "", (), each_client(check))


def told(found: Diagnosis) -> tuple[list[str], list[str]]:
    return (
        [plain(it.match.summary) for it in found.findings],
        [plain(it.undecided.because) for it in found.undecided],
    )


def test_a_fault_of_each_reading_is_a_fault_whichever_is_right() -> None:
    found = diagnose(gateway(HOST), (rule("one", HOST), rule("two", MEMBER)))
    assert found.verdict == "fault"
    assert told(found) == (
        [
            f"Whichever request the gateway makes for clients of {HOST} fails; with SNI {HOST}: one is seen.",
            f"Whichever request the gateway makes for clients of {HOST} fails; with SNI {MEMBER}: two is seen.",
        ],
        [],
    )
    assert [(it.rule, it.match.concerns, it.match.sites) for it in found.findings] == [
        ("one", "clients", (HOST,)),
        ("two", "clients", (HOST,)),
    ]
    (evidence,) = found.findings[0].match.evidence
    assert (
        plain(evidence.text)
        == f"of clients' requests for {HOST}: Microsoft's pages disagree on the SNI"
    )


def test_they_stand_among_the_findings_in_the_order_of_exclusion() -> None:
    rules = (rule("first", HOST), rule("second", HOST, MEMBER), rule("third", MEMBER))
    assert [it.rule for it in diagnose(gateway(HOST), rules).findings] == [
        "first",
        "second",
        "third",
    ]


@pytest.mark.parametrize("severity", ["warning", "info"])
def test_what_is_no_fault_does_not_make_one(severity: Severity) -> None:
    found = diagnose(gateway(HOST), (rule("one", HOST), rule("two", MEMBER, severity=severity)))
    assert (found.verdict, [it.rule for it in found.undecided]) == ("undecided", ["one", "two"])


def test_each_site_is_judged_by_itself_and_each_doubt_of_it_told_once() -> None:
    """Of one site only one of the readings is seen to fail."""
    made = gateway(HOST, "b.example")
    found = diagnose(made, (rule("one", HOST, "b.example"), rule("two", MEMBER)))
    assert [it.match.sites for it in found.findings] == [(HOST,), ("b.example",)] * 2
    found = diagnose(made, (rule("one", HOST), rule("two", MEMBER)))
    assert [it.match.sites for it in found.findings] == [(HOST,), (HOST,)]
    ((because,), _) = (told(found)[1], None)
    assert because.startswith("for clients' requests for b.example, Microsoft's pages disagree")


def test_one_reading_alone_is_left_open() -> None:
    found = diagnose(gateway(HOST), (rule("one", HOST), rule("again", HOST)))
    assert (found.verdict, len(found.undecided)) == ("undecided", 2)


def test_of_requests_that_perhaps_nobody_makes_nothing_is_certain() -> None:
    rules = (rule("one", HOST), rule("two", MEMBER))
    asked = [
        OpenQuestion(it.id, said)
        for it in rules
        for said in it.check(gateway(HOST))
        if isinstance(said, Undecided)
    ]
    by_id = {it.id: it for it in rules}
    assert len(either_way(asked, by_id)[0]) == 2
    reads = [it.undecided.by_reading for it in asked]
    assert all(reads)
    conditional = [
        replace(
            it,
            undecided=replace(
                it.undecided,
                by_reading=replace(read, way=replace(read.way, condition="a cookie is sent")),
            ),
        )
        for it, read in zip(asked, reads, strict=True)
        if read is not None
    ]
    assert either_way(conditional, by_id) == ((), tuple(conditional))
