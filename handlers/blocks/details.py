"""What the card has no room for, in full: every backend's certificates, every option, its steps, what it changes."""

from collections.abc import Callable, Iterable, Iterator

from bot.core.changes.change import Change
from bot.core.model.generation import Generation
from bot.core.report.option_facts import OptionFacts, ranked
from bot.core.report.report import BackendFacts, Report
from handlers.blocks import plan
from handlers.blocks.certificates import side_by_side
from handlers.blocks.diagnosis import facts, focus, scope
from handlers.blocks.kit import (
    MOST_CONTEXT,
    Block,
    context,
    divider,
    preformatted,
    section,
    sections,
)
from handlers.blocks.steps import numbered
from handlers.blocks.text import HEALTH_EMOJI, code, link, outside, sentence

StepsForm = Callable[[Iterable[str]], Iterator[Block]]
"""How steps by hand look: in a modal, or in a message that everybody sees."""
MOST_BACKENDS = 8
"""Backends shown with their certificates: the one at fault first."""


def backend_blocks(report: Report) -> Iterator[Block]:
    """What the gateway says of each backend, and the certificates on both sides."""
    first = focus(report)
    every = sorted(report.backends, key=lambda it: it is not first)
    for backend in every[:MOST_BACKENDS]:
        yield _health(backend)
        certificates = side_by_side(backend, report.gateway.generation)
        if certificates is not None:
            yield certificates
    if len(every) > MOST_BACKENDS:
        rest = f"agw diagnose {report.gateway.name} --json"
        yield preformatted(f"There are {len(every) - MOST_BACKENDS:,} more backends:", rest)


def note_blocks(report: Report) -> Iterator[Block]:
    """What else is to be known of the gateway and of the look at it."""
    if report.notes:
        yield from sections(f"*Note:* {sentence(note, 900)}" for note in report.notes)
    told = [facts(report), scope(report), f"diagnosed in {report.seconds:.1f} s"]
    yield context(*(it for it in told if it))


def option_blocks(
    report: Report, offered: tuple[Change, ...] = (), steps: StepsForm = numbered
) -> Iterator[Block]:
    """Every option that works, with its steps or what its button changes; then why the others would not help."""
    plans = {it.plan.option: it for it in offered}
    every = ranked(report.options)
    for option in every:
        if option.works:
            yield divider()
            yield from _working(option, plans.get(option.id), report.gateway.generation, steps)
    others = [option for option in every if not option.works]
    if others:
        yield divider()
        yield from sections(_not_here(it) for it in others if it.tried)
    # Options that have nothing to do with this fault go in small print, for whoever looks for them.
    idle = [_not_here(option) for option in others if not option.tried]
    for at in range(0, len(idle), MOST_CONTEXT):
        yield context(*idle[at : at + MOST_CONTEXT])
    for option in others:
        if option.steps:
            yield divider()
            yield section(f"*By hand: {outside(option.title)}*\n{sentence(option.reason, 600)}")
            yield from steps(option.steps)


def recommended_code(report: Report) -> Iterator[Block]:
    """The recommended option, for gateways managed as code; the card's button *As code* has the others."""
    for option in report.options:
        if option.recommended and option.as_code:
            yield divider()
            yield section(f"*As code: {outside(option.title)}*")
            for language, text in option.as_code:
                yield preformatted(language, text)


def source_links(urls: tuple[str, ...]) -> Iterator[Block]:
    """Links to what Microsoft or a standard says."""
    shown = [link(url, url.removeprefix("https://").rpartition("/")[2] or url) for url in urls]
    if shown:
        yield context("Sources: " + ", ".join(shown))


def _working(
    option: OptionFacts, offer: Change | None, generation: Generation, steps: StepsForm
) -> Iterator[Block]:
    state = "recommended" if option.recommended else "works too"
    how = "" if option.automated else ", by hand"
    yield section(
        f":white_check_mark: *{outside(option.title)}* ({state}{how})\n{sentence(option.reason, 900)}"
    )
    if offer is not None:
        yield from plan.described(offer, generation)
    if option.steps:
        yield section("*First, by hand:*" if option.first and option.automated else "*Steps:*")
        yield from steps(option.steps)
    yield from source_links(option.sources)


def _not_here(option: OptionFacts) -> str:
    return f"*Not here: {outside(option.title)}.* {sentence(option.reason, 600)}"


def _health(backend: BackendFacts) -> Block:
    said = f"\n> {outside(backend.health_message, 900)}" if backend.health_message else ""
    unreached = (
        f"\n*Not reached from here:* {outside(backend.not_tried)}" if backend.not_tried else ""
    )
    where = f"{code(backend.pool)} / {code(backend.http_settings)}"
    return section(
        f"{HEALTH_EMOJI[backend.health]} *The gateway reports* {code(backend.server)} ({where})"
        f" *{backend.health}*{said}{unreached}"
    )
