"""What to do, for the terminal: from the form with most in it to the one that fits any screen."""

from collections.abc import Iterable, Iterator, Sequence

from bot.cli.page import BLANK, Line, command, labelled, under
from bot.cli.steps import step_lines
from bot.cli.terminal import not_known
from bot.core.model.marked import mark_command
from bot.core.remedies.code import AZURE_CLI
from bot.core.remedies.handed_certificate import WANTED_WORDS
from bot.core.report.option_facts import OptionFacts, to_do
from bot.core.report.report import Report

LONGEST_COMMAND = 400
"""Characters; a longer command holds a certificate, and would push everything else off the screen."""

FEWEST = 2
"""Steps by hand that are shown whatever the room."""


def forms(report: Report, again: str, rows: int) -> Iterator[Iterator[Line]]:
    """What to do: from the form with most in it to the shortest; those with more steps than `rows` are passed over."""
    best = next((it for it in report.options if it.recommended), None)
    by_hand = to_do(report.options)
    if best is not None and best.automated:
        yield _with_button(report, best, again, commands=True)
        for most in _shorter(best.first, rows):
            yield _with_button(report, best, again, commands=False, most=most)
    elif by_hand is not None:
        yield _by_hand(report, by_hand, commands=True)
        for most in _shorter(by_hand.steps, rows):
            yield _by_hand(report, by_hand, commands=False, most=most)
    elif report.verdict != "fault":
        yield _ask_again(report)
    elif report.help_url:
        yield iter([BLANK, labelled("What to do", not_known(report.help_url))])


def _shorter(steps: Sequence[str], rows: int) -> Iterable[int]:
    """How many steps to show: as many as have a row each, then fewer and fewer. A large gateway has 1,200."""
    return range(min(len(steps), rows), min(len(steps), FEWEST) - 1, -1)


def _with_button(
    report: Report,
    option: OptionFacts,
    again: str,
    *,
    commands: bool,
    most: int | None = None,
) -> Iterator[Line]:
    yield from _title(option)
    if option.first:
        yield under("First by hand:")
        yield from _steps(option.first, commands=commands, most=most)
    yield under(f"With a button: {mark_command(f'/agw diagnose {report.gateway.name}')} in Slack.")
    code = dict(option.as_code).get(AZURE_CLI, "")
    if code and commands:
        yield under("Or with the Azure CLI:")
        for text in code.split("\n"):
            yield _short(command(text), again)
    elif code:
        yield under(
            f"Or with the Azure CLI: {mark_command(f'{again} --verbose')} shows the commands."
        )


def _short(line: Line, again: str) -> Line:
    if len(line.text) <= LONGEST_COMMAND:
        return line
    said = f"a command of {len(line.text)} characters belongs here: {again} --verbose shows it"
    return Line(said, "  # ")


def _by_hand(
    report: Report, option: OptionFacts, *, commands: bool, most: int | None = None
) -> Iterator[Line]:
    yield from _title(option)
    yield from _steps(option.steps, commands=commands, most=most)
    if report.wanted:
        what = WANTED_WORDS[report.wanted]
        yield under(f"Or hand in {what} (.cer), with the button on the card in Slack.")
    if report.help_url:
        yield under(not_known(report.help_url))


def _steps(steps: Sequence[str], *, commands: bool, most: int | None) -> Iterator[Line]:
    yield from step_lines(steps[:most], 2, commands=commands)
    if not commands:
        left = len(steps) - (most or len(steps))
        more = f"{left} more step{'s' * (left > 1)}, and the" if left else "The"
        # The last lines of the answer have the whole command.
        yield under(f"{more} command of each step: {mark_command('--verbose')}")


def _title(option: OptionFacts) -> Iterator[Line]:
    yield BLANK
    yield labelled("What to do", f"{option.title}: {option.effect or option.reason}.")


def _ask_again(report: Report) -> Iterator[Line]:
    yield BLANK
    if report.verdict == "healthy":
        said = "Does it still fail for somebody? Ask which host and path, and when; then:"
        yield labelled("What to do", said)
        yield command("agw diagnose https://HOST/PATH")
        return
    reached = all(it.not_tried is None for it in report.backends)
    inside = (
        "" if reached else "Run it in the gateway's network, or through a tunnel (--connect-to). "
    )
    yield labelled("What to do", f"{inside}Find out what is not known, then diagnose again.")
