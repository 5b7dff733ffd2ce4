"""Sentences as they are written in channels: which ones are reports, and of what."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.target import Known, find, resource_id
from handlers.parse import Diagnose, mentioned, parse, plain, report, reports

ID = (
    "/subscriptions/5f3c/resourceGroups/rg-prod/providers/Microsoft.Network"
    "/applicationGateways/agw-prod"
)
PORTAL = f"https://portal.azure.com/#@contoso.com/resource{ID}/overview"


def known(name: str, *hosts: str) -> Known:
    return Known(ID.replace("agw-prod", name), name, "rg-prod", "5f3c", hosts)


GATEWAYS = (
    known("agw-prod", "shop.contoso.com", "*.shops.contoso.com"),
    known("agw-test", "test.appgwtestase.com"),
    known("agwedge"),
    known("prod"),
)

REPORTS = (
    # Plain words, and the name after a place.
    ("502 from gateway agw-prod", "agw-prod"),
    ("getting 502s from agw-prod again", "agw-prod"),
    ("Bad Gateway on shop.contoso.com", "shop.contoso.com"),
    ("502 on https://test.appgwtestase.com/x", "https://test.appgwtestase.com/x"),
    ("504 gateway timeout from agw-prod", "agw-prod"),
    (
        "anyone else seeing 502 bad gateway at https://shop.contoso.com/cart ?",
        "https://shop.contoso.com/cart",
    ),
    ("502 from gateway prod", "prod"),
    ("502s from our app gateway prod", "prod"),
    ("502 on the Application Gateway agw-prod!!", "agw-prod"),
    ("HTTP 502 from agw-prod", "agw-prod"),
    ("HTTP/1.1 502 Bad Gateway from shop.contoso.com", "shop.contoso.com"),
    ("502/504 from agw-prod since noon", "agw-prod"),
    ("lots of 502 and 504 errors on agw-test", "agw-test"),
    (
        "Error 502 when opening https://shop.contoso.com/cart?id=7",
        "https://shop.contoso.com/cart?id=7",
    ),
    ("a few 502 responses from agw-test, intermittently", "agw-test"),
    ("gateway time-out at shop.contoso.com", "shop.contoso.com"),
    ("we are seeing bad gateways on agw-prod", "agw-prod"),
    ("502 behind agwedge", "agwedge"),
    (f"502 from {ID}", ID),
    (f"502 on {PORTAL}", PORTAL),
    ("502 from rg-prod/agw-prod", "rg-prod/agw-prod"),
    ("502 (Bad Gateway) from agw-prod", "agw-prod"),
    ("502: agw-prod", "agw-prod"),
    ("502 agw-prod", "agw-prod"),
    ("502 spike on agw-prod :fire:", "agw-prod"),
    ("502 for everyone on shop.contoso.com/cart", "shop.contoso.com/cart"),
    ("users get 502 via de.shops.contoso.com", "de.shops.contoso.com"),
    ("502 for the last 10 minutes from agw-prod, still", "agw-prod"),
    # The name comes first.
    ("agw-prod is throwing 502", "agw-prod"),
    ("agw-prod returns 502", "agw-prod"),
    ("gateway agw-test answers 502", "agw-test"),
    ("shop.contoso.com gives me a 502", "shop.contoso.com"),
    ("https://shop.contoso.com/cart -> 502 Bad Gateway", "https://shop.contoso.com/cart"),
    ("agw-prod: 502", "agw-prod"),
    ("agw-prod down? 502 from agw-prod here", "agw-prod"),
    ("since the re-deploy agw-prod answers with 502", "agw-prod"),
    ("why is agw-prod returning 502?", "agw-prod"),
    ("agw-prod (westeurope) keeps throwing 502s", "agw-prod"),
    ("can someone look at agw-prod, customers get 502", "agw-prod"),
    ("when I open https://shop.contoso.com/cart I get 502", "https://shop.contoso.com/cart"),
    ("agw-prod was fine until noon, now 502", "agw-prod"),
    ("no idea why, but 502 on agw-prod", "agw-prod"),
    ("agw-prod is not reachable, 502", "agw-prod"),
    ("we fixed the DNS, still 502 from agw-prod", "agw-prod"),
    # The name and the symptom are on lines of their own.
    ("https://shop.contoso.com/cart\n502 Bad Gateway", "https://shop.contoso.com/cart"),
    ("Getting 502 again!! <https://shop.contoso.com/cart>", "https://shop.contoso.com/cart"),
    ("Good morning. We had a nice release. 502 from agw-prod now. Who is on call?", "agw-prod"),
    # As Slack writes it down.
    ("502 on <http://shop.contoso.com|shop.contoso.com>", "shop.contoso.com"),
    (
        "502 on <https://shop.contoso.com/cart?a=1&amp;b=2>.",
        "https://shop.contoso.com/cart?a=1&b=2",
    ),
    ("502 on <https://shop.contoso.com/cart|our shop>", "https://shop.contoso.com/cart"),
    ("<!here> 502 from `agw-prod`", "agw-prod"),
    ("`502` from `agw-prod`", "agw-prod"),
    ("*502* from *agw-prod*!", "agw-prod"),
    ("_502 from agw-prod_", "agw-prod"),
    ("<@U012ABC> 502 from gateway agw-prod", "agw-prod"),
    ("I get \u201c502 Bad Gateway\u201d on \u2018agw-prod\u2019", "agw-prod"),
    ("502 from \u201cagw-prod\u201d\u2026", "agw-prod"),
    ('users see "502 - Web server received an invalid response" on agw-prod', "agw-prod"),
    ("`curl -I https://shop.contoso.com/cart` gives 502", "https://shop.contoso.com/cart"),
    ("&gt; is the shop down?\nyes, 502 from agw-prod", "agw-prod"),
    ("status=502 gateway=agw-prod", "agw-prod"),
    ("\u200b502 from agw-prod\u2019s listener", "agw-prod"),
    ("502, agw-prod.", "agw-prod"),
    # Other words, other languages.
    ("502 FROM GATEWAY AGW-PROD", "AGW-PROD"),
    ("502 von agw-prod", "agw-prod"),
    ("wieder 502er auf shop.contoso.com", "shop.contoso.com"),
    ("502-Fehler bei agw-prod", "agw-prod"),
    ("agw-prod wirft 502", "agw-prod"),
    ("Fehler 502 beim Gateway prod", "prod"),
    ("shop.contoso.com liefert seit 10 Minuten 502", "shop.contoso.com"),
    ("erreur 502 sur shop.contoso.com", "shop.contoso.com"),
    ("agw-prod \u8fd4\u56de 502", "agw-prod"),
    # Words that look like names are tried as well; a gateway is what is known.
    ("502 on post-deploy checks at agw-prod", "agw-prod"),
    ("follow-up on the re-deploy: 502 via agw-prod", "agw-prod"),
)

CHATTER = (
    # Nothing is named.
    "",
    "good morning",
    "502",
    "I got a 502",
    "502 from gateway",
    "502 from the gateway again",
    "502 everywhere, help!",
    "504 gateway timeout",
    "502 from our payment service",
    "502 from 10.1.5.11",
    "Bad Gateway?!",
    "who broke it, 502 for all",
    "502 from the gateway team",
    # Nothing is wrong.
    "deployed agw-prod",
    "agw-prod is fine",
    "the gateway agw-prod was moved to rg-prod",
    "shop.contoso.com is so fast today",
    # It is over.
    "we had 502s from agw-prod yesterday",
    "the 502s from agw-prod are fixed",
    "agw-prod was throwing 502 last week",
    "resolved: 502 on shop.contoso.com",
    "502 on agw-prod is gone",
    "two years ago agw-prod gave 502 every night",
    "earlier today there were 502s on agw-prod",
    "agw-prod returned no 502",
    "no 502 from agw-prod",
    "no more 502s on shop.contoso.com",
    "agw-prod doesn't return 502",
    "not seeing any 502s from agw-prod",
    "agw-prod no longer returns 502",
    "agw-prod without 502 for a week",
    "502s from agw-prod have cleared",
    "die 502 von agw-prod sind behoben",
    "gestern gab es 502 von agw-prod",
    "keine 502 mehr von agw-prod",
    # It is only talked about.
    "what does 502 from gateway mean?",
    "what does 502 from agw-prod mean?",
    "if agw-prod returns 502, call Ben",
    "when agw-prod gives 502 we fail over",
    "let me know whenever you see 502 from agw-prod",
    "the runbook for 502 on agw-prod is in the wiki",
    "postmortem of the 502 on agw-prod at 3",
    "build a dashboard for 502s from agw-prod",
    "the demo simulates it: example 502 from agw-prod",
    "this would give 502 on agw-prod",
    "wenn agw-prod 502 liefert, ruf Ben an",
    # Other numbers.
    "room 502 at shop.contoso.com",
    "Zimmer 502 bei shop.contoso.com",
    "meet in room #502, agenda on shop.contoso.com",
    "we sold 502 tickets on shop.contoso.com",
    "it costs $502 on shop.contoso.com",
    "it costs 502 EUR on shop.contoso.com",
    "USD 502 at shop.contoso.com",
    "paid 502 at shop.contoso.com",
    "bought it for 502 at shop.contoso.com",
    "502 \u20ac on shop.contoso.com",
    "version 502 on agw-prod",
    "agw-prod runs 1.502 now",
    "v5.0.2 on agw-prod",
    "build 502 deployed to agw-prod",
    "port 502 on agw-prod",
    "10.1.5.11:502 behind agw-prod",
    "PR 502 for agw-prod",
    "issue #502 on agw-prod",
    "it takes 502ms on shop.contoso.com",
    "it takes 502 ms on shop.contoso.com",
    "502 people on shop.contoso.com",
    "the 502nd order on shop.contoso.com",
    "502,000 visits on shop.contoso.com",
    "502% more on shop.contoso.com",
    "call 555-502 about shop.contoso.com",
    "order 502 from shop.contoso.com",
    "502 personnes sur shop.contoso.com",
    "habitaci\u00f3n 502 en shop.contoso.com",
    "502 Besucher auf shop.contoso.com",
    "\u623f\u95f4502\u5728 shop.contoso.com",
    "502\u53f7\u623f shop.contoso.com",
    # Code, citations, the bot's own words.
    "`if status == 502: retry()` in agw-prod",
    '`return Response(502, "agw-prod")`',
    "```\n502 from gateway agw-prod\n```",
    "```curl https://shop.contoso.com\n< HTTP/1.1 502 Bad Gateway",
    "&gt; 502 from gateway agw-prod\nwhat was that about?",
    'just write "502 from gateway agw-prod" here',
    "just write `502 from gateway agw-prod` here",
    "Ben wrote \u201c502 on agw-prod\u201d",
    "say '502 from agw-prod' and it comes",
    "~502 from agw-prod~ my VPN",
    "&gt; agw-prod answers 502: fault found\nthanks, bot",
    # Other gateways, other names.
    "502 from the payment gateway",
    "our API gateway gives 502",
    "502 in handler.py",
    "bad gateway in the SMS gateway",
    "<mailto:ops@contoso.com|ops@contoso.com> asks about 502",
    "502 on <#C012ABC|agw-prod>",
)

UNKNOWN = (
    "502 on post-deploy checks",
    "502 from our api-gateway",
    "502 from the payment gateway pay-prod",
    "502 on https://github.com/agw-prod",
    "502 from status.contoso.com",
    "https://grafana.contoso.com/d/agw-prod shows 502",
    "bad gateway on mail.contoso.com",
    "502 on agw-production",
    "502 at shop.contoso.com.evil.example",
    "e-mail gateway mx-prod: 502",
)


def meant(text: str) -> Diagnose | None:
    """The first of what may be meant that is a gateway."""
    return next((it for it in reports(text) if is_known(it.target)), None)


def is_known(target: str) -> bool:
    found, _ = find(resource_id(target) or target, GATEWAYS)
    return bool(found)


@pytest.mark.parametrize(("text", "target"), REPORTS)
def test_a_report_names_what_it_is_about(text: str, target: str) -> None:
    found = meant(text)
    assert found is not None
    assert found.target == target


@pytest.mark.parametrize("text", CHATTER)
def test_chatter_names_nothing(text: str) -> None:
    assert reports(text) == ()


@pytest.mark.parametrize("text", UNKNOWN)
def test_what_is_no_gateway_is_nothing_sure(text: str) -> None:
    assert reports(text)
    assert meant(text) is None
    assert not any(it.sure for it in reports(text))


def test_every_sentence_is_another_one() -> None:
    every = [*(text for text, _ in REPORTS), *CHATTER, *UNKNOWN]
    assert len(every) == len(set(every))
    assert len(REPORTS) >= 60 <= len(CHATTER)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("502 from gateway nowhere", Diagnose("nowhere", sure=True)),
        ("502 from nowhere-at-all", Diagnose("nowhere-at-all", sure=False)),
        ("502s from agw-prod again", Diagnose("agw-prod", again=True, sure=False)),
    ],
)
def test_it_is_sure_only_of_what_is_called_a_gateway(text: str, wanted: Diagnose) -> None:
    assert report(text) == wanted


def test_whoever_speaks_to_the_bot_is_answered_also_about_an_unknown_name() -> None:
    assert parse("<@U012ABC> 502 from nowhere-at-all") == Diagnose("nowhere-at-all", sure=True)


PIECES = st.sampled_from(
    [
        *("502", "504 ", "http 502", "bad gateway", "gateway timeout", "from ", "on the ", "if "),
        *("agw-prod", "https://", "/subscriptions/", "<http://", "<@U1|", "|", ">", "<", "&gt;"),
        *(
            "```",
            "`",
            '"',
            "'",
            "~",
            "*",
            "_",
            "\n",
            ". ",
            " ",
            "1.1",
            "no any ",
            "x@",
            "a:",
            "agw",
        ),
    ]
)


@settings(deadline=None)
@given(st.lists(PIECES | st.text(max_size=3)).map("".join))
def test_nothing_that_is_written_breaks_it(text: str) -> None:
    for it in (*reports(text), report(text)):
        assert it is None or it.target.strip()
    mentioned(text)
    plain(text)


@settings(deadline=None, max_examples=40)
@given(st.lists(PIECES, min_size=1, max_size=3).map("".join))
def test_long_texts_take_no_longer_than_they_are_long(piece: str) -> None:
    """Slack's longest message, made of what would lead a pattern astray; quadratic ones would take minutes."""
    text = piece * (40_000 // len(piece))
    before = time.process_time()
    reports(text)
    mentioned(f"502 {text}")
    assert time.process_time() - before < 5
