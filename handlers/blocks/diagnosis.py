"""A report as a card shows it: verdict, the certificates side by side, what the gateway says, the options."""

from collections.abc import Iterable, Iterator

from bot.core.model.generation import TRAITS, Generation
from bot.core.report.looked_at import VerdictWord, scope_words, verdict_word
from bot.core.report.option_facts import OptionFacts, OutcomeKind, to_do
from bot.core.report.report import BackendFacts, Report, told_once
from handlers.blocks.certificates import side_by_side
from handlers.blocks.kit import Block, context, section, sections
from handlers.blocks.text import (
    HEALTH_EMOJI,
    SEVERITY_EMOJI,
    VERDICT_EMOJI,
    code,
    count,
    link,
    outside,
    sentence,
)

MOST_OPTIONS = 8
ARTICLE = frozenset(
    {
        "fqdn_in_pool",
        "upload_ilb_certificate",
        "wildcard_certificate",
        "clear_use_for_app_service",
    }
)
"""The four options of Microsoft's article on the ILB App Service Environment:
learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment
"""
VERDICT_WORDS: dict[VerdictWord, str] = {
    "fault": "fault found",
    "undecided": "not decided",
    "healthy": "healthy",
    "no_fault_seen": "no fault seen",
}
MOST_FINDINGS = 4
MOST_STEPS = 3
WHY_NOT: dict[OutcomeKind, str] = {
    "faults_left": "it would not be enough: ",
    "new_faults": "it would break something else: ",
    "cannot_tell": "it is unclear whether it would help: ",
}
"""The words before the reason; where an option is not applicable, the reason says it all."""


def diagnosis(report: Report) -> Iterator[Block]:
    """What a person needs to see of a report; the details are in the thread."""
    yield verdict(report)
    backend = focus(report)
    if backend is not None:
        yield from _backend(backend, report.gateway.generation)
    yield from _also(report)
    yield from _open(report)
    yield from _options(report)
    yield from _steps(report)
    if report.help_url:
        yield section(
            "The cause is not known. If these steps do not help: "
            + link(report.help_url, "Ask Microsoft support")
            + " and give them the evidence from the thread."
        )


def verdict(report: Report) -> Block:
    """The verdict, the reason in one sentence, and what to do."""
    word = VERDICT_WORDS[verdict_word(report.verdict, report.looked_at)]
    lines = [
        f"{VERDICT_EMOJI[report.verdict]} {code(report.gateway.name, 80)}: *{word}*",
        sentence(report.conclusion or report.headline, 600),
    ]
    if report.suffering:
        lines.insert(1, sentence(report.suffering, 400))
    best = next((it for it in report.options if it.recommended), None)
    if best is not None:
        lines.append(f":bulb: *Recommended:* {outside(best.title)}")
    return section("\n".join(lines))


def facts(report: Report) -> str:
    """Which gateway this is, for the small print."""
    gateway = report.gateway
    where = f"{code(gateway.resource_group)} in {outside(gateway.location)}"
    return f"{outside(gateway.tier)} ({gateway.generation}), {where}"


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


def _backend(backend: BackendFacts, generation: Generation) -> Iterator[Block]:
    certificates = side_by_side(backend, generation)
    if certificates is not None:
        yield certificates
    said = f" {outside(backend.health_message, 500)}" if backend.health_message else ""
    yield section(
        f"{HEALTH_EMOJI[backend.health]} *The gateway reports* {code(backend.server)}"
        f" *{backend.health}*" + (f"\n>{said}" if said else "")
    )
    if backend.not_tried:
        yield section(f"*Not reached from here:* {outside(backend.not_tried)}")


def _also(report: Report) -> Iterator[Block]:
    """The other findings, one line each; the first fault is the headline."""
    headline = next((it for it in report.findings if it.severity == "error"), None)
    lines = [
        f"{SEVERITY_EMOJI[same[0].severity]} {outside(same[0].summary, 300)}"
        for same in told_once(report.findings)
        if headline not in same
    ]
    every = tuple(dict.fromkeys(lines))
    more = len(every) - MOST_FINDINGS
    further = (f"... and {count(more, 'more finding')}, see the thread",) if more > 0 else ()
    yield from sections((*every[:MOST_FINDINGS], *further))


def _open(report: Report) -> Iterator[Block]:
    lines = [f"*Undecided:* {outside(it.because)}" for it in report.undecided[:3]]
    more = len(report.undecided) - len(lines)
    if more > 0:
        lines.append(f"... and {count(more, 'more open question')}, see the thread")
    if lines:
        yield section("\n".join(lines))
    notes = [outside(note) for note in report.notes[:3]]
    if notes:
        yield context(*notes)


def _options(report: Report) -> Iterator[Block]:
    every = ranked_options(report.options)
    shown = [it for it in every if it.works or it.tried or _asked_for(it, report)][:MOST_OPTIONS]
    for option in shown:
        if option.works:
            head = f"*{outside(option.title)}* - {_option_state(option)}"
            yield section(f"{head}\n{sentence(_gist(option), 220)}")
    lines = [
        f"*{outside(it.title)}* - not here: {outside(_gist(it), 130)}"
        for it in shown
        if not it.works
    ]
    more = len(every) - len(shown)
    if more:
        lines.append(f"... and {count(more, 'more option')} that would not help, see the thread")
    if lines:
        yield context("\n".join(lines))


def _steps(report: Report) -> Iterator[Block]:
    """What somebody has to do where no button does it; the thread has every step whole."""
    best = next((it for it in report.options if it.recommended and it.automated), None)
    if best is not None and best.first:
        before = (f"{number}. {outside(step, 400)}" for number, step in enumerate(best.first, 1))
        yield from sections(("*First, in the cluster:*", *before))
    option = to_do(report.options)
    if option is None:
        return
    lines = [
        f"{number}. {outside(step, 300)}"
        for number, step in enumerate(option.steps[:MOST_STEPS], start=1)
    ]
    more = len(option.steps) - len(lines)
    if more > 0:
        lines.append(f"... and {count(more, 'more step')}, see the thread")
    yield from sections(["*By hand:*", *lines])


def _asked_for(option: OptionFacts, report: Report) -> bool:
    """Whether people expect an answer about this option even where it does not apply."""
    return option.id in ARTICLE and not TRAITS[report.gateway.generation].verifies_chain


def ranked_options(options: Iterable[OptionFacts]) -> list[OptionFacts]:
    """The recommended option first, then those that work, then the rest, each group in its own order."""
    return sorted(options, key=lambda it: (not it.recommended, not it.works))


def _gist(option: OptionFacts) -> str:
    """What the card says about an option; the thread has the full reason.

    What it does if it works, why not if it does not. Reports stored by earlier versions have no parts.
    """
    if option.outcome is None:
        return option.reason
    if option.works:
        return option.effect or option.reason
    return f"{WHY_NOT.get(option.outcome.kind, '')}{option.because}"


def _option_state(option: OptionFacts) -> str:
    if option.recommended:
        return ":white_check_mark: works, recommended" + ("" if option.automated else " (by hand)")
    return ":white_check_mark: works" + ("" if option.automated else " (by hand)")
