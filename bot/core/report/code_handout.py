"""Every option's change as code, in one text file: for people whose gateways are owned by code."""

from collections.abc import Iterator, Sequence

from bot.core.model.marked import plain
from bot.core.remedies.code import AZURE_CLI
from bot.core.report.option_facts import OptionFacts, ranked
from bot.core.report.report import Report

FENCES = {AZURE_CLI: "sh", "Terraform": "hcl", "Bicep": "bicep"}


def with_code(report: Report) -> tuple[OptionFacts, ...]:
    """The options that can be told as code, the recommended one first, then those that work."""
    return tuple(ranked(it for it in report.options if it.as_code))


def handout(report: Report, options: Sequence[OptionFacts]) -> str:
    """Markdown, an option a chapter; each says whether it would end the incident."""
    lines = (line for option in options for line in _chapter(option))
    return plain("\n".join((f"# {report.gateway.name}: the options as code", "", *lines)))


def _chapter(option: OptionFacts) -> Iterator[str]:
    stands = "recommended" if option.recommended else "works" if option.works else "not enough here"
    yield from (f"## {option.title} ({option.id}): {stands}", "", option.reason, "")
    for language, text in option.as_code:
        yield from (language, "", f"```{FENCES[language]}", text, "```", "")
