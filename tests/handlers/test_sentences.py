"""What is written in channels, by people and monitors: which of it are reports, and of what."""

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.core.model.known_gateway import KnownGateway
from bot.core.routing.target import find, parse_target
from handlers.command_model import Diagnose
from handlers.hearing.alert import alert
from handlers.hearing.report import mentioned, report, reports
from handlers.hearing.text import as_typed
from handlers.parse import parse
from tests.core import make
from tests.handlers.bench import ADA, INCIDENTS, Bench, buttons, open_bench
from tests.sizes import examples

ID = (
    "/subscriptions/5f3c/resourceGroups/rg-prod/providers/Microsoft.Network"
    "/applicationGateways/agw-prod"
)
PORTAL = f"https://portal.azure.com/#@contoso.com/resource{ID}/overview"


def known(name: str, *hosts: str) -> KnownGateway:
    return KnownGateway(ID.replace("agw-prod", name), name, "rg-prod", "5f3c", hosts)


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
    ("is agw-prod ill? seeing a bunch of 502s", "agw-prod"),
    ("502 on https://test.appgwtestase.com/x", "https://test.appgwtestase.com/x"),
    ("504 gateway timeout from agw-prod", "agw-prod"),
    (
        "anyone else seeing 502 bad gateway at https://shop.contoso.com/cart ?",
        "https://shop.contoso.com/cart",
    ),
    ("502 from gateway prod", "prod"),
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
    ("502 behind agwedge", "agwedge"),
    (f"502 from {ID}", ID),
    (f"502 on {PORTAL}", PORTAL),
    ("502 from rg-prod/agw-prod", "rg-prod/agw-prod"),
    ("502: agw-prod", "agw-prod"),
    ("502 agw-prod", "agw-prod"),
    ("502 spike on agw-prod :fire:", "agw-prod"),
    ("users get 502 via de.shops.contoso.com", "de.shops.contoso.com"),
    ("502 for the last 10 minutes from agw-prod, still", "agw-prod"),
    # The name comes first.
    ("agw-prod is throwing 502", "agw-prod"),
    ("gateway agw-test answers 502", "agw-test"),
    ("shop.contoso.com gives me a 502", "shop.contoso.com"),
    ("https://shop.contoso.com/cart -> 502 Bad Gateway", "https://shop.contoso.com/cart"),
    ("agw-prod down? 502 from agw-prod here", "agw-prod"),
    ("since the re-deploy agw-prod answers with 502", "agw-prod"),
    ("why is agw-prod returning 502?", "agw-prod"),
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
    (
        "502 on <https://shop.contoso.com/cart?a=1&amp;b=2>.",
        "https://shop.contoso.com/cart?a=1&b=2",
    ),
    ("502 on <https://shop.contoso.com/cart|our shop>", "https://shop.contoso.com/cart"),
    ("<!here> 502 from `agw-prod`", "agw-prod"),
    ("`502` from `agw-prod`", "agw-prod"),
    ("_502 from agw-prod_", "agw-prod"),
    ("<@U012ABC> 502 from gateway agw-prod", "agw-prod"),
    ("I get \u201c502 Bad Gateway\u201d on \u2018agw-prod\u2019", "agw-prod"),
    ("502 from \u201cagw-prod\u201d\u2026", "agw-prod"),
    ('users see "502 - Web server received an invalid response" on agw-prod', "agw-prod"),
    ("`curl -I https://shop.contoso.com/cart` gives 502", "https://shop.contoso.com/cart"),
    ("&gt; is the shop down?\nyes, 502 from agw-prod", "agw-prod"),
    ("status=502 gateway=agw-prod", "agw-prod"),
    ("\u200b502 from agw-prod\u2019s listener", "agw-prod"),
    # Other words, other languages.
    ("502 von agw-prod", "agw-prod"),
    ("wieder 502er auf shop.contoso.com", "shop.contoso.com"),
    ("agw-prod wirft 502", "agw-prod"),
    ("Fehler 502 beim Gateway prod", "prod"),
    ("shop.contoso.com liefert seit 10 Minuten 502", "shop.contoso.com"),
    ("erreur 502 sur shop.contoso.com", "shop.contoso.com"),
    ("agw-prod \u8fd4\u56de 502", "agw-prod"),
    # Words that look like names are tried as well; a gateway is what is known.
    ("502 on post-deploy checks at agw-prod", "agw-prod"),
)

