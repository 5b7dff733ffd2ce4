"""The evidence in full, for the card's thread: every finding, every command to copy, every source."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from bot.core.case.finding import Evidence
from bot.core.changes.change import Change
from bot.core.report.option_facts import OptionFacts
from bot.core.report.report import Report, told_once
from handlers.blocks import plan
from handlers.blocks.diagnosis import ranked_options
from handlers.blocks.kit import (
    MOST_CONTEXT,
    Block,
    Message,
    context,
    divider,
    message,
    preformatted,
    section,
    sections,
)
from handlers.blocks.text import clip, code, link, outside, sentence

BLOCKS_A_MESSAGE = 45
MOST_MESSAGES = 4
MOST_EVIDENCE = 12
"""Pieces of evidence shown for one finding; the rest repeats them for other certificates."""


def evidence(report: Report, offered: tuple[Change, ...] = ()) -> tuple[Message, ...]:
    """The messages for the thread; none for a gateway without findings and open questions.

    `offered`: the plans that can be approved. All but the first are shown, which is on the card.
    """
    if not report.findings and not report.undecided:
        return ()
    every = chain(
        _findings(report),
        _undecided(report),
        _steps(report),
        _as_code(report),
        _would_not_help(report),
        _other_plans(offered),
    )
    # One more than are shown tells that there are more: 1,200 servers may have a finding each.
    blocks = list(islice(every, BLOCKS_A_MESSAGE * MOST_MESSAGES + 1))
    pages = [blocks[at : at + BLOCKS_A_MESSAGE] for at in range(0, len(blocks), BLOCKS_A_MESSAGE)]
    name = outside(report.gateway.name, 80)
    texts = [f"Evidence for {name}, part {n}" for n in range(1, len(pages) + 1)]
    made = [message(text, page) for text, page in zip(texts, pages, strict=True)]
    if len(made) > MOST_MESSAGES:
        rest = f"There is more: agw diagnose {report.gateway.name} --json"
        return (*made[:MOST_MESSAGES], message(outside(rest), [preformatted(rest)]))
    return tuple(made)


def _findings(report: Report) -> Iterator[Block]:
    for number, same in enumerate(told_once(report.findings), start=1):
        if number > 1:
            yield divider()
        first = same[0]
        yield section(f"*{number}.* {outside(first.summary, 600)}")
        where = f", at {len(same)} backends" if len(same) > 1 else ""
        yield context(
            f"{first.severity}, confidence {first.confidence}, rule {code(first.rule)}{where}"
        )
        yield from sections(
            (f"*Cause:* {outside(first.cause, 600)}", f"*Remedy:* {outside(first.remedy, 600)}")
        )
        yield from _pieces(piece for finding in same for piece in finding.evidence)
        yield from _sources(first.sources)


def _pieces(found: Iterable[Evidence]) -> Iterator[Block]:
    every = tuple(dict.fromkeys(found))
    for piece in every[:MOST_EVIDENCE]:
        yield preformatted(clip(piece.text, 1500), piece.command or "")
    if len(every) > MOST_EVIDENCE:
        yield preformatted(f"... and {len(every) - MOST_EVIDENCE} more of the same kind")


def _undecided(report: Report) -> Iterator[Block]:
    lines = [
        f"*Undecided* ({code(it.rule)}): {outside(it.because, 600)}" for it in report.undecided[:20]
    ]
    yield from sections(lines)


def _steps(report: Report) -> Iterator[Block]:
    for option in ranked_options(report.options):
        if option.works and option.steps:
            yield divider()
            yield from sections(_option_lines(option))
            yield from _sources(option.sources)


def _option_lines(option: OptionFacts) -> Iterator[str]:
    yield f"*By hand: {outside(option.title)}*"
    yield sentence(option.reason, 600)
    for number, step in enumerate(option.steps, start=1):
        yield f"{number}. {outside(step, 1000)}"


def _would_not_help(report: Report) -> Iterator[Block]:
    """Why each other option would not work, and its steps by hand where it still may: the bot cannot see everything."""
    others = [option for option in report.options if not option.works]
    if others:
        yield divider()
        yield from sections(_not_here(it) for it in others if it.tried)
    # Options that have nothing to do with this fault go in small print, for whoever looks for them.
    idle = [_not_here(option) for option in others if not option.tried]
    for at in range(0, len(idle), MOST_CONTEXT):
        yield context(*idle[at : at + MOST_CONTEXT])
    for option in report.options:
        if option.steps and not option.works:
            yield from sections(_option_lines(option))


def _not_here(option: OptionFacts) -> str:
    return f"*Not here: {outside(option.title)}.* {sentence(option.reason, 600)}"


def _as_code(report: Report) -> Iterator[Block]:
    """The recommended option, for gateways managed as code; the card's button *As code* has the others."""
    for option in report.options:
        if option.recommended and option.as_code:
            yield divider()
            yield section(f"*As code: {outside(option.title)}*")
            for language, text in option.as_code:
                yield preformatted(language, text)


def _other_plans(offered: tuple[Change, ...]) -> Iterator[Block]:
    for change in offered[1:]:
        yield divider()
        yield from plan.described(change)


def _sources(urls: tuple[str, ...]) -> Iterator[Block]:
    shown = [link(url, url.removeprefix("https://").rpartition("/")[2] or url) for url in urls]
    if shown:
        yield context("Sources: " + ", ".join(shown))
