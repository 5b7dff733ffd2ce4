"""A report in a few lines, as the card shows it: what is down, why, what to do. The rest is in its modals."""

from collections.abc import Iterator

from bot.core.report.faults import open_questions, warned
from bot.core.report.looked_at import scope_words, verdict_said
from bot.core.report.option_facts import to_do
from bot.core.report.report import BackendFacts, Report, told_once
from handlers.blocks.kit import Block, section
from handlers.blocks.text import (
    MOST_SITES,
    SEVERITY_EMOJI,
    VERDICT_EMOJI,
    code,
    count,
    link,
    names,
    outside,
    sentence,
)

MOST_WARNINGS = 2
"""Warnings told on a card without a fault; with one they are in the modal."""


def verdict(report: Report) -> Block:
    """The verdict, who suffers, and the reason in one sentence."""
    said = verdict_said(report.verdict, report.looked_at)
    lines = [f"{VERDICT_EMOJI[report.verdict]} {code(report.gateway.name, 80)}: *{said}*"]
    if report.suffering:
        lines.append(sentence(report.suffering, 400))
    lines.append(sentence(report.conclusion or report.headline, 600))
    return section("\n".join(lines))


def recommendation(report: Report) -> str:
    """What to do, in a line or two; empty where nothing is known to help."""
    best = next((it for it in report.options if it.recommended), None)
    if best is not None and best.automated:
        before = (
            f" First {count(len(best.first), 'step')} by hand: *Details*." if best.first else ""
        )
        return f":bulb: *Recommended:* {outside(best.title)}.{before}"
    option = to_do(report.options)
    if option is None:
        return ""
    what = "Recommended" if option.recommended else "By hand"
    steps = f"{count(len(option.steps), 'step')} by hand, each with its command: *Details*"
    return f":bulb: *{what}:* {outside(option.title)}. {steps}."


def for_support(report: Report) -> str:
    """Where to turn if nothing here helps."""
    if not report.help_url:
        return ""
    return f"If that does not help: {link(report.help_url, 'Ask Microsoft support')}, with the evidence."


def also_seen(report: Report) -> str:
    """How many warnings and open questions there are beside a fault; empty where there are none."""
    watch, still = len(warned(report)), open_questions(report)
    told = [count(watch, "warning")] if watch else []
    told += [count(still, "open question")] if still else []
    return f"{' and '.join(told)}: *Evidence*" if told else ""


def warnings(report: Report) -> Iterator[str]:
    """Of a gateway without a fault, what is to be watched."""
    found = [it[0] for it in told_once(report.findings) if it[0].severity != "info"]
    for it in found[:MOST_WARNINGS]:
        yield f"{SEVERITY_EMOJI[it.severity]} {sentence(it.summary, 600)}"
    if len(found) > MOST_WARNINGS:
        yield f"... and {count(len(found) - MOST_WARNINGS, 'more warning')}: *Evidence*"


def facts(report: Report) -> str:
    """Which gateway this is, for the small print."""
    gateway = report.gateway
    where = f"{code(gateway.resource_group)} in {code(gateway.location)}"
    return f"{code(gateway.tier)} ({gateway.generation}), {where}"


def scope(report: Report) -> str:
    """How much was looked at, for the small print; empty where that is everything, or the verdict says it."""
    return "" if report.verdict == "healthy" else outside(scope_words(report.looked_at))


def focus(report: Report) -> BackendFacts | None:
    """The backend that the first fault is about; None without a fault."""
    for finding in report.findings:
        for backend in report.backends:
            same = (backend.http_settings, backend.server) == (
                finding.http_settings,
                finding.server,
            )
            if same and finding.severity == "error":
                return backend
    return None


def checked(report: Report) -> Iterator[str]:
    """Of a gateway without a fault: what was looked at, and the question to who still has trouble."""
    looked = report.looked_at
    if looked is not None:
        sites = list(dict.fromkeys(it.site for it in report.clients if it.served))
        of = f" for {names(sites, MOST_SITES)}" if sites else ""
        asked = f"{count(looked.requests_tried, 'client request')}{of}"
        yield f"*Checked:* the probe's request at {count(looked.answered, 'backend')}, {asked}."
    yield (
        ":speech_balloon: *Does it still fail for somebody?* Which host and path, and when?"
        " `/agw diagnose https://HOST/PATH` tries that request."
    )
