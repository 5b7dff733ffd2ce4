"""What a channel hears of the bot: an answer to a report, silence to everything else.

The sentences were written before the words that it listens for, and stand in files: `sentences/reports.txt` names the
gateway that is meant, `sentences/chatter.txt` is what must be let pass. `\\n` stands for a new line.
"""

from pathlib import Path

import pytest

from bot.core.model.known_gateway import KnownGateway
from bot.core.routing.target import find, parse_target
from handlers.command_model import Diagnose
from handlers.hearing.complaint import heard_in, is_nameless
from handlers.hearing.report import reports
from handlers.messages import MOST_NAMES
from handlers.parse import parse
from tests.handlers.bench import ADA, INCIDENTS, Bench

HERE = Path(__file__).parent / "sentences"


def known(name: str, *hosts: str) -> KnownGateway:
    return KnownGateway(f"/subscriptions/5f3c/{name}", name, "rg-prod", "5f3c", hosts)


GATEWAYS = (
    known("agw-prod", "shop.contoso.com", "*.shops.contoso.com"),
    known("agw-test", "test.appgwtestase.com"),
    known("agwedge"),
    known("prod"),
)


def lines(name: str) -> list[str]:
    return (HERE / name).read_text(encoding="utf-8").splitlines()


REPORTS = [tuple(line.split(" | ", 1)) for line in lines("reports.txt")]
CHATTER = lines("chatter.txt")


def answered(sentence: str) -> str | None:
    """The gateway that is diagnosed, as in a report channel: the first that is known."""
    for wanted in heard_in(sentence.replace("\\n", "\n"))[:MOST_NAMES]:
        found, _ = find(parse_target(wanted.target), GATEWAYS)
        if found:
            return found[0].name
    return None


@pytest.mark.parametrize(("gateway", "sentence"), REPORTS)
def test_a_report_is_answered(gateway: str, sentence: str) -> None:
    assert answered(sentence) == gateway


@pytest.mark.parametrize("sentence", CHATTER)
def test_chatter_is_met_with_silence(sentence: str) -> None:
    assert answered(sentence) is None
    assert not any(it.sure for it in heard_in(sentence))
    assert not is_nameless(sentence.replace("\\n", "\n"))


def test_no_sentence_stands_there_twice() -> None:
    every = [*(sentence for _, sentence in REPORTS), *CHATTER]
    assert len(every) == len(set(every))
    assert len(REPORTS) > 200 < len(CHATTER)


@pytest.mark.parametrize(
    "sentence",
    [
        "can agw-prod return 502 when the pool is empty?",
        "what if agw-prod gives 502?",
        "is the 502 on agw-prod fixed?",
        "no more 502 on agw-prod, right?",
    ],
)
def test_what_is_doubtful_is_answered_only_to_whoever_speaks_to_the_bot(sentence: str) -> None:
    assert reports(sentence) == ()
    assert parse(f"<@U0AGW> {sentence}") == Diagnose("agw-prod")


async def test_only_a_name_that_is_nearly_right_is_commented_on(bench: Bench) -> None:
    await bench.slack.post(ADA, INCIDENTS, "502 from apim-test")
    await bench.slack.post(ADA, INCIDENTS, "502 from agw-tset")
    await bench.told(ADA, "`agw-tset`")
    await bench.idle()
    assert bench.cards() == []
    assert len(bench.slack.ephemerals(ADA, INCIDENTS)) == 1
