"""The answer of `agw diagnose` on one screen: whoever has an incident knows what to do from it."""

from dataclasses import replace

import pytest

from bot.cli.answer import answer
from bot.cli.page import Line, height
from bot.core.report.report import Report
from bot.lab.scenarios import scenario as named
from tests.bench.diagnosis import opened

ONE_SCREEN = 30
COLUMNS = 80


async def report_of(name: str) -> Report:
    async with opened(named(name)) as (diagnostician, gateway_id):
        return (await diagnostician.examine(gateway_id)).report


def screen(report: Report, width: int = COLUMNS) -> str:
    return answer(report, "agw diagnose agw-test", colour=False, width=width)


def rows(text: str, width: int = COLUMNS) -> int:
    return height([Line(it, whole=True) for it in text.split("\n")], width)


def beside(label: str, text: str) -> str:
    """The paragraph beside a label, as one line."""
    lines = text.split("\n")
    at = next(number for number, it in enumerate(lines) if it.startswith(f"{label} "))
    end = at + 1
    while end < len(lines) and lines[end].startswith(" " * 14):
        end += 1
    return " ".join(it[14:] for it in lines[at:end])


async def test_a_fault_with_a_button() -> None:
    report = await report_of("ilb-ase")
    text = screen(report)
    assert rows(text) <= ONE_SCREEN
    assert text.startswith("FAULT FOUND  agw-test in rg-test: Standard (v1)\n")
    assert beside("Who suffers", text).startswith("Clients of test.appgwtestase.com, api.")
    fault = beside("Fault", text)
    assert fault.startswith("10.1.5.11 does not serve the allow-listed certificate")
    assert fault.endswith("The same at 2 backends.")
    assert beside("Cause", text).startswith("A v1 gateway accepts only the certificates")
    todo = beside("What to do", text)
    assert todo.startswith("Upload ILB certificate: allow-list CN=*.internal-ase.")
    assert "/agw diagnose agw-test in Slack." in todo
    assert "agw explain certificate_not_allow_listed" in text
    assert "1 more warning" in beside("More", text)


async def test_where_there_is_room_its_commands_are_whole_and_one_with_a_certificate_is_not_there() -> (
    None
):
    text = screen(await report_of("ilb-ase"), 160)
    assert rows(text, 160) <= ONE_SCREEN
    commands = [it for it in text.split("\n") if it.startswith("  az ")]
    assert len(commands) == 2
    assert all(len(it) > 160 for it in commands)
    assert "characters belongs here: agw diagnose agw-test --verbose shows it" in text
    assert "base64" not in text


async def test_two_faults_each_have_their_answer() -> None:
    text = screen(await report_of("two-sites-two-faults"))
    assert rows(text) <= ONE_SCREEN
    assert "Set the right host name: let the health probe" in beside("What to do", text)
    assert "  az network application-gateway probe update -g rg-web" in text
    also = beside("Also at fault", text)
    assert also.startswith("The certificate of 10.4.0.10")
    assert also.endswith(
        "Upload the issuing root ends it: agw plan agw-two-sites-two-faults upload_root_certificate"
    )


async def test_by_hand_every_step_is_there_or_it_says_how_many_are_not() -> None:
    report = await report_of("client-certificate-on-server")
    best = next(it for it in report.options if it.recommended)
    assert not best.automated
    text = screen(report)
    assert rows(text) <= ONE_SCREEN + 2
    numbers = [it[2] for it in text.split("\n") if it[:2] == "  " and it[3:5] == ". "]
    assert numbers == [str(it) for it in range(1, len(numbers) + 1)]
    assert f"{len(best.steps) - len(numbers)} more steps" in text
    roomy = screen(report, 250)
    assert f"  {len(best.steps)}. " in roomy
    assert "\n  openssl s_client" in roomy


async def test_where_the_backend_is_out_of_reach_it_says_who_takes_its_certificate() -> None:
    by_hand = await report_of("client-certificate-on-server")
    text = screen(replace(by_hand, wanted="served"))
    assert "Or hand in its certificate (.cer), with the button on the card in Slack." in " ".join(
        text.split()
    )


async def test_healthy_says_what_was_checked_and_asks_one_question_back() -> None:
    text = screen(await report_of("healthy-v1-listed"))
    assert rows(text) < 15
    assert text.startswith("HEALTHY  ")
    assert beside("Checked", text) == "healthy; no fault found on 1 backend."
    assert beside("Warning", text).startswith("This is a v1 gateway")
    assert "agw diagnose https://HOST/PATH" in text
    assert "agw explain" not in text


async def test_undecided_says_what_is_not_known() -> None:
    text = screen(await report_of("rewrite-depends-on-client"))
    assert rows(text) <= ONE_SCREEN
    assert text.startswith("UNDECIDED  ")
    assert "header Authorization matches" in beside("Not known", text)
    assert "agw explain rewrite_breaks_request" in text


async def test_what_is_unusual_of_the_gateway_stands_beside_the_verdict() -> None:
    text = screen(await report_of("stopped"))
    assert text.split("\n")[0].endswith(": Standard_v2 (v2), Stopped")


async def test_notes_and_faults_beyond_the_screen_are_counted() -> None:
    report = await report_of("two-sites-two-faults")
    fault = report.findings[0]
    many = tuple(replace(fault, summary=f"Fault {it}.", ended_by=()) for it in range(5))
    text = screen(replace(report, findings=many, notes=("one", "two", "three", "four")))
    assert beside("Also at fault", text) == f"Fault 1. {fault.remedy}"
    assert "... and 2 more faults." in text
    assert "2 more notes" in " ".join(text.split())


@pytest.mark.parametrize("name", ["ilb-ase", "refused"])
async def test_nothing_is_on_the_screen_as_it_came(name: str) -> None:
    report = await report_of(name)
    harm = "\x1b]0;x\x07[red]\u202e\r\nagw: all is well"
    finding = replace(report.findings[0], summary=harm, cause=harm, remedy=harm)
    gateway = replace(report.gateway, name=harm, resource_group=harm, tier=harm)
    odd = replace(
        report,
        gateway=gateway,
        suffering=harm,
        findings=(finding,),
        notes=(harm,),
        options=tuple(
            replace(it, title=harm, effect=harm, steps=(harm, harm), first=(harm,))
            for it in report.options
        ),
    )
    text = screen(odd)
    assert "[red]" in text
    assert all(it.isprintable() for it in text.split("\n"))
    assert not any(it.startswith("agw: all is well") for it in text.split("\n"))
