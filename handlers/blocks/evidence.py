"""The evidence in full, for the modal and the card's thread: every finding, every command to copy, every source."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from bot.core.case.finding import Evidence
from bot.core.changes.change import Change
from bot.core.report.report import Report, told_once
from handlers.blocks import details
from handlers.blocks.kit import (
    MOST_BLOCKS,
    Block,
    Message,
    context,
    divider,
    message,
    preformatted,
    section,
    sections,
)
from handlers.blocks.text import clip, code, outside

MOST_MESSAGES = 4
MOST_EVIDENCE = 12
"""Pieces of evidence shown for one finding; the rest repeats them for other certificates."""


def evidence(report: Report, offered: tuple[Change, ...] = ()) -> tuple[Message, ...]:
    """The messages for the thread: all that the card's modals show; none for a gateway without anything to tell.

    `offered`: the plans that can be approved.
    """
    if not report.findings and not report.undecided:
        return ()
    every = chain(
        seen(report),
        details.option_blocks(report, offered),
        details.recommended_code(report),
    )
    # One more than are shown tells that there are more: 1,200 servers may have a finding each.
    blocks = list(islice(every, MOST_BLOCKS * MOST_MESSAGES + 1))
    pages = [blocks[at : at + MOST_BLOCKS] for at in range(0, len(blocks), MOST_BLOCKS)]
    name = outside(report.gateway.name, 80)
    texts = [f"Evidence for {name}, part {n}" for n in range(1, len(pages) + 1)]
    made = [message(text, page) for text, page in zip(texts, pages, strict=True)]
    if len(made) > MOST_MESSAGES:
        rest = f"There is more: agw diagnose {report.gateway.name} --json"
        return (*made[:MOST_MESSAGES], message(outside(rest), [preformatted(rest)]))
    return tuple(made)


def seen(report: Report) -> Iterator[Block]:
    """What was seen and what it means, without what to do about it."""
    yield from _findings(report)
    yield from _undecided(report)
    if report.backends:
        yield divider()
        yield from details.backend_blocks(report)
    yield from details.note_blocks(report)


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
        yield from details.source_links(first.sources)


def _pieces(pieces: Iterable[Evidence]) -> Iterator[Block]:
    every = tuple(dict.fromkeys(pieces))
    for piece in every[:MOST_EVIDENCE]:
        yield preformatted(clip(piece.text, 1500), piece.command or "")
    if len(every) > MOST_EVIDENCE:
        yield preformatted(f"... and {len(every) - MOST_EVIDENCE} more of the same kind")


def _undecided(report: Report) -> Iterator[Block]:
    lines = [
        f"*Undecided* ({code(it.rule)}): {outside(it.because, 600)}" for it in report.undecided[:20]
    ]
    yield from sections(lines)