CHATTER = (
    # Nothing is named.
    "502",
    "I got a 502",
    "504 gateway timeout",
    "502 from the gateway team",
    # Nothing is wrong.
    "the gateway agw-prod was moved to rg-prod",
    # It is over.
    "we had 502s from agw-prod yesterday",
    "the 502s from agw-prod are fixed",
    "agw-prod was throwing 502 last week",
    "resolved: 502 on shop.contoso.com",
    "agw-prod returned no 502",
    "no more 502s on shop.contoso.com",
    "agw-prod doesn't return 502",
    "not seeing any 502s from agw-prod",
    "agw-prod no longer returns 502",
    "502s from agw-prod have cleared",
    "die 502 von agw-prod sind behoben",
    "gestern gab es 502 von agw-prod",
    "keine 502 mehr von agw-prod",
    # It is only talked about.
    "what does 502 from agw-prod mean?",
    "if agw-prod returns 502, call Ben",
    "when agw-prod gives 502 we fail over",
    "remember the 502 on agw-prod in March?",
    "root cause of the 502 on agw-prod: a certificate",
    "the runbook for 502 on agw-prod is in the wiki",
    "postmortem of the 502 on agw-prod at 3",
    "build a dashboard for 502s from agw-prod",
    "the demo simulates it: example 502 from agw-prod",
    "wenn agw-prod 502 liefert, ruf Ben an",
    # Other numbers.
    "room 502 at shop.contoso.com",
    "Zimmer 502 bei shop.contoso.com",
    "meet in room #502, agenda on shop.contoso.com",
    "we sold 502 tickets on shop.contoso.com",
    "it costs $502 on shop.contoso.com",
    "USD 502 at shop.contoso.com",
    "bought it for 502 at shop.contoso.com",
    "502 \u20ac on shop.contoso.com",
    "version 502 on agw-prod",
    "v5.0.2 on agw-prod",
    "port 502 on agw-prod",
    "10.1.5.11:502 behind agw-prod",
    "issue #502 on agw-prod",
    "it takes 502 ms on shop.contoso.com",
    "the 502nd order on shop.contoso.com",
    "call 555-502 about shop.contoso.com",
    "order 502 from shop.contoso.com",
    "502 personnes sur shop.contoso.com",
    "habitaci\u00f3n 502 en shop.contoso.com",
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
    "502 on agw-production",
    "e-mail gateway mx-prod: 502",
)


def meant(text: str) -> Diagnose | None:
    """The first of what may be meant that is a gateway."""
    return next((it for it in reports(text) if is_known(it.target)), None)


def is_known(target: str) -> bool:
    found, _ = find(parse_target(target), GATEWAYS)
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
        *(
            "502",
            "504 ",
            "http 502",
            "bad gateway",
            "gateway timeout",
            "from ",
            "on the ",
            "if ",
            "can you ",
            "over!",
            "form ",
        ),
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


@given(st.lists(PIECES | st.text(max_size=3)).map("".join))
def test_nothing_that_is_written_breaks_it(text: str) -> None:
    for it in (*reports(text), report(text)):
        assert it is None or it.target.strip()
    mentioned(text)
    as_typed(text)


