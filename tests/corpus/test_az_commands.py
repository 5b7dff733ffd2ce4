"""Every `az` command that the bot tells anybody is one that the Azure CLI takes: no word of it is our guess.

The commands are those of real reports: one scenario for each remedy; in `make corpus` also one for each cause.
"""

import asyncio
import inspect
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given

from bot.core.analysis import commands
from bot.core.case.diagnosis import diagnose
from bot.core.model.marked import plain
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import WhatIf, try_options
from bot.core.report.report import Report
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from bot.lab.scenario import Scenario
from bot.lab.scenarios import SCENARIOS
from tests.azure_cli import need, parsed, refused
from tests.core.clients import Page, looked_at
from tests.core.clients import plain as plain_http
from tests.core.make import HOST, NOW
from tests.core.rewriting import on_paths, rewrite, rewritten
from tests.corpus.running import running
from tests.corpus.sample import one_of_each
from tests.corpus.strategies import papers
from tests.sizes import examples

# A command stands at the end of what is told, or before the next one.
COMMAND = re.compile(
    r"\baz (?:network|monitor|resource|webapp)\b.*?(?= (?:and|&&) az |$)", re.DOTALL
)


NUMBERS = {"PORT": "443", "SECONDS": "60", "NUMBER": "10", "HTTP_OR_HTTPS": "Https"}


def told(report: Report) -> Iterator[str]:
    """Every text of a report that may hold a command."""
    for finding in report.findings:
        yield from (it.command for it in finding.evidence if it.command)
    for option in report.options:
        yield from map(plain, option.steps)
        yield from (line for _, text in option.as_code[:1] for line in text.splitlines())


def az_commands(texts: Iterable[str]) -> list[list[str]]:
    """The commands in them as words, each kind of command with each set of options once.

    Where a person has to put a number, there is one.
    """
    found = [
        [NUMBERS.get(word, word) for word in shlex.split(it[0])]
        for text in texts
        for it in COMMAND.finditer(text)
    ]
    return list({tuple(_shape(words)): words for words in found}.values())


def _shape(words: list[str]) -> Iterator[str]:
    return (word for word in words if not word.startswith("/") and not re.search(r"\d|agw-", word))


@pytest.fixture(autouse=True)
def azure_cli() -> None:
    """Looked for before the commands are gathered, which takes far longer."""
    need()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of the functions that were asked for a command; they answer as ever."""
    names: set[str] = set()

    def noted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def ask(*words: Any, **options: Any) -> Any:
            names.add(name)
            return function(*words, **options)

        return ask

    for name in makers():
        monkeypatch.setattr(commands, name, noted(name, getattr(commands, name)))
    return names


def makers() -> set[str]:
    """Every public function that makes an `az` command."""
    public = inspect.getmembers(commands, inspect.isfunction)
    return {
        name
        for name, it in public
        if it.__module__ == commands.__name__
        and not name.startswith("_")
        and re.search(r'_az\(|"az"', inspect.getsource(it))
    }


@pytest.mark.repeats
@pytest.mark.timeout(600)
async def test_the_azure_cli_takes_every_command(tmp_path: Path, asked: set[str]) -> None:
    sample = {it.name for it in one_of_each()}
    worlds = [it for it in SCENARIOS if it.name in sample or not it.expected.cause]
    found = await _told_of(worlds, tmp_path)
    assert len(found) > 40
    assert refused(found, tmp_path) == []
    assert asked == makers(), "no scenario tells this command"


@pytest.mark.timeout(600)
async def test_the_azure_cli_takes_what_is_told_of_each_remedy(tmp_path: Path) -> None:
    by_remedy = {it.expected.option: it for it in reversed(SCENARIOS) if it.expected.option}
    found = await _told_of(by_remedy.values(), tmp_path)
    assert len(found) > 30
    assert refused(found, tmp_path) == []


async def _told_of(scenarios: Iterable[Scenario], folder: Path) -> list[list[str]]:
    """The commands that diagnoses of these worlds tell."""
    texts: list[str] = []
    for scenario in scenarios:
        place = folder / scenario.name
        place.mkdir()
        async with asyncio.timeout(600), running(scenario, place) as run:
            await run.settled()
            texts += told(await run.diagnosed())
    return az_commands(texts)


@pytest.mark.hypothesis
@pytest.mark.filterwarnings("ignore:Generating overly large repr")
def test_the_azure_cli_takes_what_is_told_of_gateways_at_random(tmp_path: Path) -> None:
    texts: list[str] = []

    @examples(30, *HealthCheck)
    @given(papers())
    def tell(what_if: WhatIf) -> None:
        diagnosis = diagnose(what_if.case, RULES)
        trials = try_options(what_if, diagnosis, OPTIONS)
        texts.extend(told(make_report(what_if.case, diagnosis, trials, RULES, NOW)))

    tell()
    found = az_commands(texts)
    assert len(found) > 10
    assert refused(found, tmp_path) == []


def _health_page_or(status: int) -> Page:
    """A plain HTTP server that has the health page of its site, and answers the rest alike."""
    return plain_http(lambda it: 200 if (it.host, it.path) == (HOST, "/health") else status)


VALUES = {
    "X-Site": "{http_req_Host} of {var_client_ip}",
    "X-Gone": "",
    "X-Said": "'it' is",
    "X-Null": "null",
}


def test_the_azure_cli_takes_what_corrects_a_rewrite_rule(tmp_path: Path) -> None:
    headers = [{"headerName": name, "headerValue": it} for name, it in VALUES.items()]
    host = {"headerName": "Host", "headerValue": "shp.example"}
    url = rewrite("url", path="/v1{var_uri_path}", query="old=1")
    broken = rewritten(url, rewrite("head", requestHeaderConfigurations=[*headers, host]))
    circle = on_paths(rewrite("again", path="/api{var_uri_path}", reroute=True), at_path=True)
    pages = {"rewrite_breaks_request": (broken, 404), "rewrite_loop": (circle, 200)}
    texts: list[str] = []
    for cause, (base, status) in pages.items():
        made = looked_at(base, _health_page_or(status))
        (error,) = diagnose(made, RULES).errors
        assert error.rule == cause
        guide = next(it.guide for it in RULES if it.id == cause)
        assert guide is not None
        texts += (plain(it.sentence) for it in guide.steps(made, error.match))
    found = [it for it in az_commands(texts) if it[3:5] == ["rewrite-rule", "update"]]
    answers = parsed(found, tmp_path)
    assert [it for it in answers if "refused" in it] == []
    sent = {it["arguments"]["name"]: it["arguments"] for it in answers}
    assert sent["url"]["modified_path"] == "/PATH"
    assert sent["url"]["modified_query_string"] == "QUERY"
    assert sent["head"]["request_headers"] == {**VALUES, "Host": "HOST_NAME"}
    assert sent["again"]["enable_reroute"] is False
    assert {it["rule_set_name"] for it in sent.values()} == {"set"}


def test_a_wrong_word_is_refused(tmp_path: Path) -> None:
    good = "az network application-gateway stop -g rg --subscription s -n agw"
    found = az_commands([good, f"Stop it: {good} and {good} --harder"])
    assert len(found) == 2
    (said,) = refused(found, tmp_path)
    assert "--harder" in said


def test_a_missing_word_is_missed(tmp_path: Path) -> None:
    (said,) = refused(az_commands(["az network application-gateway stop -g rg"]), tmp_path)
    assert "required" in said
