"""What is understood, and what is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.command_model import (
    Command,
    Diagnose,
    Help,
    History,
    List,
    Status,
    Usage,
    Version,
    Which,
)
from handlers.hearing.report import mentioned, report
from handlers.hearing.text import as_typed
from handlers.parse import VERBS, parse

ID = (
    "/subscriptions/5f3c/resourceGroups/rg-prod/providers/Microsoft.Network"
    "/applicationGateways/agw-prod"
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Which()),
        ("   ", Which()),
        ("list", List("")),
        ("list shop", List("shop")),
        ("help", Help()),
        ("HELP", Help()),
        ("version", Version()),
        ("diagnose agw-prod", Diagnose("agw-prod")),
        ("Diagnose  agw-prod ", Diagnose("agw-prod")),
        ("diagnose rg-prod/agw-prod", Diagnose("rg-prod/agw-prod")),
        (f"diagnose {ID}", Diagnose(ID)),
        ("diagnose agw-prod again", Diagnose("agw-prod", again=True)),
        ("diagnose agw-prod AGAIN", Diagnose("agw-prod", again=True)),
        ("diagnose again", Diagnose("again")),
        (
            "diagnose <https://shop.contoso.com/basket?a=1&amp;b=2>",
            Diagnose("https://shop.contoso.com/basket?a=1&b=2"),
        ),
        ("diagnose <http://shop.contoso.com|shop.contoso.com>", Diagnose("shop.contoso.com")),
        ("diagnose <https://a.example/|our shop>", Diagnose("https://a.example/")),
        ("status", Status(None)),
        ("status agw-prod", Status("agw-prod")),
        ("history", History(None)),
        ("history agw-prod", History("agw-prod")),
        ("<@U0AGW> diagnose agw-prod", Diagnose("agw-prod")),
        ("<@U0AGW|agw> 502 from gateway agw-prod", Diagnose("agw-prod")),
        ("502 from gateway agw-prod again", Diagnose("agw-prod", again=True)),
        ("<@U0AGW>", Which()),
        ("diagnose", Which()),
        ("diagnoze agw-prod", Usage("diagnoze agw-prod", "diagnose agw-prod")),
        ("agw-prod", Usage("agw-prod", "diagnose agw-prod")),
        ("make me a coffee", Usage("make me a coffee", None)),
        ("tell me about agw-prod", Usage("tell me about agw-prod", "diagnose agw-prod")),
        ("<@U0AGW>, diagnose *agw-prod*.", Diagnose("agw-prod")),
        ("*diagnose* agw-prod", Diagnose("agw-prod")),
        ("diagnose \u201cagw-prod\u201d", Diagnose("agw-prod")),
        ("diagnose _agw-prod_ again!", Diagnose("agw-prod", again=True)),
        ("diagnose the gateway agw-prod, please", Diagnose("agw-prod")),
        ("diagnose gateway prod...", Diagnose("prod")),
        ("status agw-prod?", Status("agw-prod")),
        ("help!", Help()),
        ("<@U0AGW> what is wrong with agw-prod?", Diagnose("agw-prod")),
        ("what\u2019s wrong with \u2018agw-prod\u2019?", Diagnose("agw-prod")),
        (
            "<@U0AGW>: please check <http://shop.contoso.com|shop.contoso.com>...",
            Diagnose("shop.contoso.com"),
        ),
        ("gateway agw-prod is down", Diagnose("agw-prod")),
        ("gateway prod is down again", Diagnose("prod", again=True)),
        ("502 from gateway", Which()),
        ("something is wrong", Which()),
        ("again", Which()),
    ],
)
def test_a_command_is_understood(text: str, wanted: Command) -> None:
    assert parse(text) == wanted


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("502 from gateway agw-test", "agw-test"),
        ("502 from gateway agw-test!", "agw-test"),
        ("502 from gateway agw-test.", "agw-test"),
        ("502 from gateway `agw-test`", "agw-test"),
        ("502 from gateway *agw-test*, anyone?", "agw-test"),
        ("504 from gateway prod", "prod"),
        ("we see 502s from the application gateway agw-test since 10 minutes", "agw-test"),
        ("lots of 502 errors on our app gateway agw-test", "agw-test"),
        ("bad gateway on agw-test", "agw-test"),
        ("502 Bad Gateway from <https://shop.contoso.com/>", "https://shop.contoso.com/"),
        ("HTTP 502 at <http://shop.contoso.com|shop.contoso.com>", "shop.contoso.com"),
        ("gateway timeout on agw-test", "agw-test"),
        ("502 for 10 minutes from agw-test", "agw-test"),
        ("gateway agw-test answers 502", "agw-test"),
        ("Hi all. 502 from gateway agw-test. What changed? I was on holiday-mode", "agw-test"),
        (f"502 from {ID}", ID),
        ("502 from rg-prod/agw-prod", "rg-prod/agw-prod"),
        ("502 FROM GATEWAY AGW-TEST", "AGW-TEST"),
    ],
)
def test_a_report_names_its_gateway(text: str, target: str) -> None:
    found = report(text)
    assert found is not None
    assert found.target == target


@pytest.mark.parametrize(
    "text",
    [
        "",
        "good morning",
        "the gateway is fine",
        "502",
        "I got a 502",
        "502 from gateway",
        "502 from the gateway again",
        "what does 502 from gateway mean?",
        "502 from gateway is back",
        "502 from our payment service",
        "502 for everyone since 3/4 of an hour",
        "the 502nd gateway at agw-test",
        "room 1502 at agw-test",
        "we sold 502 tickets on monday",
        "deployed agw-test",
        "502 from 10.1.5.11",
    ],
)
def test_chatter_is_left_alone(text: str) -> None:
    assert report(text) is None


def test_a_report_without_the_word_gateway_is_not_sure() -> None:
    assert report("502 on post-deploy checks") == Diagnose("post-deploy", sure=False)
    assert report("502 on gateway post-deploy") == Diagnose("post-deploy", sure=True)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("502 from gateway prod", ("prod",)),
        ("is something wrong with agw-test?", ("agw-test",)),
        ("a follow-up: 502 on gateway agw-test", ("agw-test", "follow-up")),
        ("see <https://shop.contoso.com/x>", ("https://shop.contoso.com/x",)),
        (f"look at {ID}", (ID,)),
        ("nothing here", ()),
        ("", ()),
    ],
)
def test_the_shortcut_finds_names_in_any_wording(text: str, names: tuple[str, ...]) -> None:
    assert mentioned(text) == names


@given(st.text())
def test_nothing_that_is_typed_breaks_it(text: str) -> None:
    parse(text)
    report(text)
    mentioned(text)


@given(st.sampled_from(VERBS), st.text(alphabet="abcxyz019-._/", min_size=1).map(str.strip))
def test_a_verb_is_never_a_misunderstanding(verb: str, rest: str) -> None:
    assert not isinstance(parse(f"{verb} {rest}"), Usage)


@given(st.text(alphabet=st.characters(codec="ascii", exclude_characters="<>&|")))
def test_escapes_are_taken_back(text: str) -> None:
    escaped = f"a {text} &amp; &lt;b&gt;"
    assert as_typed(escaped) == f"a {text} & <b>"
