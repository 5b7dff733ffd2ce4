"""The modals: what a person sees before they approve, the evidence, and the details."""

from collections.abc import Iterable, Iterator
from itertools import dropwhile, islice

from bot.core.changes.change import Change
from bot.core.report.incident import Incident
from bot.core.report.option_facts import OptionFacts
from bot.core.report.report import Report
from handlers import ids
from handlers.blocks import plan
from handlers.blocks.details import option_blocks, recommended_code
from handlers.blocks.evidence import seen
from handlers.blocks.forms import MOST_VIEW_BLOCKS, View, modal, text_input
from handlers.blocks.kit import Block, context, section, sections
from handlers.blocks.steps import to_tick
from handlers.blocks.text import code, moment, outside, user


def approval_view(change: Change, incident: Incident | None) -> View:
    """Everything that an approver has to know before the press that counts."""
    report = incident.report if incident is not None else None
    generations = (report.gateway.generation,) if report is not None else ()
    first = next((it.first for it in _options(report) if it.id == change.plan.option), ())
    return modal(
        ids.APPROVE_VIEW,
        "Undo this change?" if change.undoes else "Approve this change?",
        [
            section(f"*{outside(change.plan.title)}* on {code(change.plan.gateway_name, 80)}"),
            *_before(first if not change.undoes else ()),
            *sections(plan.first_lines(change)),
            text_input(ids.REASON, "Reason", "Why now? Kept in the audit log"),
            *sections(plan.further_lines(change, *generations)),
            context(
                f"asked for by {user(change.requested_by)}; valid until {moment(change.expires)}"
            ),
        ],
        submit="Approve",
        close="Not now",
        metadata=f"{change.card.channel}:{change.id}",
    )


def evidence_view(report: Report, thread: str) -> View:
    """What was seen, and what it means."""
    return _long(ids.EVIDENCE_VIEW, "Evidence", seen(report), thread)


def details_view(report: Report, offered: tuple[Change, ...], thread: str) -> View:
    """Every option: what it changes, its steps, or why not."""
    return _long(ids.DETAILS_VIEW, "Details", _details(report, offered), thread)


def of_metadata(text: str) -> tuple[str, str]:
    """The channel and the change that a modal for an approval belongs to."""
    channel, _, change_id = text.partition(":")
    return channel, change_id


def _options(report: Report | None) -> tuple[OptionFacts, ...]:
    return report.options if report is not None else ()


def _before(steps: tuple[str, ...]) -> Iterator[Block]:
    if steps:
        yield section(":warning: *First, by hand:*")
        yield from to_tick(steps)


def _details(report: Report, offered: tuple[Change, ...]) -> Iterator[Block]:
    # The modal says by its title what comes first; a line above it would only take room.
    yield from dropwhile(
        lambda it: it["type"] == "divider", option_blocks(report, offered, to_tick)
    )
    yield from recommended_code(report)


def _long(callback_id: str, title: str, blocks: Iterable[Block], thread: str) -> View:
    """As much as a modal takes, and where the rest is."""
    every = list(islice(blocks, MOST_VIEW_BLOCKS + 1)) or [section("There is nothing to tell.")]
    if len(every) > MOST_VIEW_BLOCKS:
        rest = f"There is more in {thread}." if thread else "There is more: `agw diagnose --json`."
        every = [*every[: MOST_VIEW_BLOCKS - 1], section(rest)]
    return modal(callback_id, title, every)
