"""A report as Markdown, for tickets: the answer, how it was seen, what to do.

GitHub Flavored Markdown (https://github.github.com/gfm/). Names are code spans; every other text is escaped, so that
what comes from outside is neither markup nor a mention.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.cli.lines import clean
from bot.core.model.marked import ending_command, parts
from bot.core.remedies.code import AZURE_CLI
from bot.core.report.faults import headline_finding, other_faults, warned
from bot.core.report.looked_at import scope_words, verdict_said
from bot.core.report.option_facts import to_do
from bot.core.report.report import FindingFacts, Report

# Of ASCII punctuation what means something to GFM within a line; a line never begins with outside text.
_MARKUP = re.compile(r"[\\`*_\[\]<>|~&$]")
# GitHub makes mentions and references of these, escaped or not (docs.github.com, "Basic writing and formatting syntax"
# and "Autolinked references and URLs").
_LINKED = re.compile(r"\S*(?:@|#\d|://|www\.)\S*")


def markdown(report: Report) -> str:
    """The whole text, with an end of line."""
    return "\n".join(_lines(report)) + "\n"


def inline(sentence: str) -> str:
    """A sentence of ours within a line: its names as code, everything else as it reads."""
    return "".join(code(it) if name else _escaped(it) for it, name in parts(sentence))


def code(text: str) -> str:
    """A code span, whatever backticks the text has (https://github.github.com/gfm/#code-spans)."""
    shown = clean(text)
    ticks = "`" * (1 + max((len(it) for it in re.findall("`+", shown)), default=0))
    pad = " " if shown.startswith("`") or shown.endswith("`") else ""
    return f"{ticks}{pad}{shown}{pad}{ticks}" if shown.strip() else ""


def _escaped(text: str) -> str:
    shown, end, found = clean(text), 0, []
    for word in _LINKED.finditer(shown):
        found += [_MARKUP.sub(r"\\\g<0>", shown[end : word.start()]), code(word[0])]
        end = word.end()
    return "".join([*found, _MARKUP.sub(r"\\\g<0>", shown[end:])])


def _lines(report: Report) -> Iterator[str]:
    gateway = report.gateway
    word = verdict_said(report.verdict, report.looked_at).capitalize()
    yield f"## {code(gateway.name)}: {word}"
    yield ""
    if report.suffering:
        label = "Who suffers" if report.verdict == "fault" else "Clients"
        yield from (f"**{label}:** {inline(report.suffering)}", "")
    yield from _why(report)
    yield from _to_do(report)
    for same in other_faults(report):
        yield from (f"**Also at fault:** {inline(same[0].summary)} {inline(same[0].remedy)}", "")
    for same in warned(report):
        yield from (f"**Warning:** {inline(same[0].summary)}", "")
    for note in report.notes:
        yield from (f"**Note:** {inline(note)}", "")
    yield from _evidence(finding for finding in report.findings if finding.severity == "error")
    where = f"{code(gateway.resource_group)}, {code(gateway.tier)} ({gateway.generation})"
    scope = scope_words(report.looked_at)
    yield f"Seen by agw at {report.made:%Y-%m-%d %H:%M} UTC. {where}.{f' {inline(scope)}.' if scope else ''}"


def _why(report: Report) -> Iterator[str]:
    fault = headline_finding(report)
    if fault:
        yield from (f"**Fault:** {inline(fault[0].summary)}", "")
        yield from (f"**Cause:** {inline(fault[0].cause)}", "")
    elif report.verdict == "undecided":
        for because in dict.fromkeys(it.because for it in report.undecided):
            yield f"- not known: {inline(because)}"
        yield ""
    else:
        yield from (f"**Checked:** {inline(report.conclusion)}", "")


def _to_do(report: Report) -> Iterator[str]:
    best = next((it for it in report.options if it.recommended), to_do(report.options))
    if best is not None:
        effect = inline(best.effect or best.reason)
        yield from (f"**What to do:** {inline(best.title)}: {effect}.", "")
        yield from _steps(best.first if best.automated else best.steps)
        commands = dict(best.as_code).get(AZURE_CLI)
        if best.automated and commands:
            yield from ("With the Azure CLI:", "")
            yield from (*_fenced(commands.split("\n")), "")
    if report.help_url:
        yield from (f"If that does not help, ask Microsoft support: <{report.help_url}>", "")


def _steps(steps: Sequence[str]) -> Iterator[str]:
    for number, step in enumerate(steps, 1):
        text, command = ending_command(step)
        yield f"{number}. {inline(text)}"
        if command is not None:
            yield from (f"   {it}" for it in _fenced([command]))
    if steps:
        yield ""


def _fenced(commands: Iterable[str]) -> Iterator[str]:
    """A block of code that none of its lines can end (https://github.github.com/gfm/#fenced-code-blocks)."""
    shown = [clean(it) for it in commands]
    most = max((len(it) for line in shown for it in re.findall("`+", line)), default=0)
    fence = "`" * max(3, most + 1)
    yield from (f"{fence}sh", *shown, fence)


def _evidence(findings: Iterable[FindingFacts]) -> Iterator[str]:
    findings = tuple(findings)
    every = tuple(dict.fromkeys(it for finding in findings for it in finding.evidence))
    if every:
        yield from ("<details><summary>Evidence</summary>", "")
        for it in every:
            yield f"- {inline(it.text)}"
            if it.command:
                yield from (f"  {line}" for line in _fenced([it.command]))
        for source in dict.fromkeys(it for finding in findings for it in finding.sources):
            yield f"- source: <{source}>"
        yield from ("", "</details>", "")
