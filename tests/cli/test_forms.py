"""`agw diagnose --format`: a ticket's Markdown and a pipeline's annotations, which nothing from outside can break."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cli.github import LARGEST_SUMMARY, MOST, add_summary, annotation, annotations
from bot.cli.markdown import code, inline, markdown
from bot.core.model.marked import mark
from bot.core.problem import Problem
from bot.core.report.report import Report
from bot.lab.world import World
from tests.cli.conftest import Here
from tests.cli.test_answer import report_of

HARM = "x`` | <b>y</b> *z* [a](http://evil.example) @everyone #12 \x1b[31m\r\n# head\n::error::no"
COMMAND = re.compile(r"::(error|warning|notice) title=([^:,\r\n]*)::([^\r\n]*)")


def harmed(report: Report) -> Report:
    """The same with something harmful wherever a text of others may stand."""
    said = f"{HARM} {mark(HARM)}"
    finding = replace(report.findings[0], summary=said, cause=said, remedy=said)
    return replace(
        report,
        gateway=replace(report.gateway, name=HARM, resource_group=HARM, tier=HARM),
        findings=(finding,),
        suffering=said,
        headline=said,
        notes=(said,),
        options=tuple(replace(it, effect=said, steps=(said,), as_code=()) for it in report.options),
    )


async def test_a_ticket_has_the_answer_with_its_commands_in_fences(
    world: World, here: Here
) -> None:
    ran = await here(world.environment, "diagnose", "agw-test", "--format", "markdown")
    assert (ran.code, ran.err) == (1, "")
    lines = ran.out.splitlines()
    assert lines[0] == "## `agw-test`: Fault found"
    for said in (
        "**Who suffers:** Clients of `test.appgwtestase.com`, `api.appgwtestase.com` get 502.",
        "**Fault:** `10.1.5.11` does not serve the allow-listed certificate",
        "**Cause:** A v1 gateway accepts only",
        "**What to do:** Upload ILB certificate: allow-list `CN=*.internal-ase.",
        "**Warning:** This is a v1 gateway",
        "- source: <https://learn.microsoft.com/",
    ):
        assert any(it.startswith(said) for it in lines), said
    fences = [number for number, it in enumerate(lines) if it.strip().startswith("```")]
    assert len(fences) % 2 == 0
    first, last = fences[:2]
    assert [it.split()[:3] for it in lines[first + 2 : last]] == [
        ["az", "network", "application-gateway"]
    ] * 2
    assert "<details><summary>Evidence</summary>" in lines
    assert "</details>" in lines


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("healthy-v1-listed", "## `agw-v1-listed`: Healthy"),
        ("rewrite-depends-on-client", "## `agw-rewrite-depends-on-client`: Undecided"),
        ("refused", "## `agw-refused`: Fault found"),
    ],
)
async def test_each_verdict_has_its_ticket(name: str, first: str) -> None:
    report = await report_of(name)
    text = markdown(report)
    assert text.startswith(f"{first}\n")
    assert ("**Checked:**" in text) == (report.verdict == "healthy")
    assert ("- not known: " in text) == (report.verdict == "undecided")
    assert ("\n1. Whoever runs `10.4.0.10`: Find the machine" in text) == (name == "refused")


def test_text_of_others_is_escaped_and_makes_no_link() -> None:
    assert inline("a*b_c <i> [x](y) | ~s~ $m$ \\ `") == (
        r"a\*b\_c \<i\> \[x\](y) \| \~s\~ \$m\$ \\ \`"
    )
    assert inline("ask @everyone about #12, see https://evil.example/ and www.evil.example") == (
        "ask `@everyone` about `#12,` see `https://evil.example/` and `www.evil.example`"
    )
    assert inline(f"pool {mark('a*b @c')} is") == "pool `a*b @c` is"


def test_a_name_stays_code_whatever_backticks_it_has() -> None:
    assert code("a`b") == "``a`b``"
    assert code("``") == "``` `` ```"
    assert code("") == ""


async def test_nothing_of_others_is_markup_in_a_ticket() -> None:
    text = markdown(harmed(await report_of("ilb-ase")))
    spans = re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", text)
    for harm in ("<b>", "*z*", "@everyone", "#12", "http://evil", "\x1b"):
        assert harm not in spans
    lines = text.splitlines()
    assert [it for it in lines if it.startswith("#")] == lines[:1]
    assert not any(it.startswith("::") for it in lines)


async def test_a_pipeline_gets_annotations_and_a_summary(
    world: World, here: Here, tmp_path: Path
) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    settings = {**world.environment, "GITHUB_STEP_SUMMARY": str(summary)}
    ran = await here(settings, "diagnose", "agw-test", "--format", "github")
    assert (ran.code, ran.err) == (1, "")
    found = [COMMAND.fullmatch(it) for it in ran.out.splitlines()]
    assert [(it[1], it[2]) for it in found if it] == [
        ("error", "agw-test%3A certificate_not_allow_listed"),
        ("warning", "agw-test%3A gateway_generation_retired"),
    ]
    assert None not in found
    before, _, told = summary.read_text(encoding="utf-8").partition("\n")
    assert before == "before"
    assert told.startswith("## `agw-test`: Fault found\n")


async def test_a_pipeline_learns_why_there_is_no_report(world: World, here: Here) -> None:
    ran = await here(world.environment, "diagnose", "agw-tset", "--format", "github")
    assert ran.code == 2
    assert ran.is_one_sentence()
    (line,) = ran.out.splitlines()
    assert line.startswith("::error title=agw could not diagnose::No gateway matches 'agw-tset'.")


@pytest.mark.parametrize(
    ("name", "level"), [("healthy-v1-listed", "notice"), ("rewrite-depends-on-client", "warning")]
)
async def test_without_a_fault_the_verdict_is_an_annotation(name: str, level: str) -> None:
    report = await report_of(name)
    levels = [it.split(" ")[0] for it in annotations(report)]
    assert levels.count(f"::{level}") >= 1
    assert "::error" not in levels


def test_no_text_ends_a_workflow_command_early_or_begins_another() -> None:
    told = annotation("error", "a:b,c%0A\n::warning::x", "100%\r\n::stop-commands::x")
    assert told == ("::error title=a%3Ab%2Cc%250A %3A%3Awarning%3A%3Ax::100%25  ::stop-commands::x")
    assert COMMAND.fullmatch(told)


async def test_of_many_findings_as_many_are_annotated_as_github_shows() -> None:
    report = await report_of("ilb-ase")
    fault = report.findings[0]
    many = tuple(replace(fault, summary=f"{HARM} {it}") for it in range(MOST + 5))
    lines = list(annotations(replace(report, findings=many)))
    assert len(lines) == MOST
    assert all(COMMAND.fullmatch(it) for it in lines)


def test_a_summary_is_never_longer_than_github_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "summary.md"
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    add_summary("x" * (LARGEST_SUMMARY - 10))
    add_summary("y" * 100)
    text = file.read_text(encoding="utf-8")
    assert "y" * 100 not in text
    assert "agw diagnose --format markdown" in text


def test_a_summary_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    with pytest.raises(Problem, match="Is a directory"):
        add_summary("x")