@examples(12)
@given(st.lists(PIECES, min_size=1, max_size=3).map("".join))
def test_long_texts_take_no_longer_than_they_are_long(piece: str) -> None:
    """Slack's longest message, made of what would lead a pattern astray; quadratic ones would take minutes."""
    text = piece * (40_000 // len(piece))
    before = time.process_time()
    reports(text)
    mentioned(f"502 {text}")
    reports(f"502 on agw-prod. {text}")
    alert(f"[FIRING:1] {text}")
    assert time.process_time() - before < 5


def test_of_a_very_long_text_both_ends_are_read() -> None:
    pasted = "a line of a log\n" * 5_000
    said = "502 from agw-prod.\n"
    assert reports(said + pasted) == reports(pasted + said) == (Diagnose("agw-prod", sure=False),)
    assert reports(pasted + said + pasted) == ()
    assert reports(f"{said}{pasted}Fixed.") == ()


def test_of_very_many_mentions_the_first_are_looked_at() -> None:
    assert reports("room 502, " * 20 + "502 from agw-prod") == (Diagnose("agw-prod", sure=False),)
    assert reports("room 502, " * 200 + "502 from agw-prod") == ()


LOWER_ID = ID.lower()
ALERTS = (
    (
        f"Fired:Sev1 Azure Monitor Alert Unhealthy host count\nAffected resource: {LOWER_ID}",
        LOWER_ID,
    ),
    (
        "Fired:Sev1 Unhealthy Host Count on agw-prod ( microsoft.network/applicationgateways )",
        "agw-prod",
    ),
    (
        f'"monitorCondition": "Fired", "alertTargetIDs": ["{LOWER_ID}"], "UnhealthyHostCount"',
        LOWER_ID,
    ),
    ("FailedRequests above 10: applicationGateways/agw-prod", "agw-prod"),
    ("[Triggered] High 502 rate on agw-prod", "agw-prod"),
    ("Triggered: 5xx on gateway:agw-prod,env:prod", "agw-prod"),
    (
        "[FIRING:1, RESOLVED:1] Bad Gateway at <https://shop.contoso.com/cart|shop.contoso.com/cart>",
        "shop.contoso.com/cart",
    ),
    ("Triggered #4711: HTTP 502 on https://shop.contoso.com/cart", "https://shop.contoso.com/cart"),
)
NO_ALERTS = (
    f"Resolved:Sev1 Azure Monitor Alert Unhealthy host count, fired at 10:00\n{LOWER_ID}",
    "Deactivated: Unhealthy Host Count on agw-prod (microsoft.network/applicationgateways)",
    "[Recovered] High 502 rate on agw-prod",
    "[RESOLVED] 502 on agw-prod",
    "[OK] 5xx on agw-prod",
    "Acknowledged #4711: HTTP 502 on agw-prod",
    "Fired:Sev3 CPU above 80 percent\nagw-prod (microsoft.network/applicationgateways)",
    "[Triggered] p99 above 502 ms at shop.contoso.com",
    "[Triggered] 502 rate is high",
    "deployed build 502 to agw-prod",
    "",
)  # fmt: skip


@pytest.mark.parametrize(("text", "target"), ALERTS)
def test_an_alert_names_its_gateway(text: str, target: str) -> None:
    assert next(it for it in alert(text) if is_known(it)) == target


@pytest.mark.parametrize("text", NO_ALERTS)
def test_what_is_over_or_no_502_is_no_alert(text: str) -> None:
    assert alert(text) == ()


def at(ts: str) -> str:
    """That many seconds after the time of the bench."""
    return f"{make.NOW.timestamp() + float(ts):.6f}"


def posted(ts: str, **event: Any) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": "T0LAB",
        "event": {"type": "message", "channel": INCIDENTS, "ts": at(ts), "text": "", **event},
    }


GRAFANA = {"bot_id": "B0GRAFANA", "subtype": "bot_message"}
SHOWN = {"attachments": [{"title": "[FIRING:1] 502", "fields": [{"value": "502 on agw-test"}]}]}


@pytest.mark.parametrize(
    ("bots", "cards"),
    [(("B0GRAFANA",), 1), (("A0GRAFANA",), 1), (("B0OTHER",), 0), ((), 0)],
)
async def test_only_bots_that_were_named_are_heard(
    tmp_path: Path, bots: tuple[str, ...], cards: int
) -> None:
    async with open_bench(tmp_path, alert_bots=frozenset(bots)) as bench:
        for ts, changes in (("1.1", {}), ("1.2", {}), ("1.3", {"subtype": "message_changed"})):
            event = GRAFANA | SHOWN | {"app_id": "A0GRAFANA"} | changes
            request = AsyncBoltRequest(mode="socket_mode", body=posted(ts, **event))
            assert (await bench.app.async_dispatch(request)).status == 200
            # Whatever comes of it is behind a question that is answered.
            await bench.slack.command(ADA, INCIDENTS, f"/agw diagnose no-{ts}")
            await bench.told(ADA, f"`no-{ts}`")
            await bench.idle()
        assert len(bench.cards()) == cards
        assert bench.slack.ephemerals("B0GRAFANA", INCIDENTS) == []


async def test_the_first_known_name_counts_and_unknown_sites_are_let_pass(bench: Bench) -> None:
    await bench.slack.post(ADA, INCIDENTS, "502 on https://github.com/x")
    await bench.slack.post(ADA, INCIDENTS, "502 on post-deploy checks at agw-test")
    await bench.card(lambda it: "evidence" in buttons(it))
    await bench.idle()
    assert len(bench.cards()) == 1
    assert bench.slack.ephemerals(ADA, INCIDENTS) == []


async def test_a_mention_of_an_unknown_name_is_answered_in_a_report_channel_too(
    bench: Bench,
) -> None:
    await bench.slack.post(ADA, INCIDENTS, "<@U0AGW> 502 on https://github.com/x")
    await bench.told(ADA, "I see no gateway that matches")
