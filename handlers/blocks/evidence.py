"""The evidence in full, for the card's thread: every finding, every command to copy, every source."""

from collections.abc import Iterator

from bot.core.change import Change
from bot.core.report import FindingFacts, OptionFacts, Report
from handlers.blocks import plan
from handlers.blocks.diagnosis import ranked_options
from handlers.blocks.kit import Block, Message, context, divider, message, preformatted, sections
from handlers.blocks.text import clip, link, outside

BLOCKS_A_MESSAGE = 45
MOST_MESSAGES = 4
MOST_EVIDENCE = 12
"""Pieces of evidence shown for one finding; the rest is the same once more for other certificates."""


def evidence(report: Report, offered: tuple[Change, ...] = ()) -> tuple[Message, ...]:
    """What the thread gets; nothing for a gateway without findings and open questions.

    `offered` are the plans that may be approved: all but the first, which the card itself shows.
    """
    if not report.findings and not report.undecided:
        return ()
    blocks = [*_findings(report), *_undecided(report), *_steps(report), *_other_plans(offered)]
    pages = [blocks[at : at + BLOCKS_A_MESSAGE] for at in range(0, len(blocks), BLOCKS_A_MESSAGE)]
    name = outside(report.gateway.name, 80)
    texts = [f"Evidence for {name}, part {n}" for n in range(1, len(pages) + 1)]
    made = [message(text, page) for text, page in zip(texts, pages, strict=True)]
    if len(made) > MOST_MESSAGES:
        rest = f"There is more: agw diagnose {report.gateway.name} --json"
        return (*made[:MOST_MESSAGES], message(outside(rest), [preformatted(rest)]))
    return tuple(made)


def _findings(report: Report) -> Iterator[Block]:
    for number, finding in enumerate(report.findings, start=1):
        if number > 1:
            yield divider()
        yield from sections(
            (
                f"*{number}. {outside(finding.summary, 600)}*",
                f"_{finding.severity}, confidence {finding.confidence}, rule {finding.rule}_",
                f"*Cause:* {outside(finding.cause, 600)}",
                f"*Remedy:* {outside(finding.remedy, 600)}",
            )
        )
        yield from _pieces(finding)
        yield _sources(finding.sources)


def _pieces(finding: FindingFacts) -> Iterator[Block]:
    for piece in finding.evidence[:MOST_EVIDENCE]:
        yield preformatted(clip(piece.text, 1500), piece.command or "")
    if len(finding.evidence) > MOST_EVIDENCE:
        yield preformatted(f"... and {len(finding.evidence) - MOST_EVIDENCE} more of the kind")


def _undecided(report: Report) -> Iterator[Block]:
    lines = [
        f"*Could not tell* ({it.rule}): {outside(it.because, 600)}" for it in report.undecided[:20]
    ]
    yield from sections(lines)


def _steps(report: Report) -> Iterator[Block]:
    for option in ranked_options(report.options):
        if option.steps:
            yield divider()
            yield from sections(_option_lines(option))
            yield _sources(option.sources)


def _option_lines(option: OptionFacts) -> Iterator[str]:
    yield f"*By hand: {outside(option.title)}*"
    yield outside(option.reason, 600)
    for number, step in enumerate(option.steps, start=1):
        yield f"{number}. {outside(step, 1000)}"


def _other_plans(offered: tuple[Change, ...]) -> Iterator[Block]:
    for change in offered[1:]:
        yield divider()
        yield from plan.described(change)


def _sources(urls: tuple[str, ...]) -> Block:
    shown = [link(url, url.removeprefix("https://").rpartition("/")[2] or url) for url in urls]
    return context("Sources: " + ", ".join(shown))
