"""The builders: Slack takes what they make, whatever they are given."""

import itertools
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from bot.core.changes.change import Change, ChangeState
from bot.core.changes.plan import Plan
from bot.core.changes.remark import RemarkCode
from bot.core.changes.remark_text import remark
from bot.core.model.marked import plain
from bot.core.report.report import HandshakeFacts, Report, StoredFacts
from bot.core.routing.target import parse_target
from bot.workflow.lookup_result import Ambiguous, Candidate, NotFound
from bot.workflow.progress import Step
from handlers.blocks import help as helps
from handlers.blocks import history as past
from handlers.blocks import modals, outcome
from handlers.blocks.card import CardView, card
from handlers.blocks.card_state import card_state
from handlers.blocks.certificates import side_by_side
from handlers.blocks.composition import clipped
from handlers.blocks.evidence import evidence
from handlers.blocks.kit import Message, message, note
from handlers.blocks.text import approvers, clean, clip, code, count, outside
from tests.core import make as core
from tests.handlers import make
from tests.handlers.bench import buttons, shown
from tests.handlers.valid import assert_tame, check, check_fast, check_view, check_view_fast
from tests.sizes import examples

STATES: tuple[ChangeState, ...] = get_args(ChangeState)
patient = examples(20, HealthCheck.data_too_large)
people = st.lists(st.sampled_from(("U0ADA", "S0NETOPS")), max_size=3).map(tuple)
steps = st.lists(
    st.builds(
        Step,
        key=st.sampled_from(("gateway", "write", "other")),
        text=make.nasty_texts,
        state=st.sampled_from(("running", "done", "failed")),
    ),
    max_size=4,
).map(tuple)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Change, ...]:
    """Changes of one card in any states, undos among them."""
    made: list[Change] = []
    for number in range(draw(st.integers(0, 3))):
        undoes = draw(st.sampled_from([None, *(it.id for it in made)]))
        made.append(
            make.change(
                draw(make.nasty_plans()),
                draw(st.sampled_from(STATES)),
                id=f"change-{number}",
                outcome=draw(make.nasty_texts),
                undoes=undoes,
            )
        )
    # One option is offered once on a card.
    seen: set[tuple[str, Any]] = set()
    return tuple(
        it
        for it in made
        if it.undoes
        or ((it.plan.option, it.state) not in seen and not seen.add((it.plan.option, it.state)))  # type: ignore[func-returns-value]
    )


@patient
@given(make.nasty_reports(), changes(), people, steps, make.nasty_texts, st.booleans())
def test_slack_takes_every_card(
    report: Report,
    some: tuple[Change, ...],
    who: tuple[str, ...],
    done: tuple[Step, ...],
    trouble: str,
    looking: bool,
) -> None:
    incident = make.incident(None if looking else report, gateway_name=report.gateway.name)
    check_fast(card(CardView(incident, some, who, done, trouble, read_only=looking)))


@patient
@given(make.nasty_reports(), make.nasty_plans())
def test_slack_takes_all_evidence(report: Report, plan: Plan) -> None:
    for page in evidence(report, (make.change(plan), make.change(plan))):
        check_fast(page)


@patient
@given(make.nasty_reports(), make.nasty_plans(), make.nasty_texts)
def test_slack_takes_every_modal(report: Report, plan: Plan, reason: str) -> None:
    offer = make.change(plan)
    incident = make.incident(report, gateway_name=report.gateway.name)
    for view in (
        modals.evidence_view(report, ""),
        modals.details_view(report, (offer,), ""),
        modals.approval_view(offer, incident),
        modals.approval_view(replace(offer, undoes="x"), None),
    ):
        check_view_fast(view)
    done = replace(offer, state="healthy", reason=reason)
    check_fast(card(CardView(incident, (done,), ("U0ADA",))))


@patient
@given(make.nasty_texts, st.lists(make.nasty_texts, max_size=5).map(tuple))
def test_slack_takes_every_answer(text: str, more: tuple[str, ...]) -> None:
    check_fast(helps.usage(text, text))
    check_fast(helps.not_found(NotFound(parse_target(text), more, more)))
    found = tuple(Candidate(f"/id/{it}", text, text, text) for it in range(120))
    check_fast(helps.which(Ambiguous(parse_target(text), found)))


@patient
@given(make.nasty_reports(), make.nasty_plans(), st.sampled_from(STATES), make.nasty_texts)
def test_slack_takes_every_overview(
    report: Report, plan: Plan, state: ChangeState, text: str
) -> None:
    many = [make.change(plan, state, outcome=text)] * 12
    cards = [(make.incident(report), "http://127.0.0.1:1/p1"), (make.incident(), None)] * 8
    check_fast(past.status(text, cards, many))
    places = {(it.channel, it.ts): url or "" for it, url in cards}
    check_fast(past.history(text, many, len(many), [it for it, _ in cards], places))
    check_fast(outcome.announcement(many[0]))


def test_slack_takes_the_fixed_answers() -> None:
    check(helps.help_text(()))
    check(helps.help_text(("U0ADA", "S0NETOPS")))
    check(helps.no_name())
    check(past.status("agw", [], []))
    check(past.history("agw", [], 0, [], {}))


@pytest.mark.parametrize(
    ("number", "older"),
    [
        (11, "and 1 older"),
        (1_009, "and 999 older"),
        (past.MOST_COUNTED, "and at least 1,000 older"),
    ],
)
def test_history_says_how_many_more_there_are_as_far_as_it_counted(number: int, older: str) -> None:
    many = [make.change(make.plan(), "healthy")] * past.MOST_LISTED
    assert older in str(past.history("agw", many, number, [], {}))


def test_the_incidents_card_is_short_and_complete() -> None:
    made = make.examined()
    offer = make.change(make.plan())
    shown_card = card(CardView(make.incident(made.report), (offer,), ("S0NETOPS",)))
    check(shown_card)
    assert len(shown_card.blocks) <= 6
    text = shown(list(shown_card.blocks))
    for needed in (
        "Clients of `test.appgwtestase.com` get 502.",
        "*Recommended:* Upload ILB certificate",
        "requested by <@U0ADA>",
        "May press: <!subteam^S0NETOPS>",
        "1 warning: *Evidence*",
    ):
        assert needed in text


def test_what_the_card_has_no_room_for_is_in_its_modals_and_in_the_thread() -> None:
    report, offer = make.examined().report, make.change(make.plan())
    incident = make.incident(report)
    seen = (
        "*Without SNI* (as the gateway asks)",
        "*With SNI `test.appgwtestase.com`*",
        "*Allow-listed* `app`",
        "*The gateway reports* `10.1.5.11`",
    )
    changes = (
        "*Sites:* `test.appgwtestase.com`",
        "*Shared by:* listeners `site`; rules `rule`; pools `pool`; sites `test.appgwtestase.com`",
        "not there \u2192 *added*",
        core.ILB.sha256,
        "*Heals:* `10.1.5.11` (`pool` / `https`)",
        "long-lived connections",
        "v1 often takes 10 to 20 minutes",
        "*Undo:*",
    )
    views = {
        "evidence": (modals.evidence_view(report, ""), seen),
        "details": (modals.details_view(report, (offer,), ""), changes),
        "approve": (modals.approval_view(offer, incident), changes),
    }
    thread = "\n".join(shown(list(it.blocks)) for it in evidence(report, (offer,)))
    for view, wanted in views.values():
        check_view(view)
        for needed in wanted:
            assert needed in shown(view["blocks"])
            assert needed in thread


def test_the_same_certificate_with_and_without_sni_is_told_once() -> None:
    report = make.examined().report
    backend = report.backends[0]
    first, second = backend.handshakes
    block = side_by_side(
        replace(backend, handshakes=(first, replace(second, chain=first.chain))), "v1"
    )
    assert block is not None
    served = [it["text"] for it in block["fields"] if "SNI" in it["text"]]
    assert len(served) == 1
    assert served[0].startswith(
        "*Without SNI and with SNI `test.appgwtestase.com`* (as the gateway asks)\n"
    )


def test_without_blocks_the_same_is_said_in_text() -> None:
    made = make.examined()
    whole = card(CardView(make.incident(made.report), (make.change(make.plan()),), ("U0ADA",)))
    assert whole.plain.startswith(whole.text)
    assert "*Recommended:*" in whole.plain
    assert "Approve" not in whole.plain


def view(*some: Change) -> CardView:
    return CardView(make.incident(make.examined().report), some, ("U0ADA",))


@pytest.mark.parametrize("state", STATES)
def test_only_what_can_be_pressed_has_a_button(state: ChangeState) -> None:
    made = card(view(make.change(make.plan(), state)))
    wanted = {
        "offered": [
            "approve_upload_ilb_certificate",
            "reject",
            "evidence",
            "details",
            "certificate",
            "as_code",
        ],
        "rejected": ["evidence", "details", "certificate", "as_code"],
        "withdrawn": ["evidence", "details", "certificate", "as_code"],
        "expired": ["evidence", "details", "certificate", "as_code"],
        "healthy": ["undo", "evidence", "details"],
        "not_healthy": ["undo", "evidence", "details"],
        "refused": ["evidence", "details"],
        "failed": ["evidence", "details"],
    }
    again = ["diagnose_again"] if state in wanted else []
    wanted["approved"] = ["cancel"]
    assert buttons({"blocks": made.blocks}) == [*wanted.get(state, []), *again]


@pytest.mark.parametrize(
    ("code", "parts", "undoes", "words"),
    [
        ("not_known", {"hours": "24"}, None, "not known how it ended"),
        ("not_known", {"hours": "24"}, "c0", "not known how it ended"),
        ("state_failed", {}, "c0", "undone, but Azure calls that failed"),
        ("state_failed", {}, None, "changed, but not healthy"),
    ],
)
def test_the_headline_says_no_more_than_was_seen(
    code: RemarkCode, parts: dict[str, str], undoes: str | None, words: str
) -> None:
    said = (remark(code, **parts),)
    done = make.change(make.plan(), "not_healthy", undoes=undoes, remarks=said)
    assert outcome.headline(done).startswith(f"agw-test: {words}. ")
    assert f"*{words}*" in str(list(outcome.ended(done)))
    assert f"*{words}*" in str(outcome.announcement(done))


@pytest.mark.parametrize("state", STATES)
def test_a_change_can_be_undone_once(state: ChangeState) -> None:
    plan = make.plan()
    done = make.change(plan, "healthy", undone_by="change-2")
    undo = make.change(plan, state, id="change-2", undoes="change-1")
    made = buttons({"blocks": card(view(done, undo)).blocks})
    again = state in ("rejected", "withdrawn", "expired", "refused", "failed")
    assert ("undo" in made) is again
    assert ("approve_upload_ilb_certificate" in made) is (state == "offered")


def test_of_two_presses_on_undo_the_one_that_counted_is_shown() -> None:
    plan = make.plan()
    done = make.change(plan, "healthy")
    first = make.change(plan, "healthy", id="change-2", undoes="change-1")
    second = make.change(plan, "offered", id="change-3", undoes="change-1")
    for order in itertools.permutations((first, second)):
        assert card_state((done, *order)).current == first


def test_what_was_offered_after_a_change_keeps_its_button_and_what_was_offered_before_does_not() -> (
    None
):
    plan = make.plan()
    done = make.change(plan, "not_healthy", after_etag="new")
    before = make.change(replace(plan, option="set_host_name"), id="change-2")
    after = make.change(replace(plan, option="fqdn_in_pool", etag="new"), id="change-3")
    made = card(view(done, before, after))
    check(made)
    assert [it for it in buttons({"blocks": made.blocks}) if it.startswith("approve_")] == [
        "approve_fqdn_in_pool"
    ]
    assert "May press: " in made.plain
    working = card(view(replace(done, state="verifying"), before, after))
    assert not any(it.startswith("approve_") for it in buttons({"blocks": working.blocks}))


def test_two_automated_options_have_two_buttons_and_the_recommended_one_stands_out() -> None:
    plan = make.plan()
    other = make.change(replace(plan, option="set_host_name"), id="change-2")
    made = card(view(make.change(plan), other))
    row = next(it for it in made.blocks if it.get("block_id") == "decide")
    assert [(it["action_id"], it.get("style")) for it in row["elements"]] == [
        ("approve_upload_ilb_certificate", "primary"),
        ("approve_set_host_name", None),
        ("reject", None),
    ]


def test_v2_is_compared_with_its_trusted_roots() -> None:
    report = make.examined().report
    backend = report.backends[0]
    root = StoredFacts("the-root", core.ROOT, None)
    odd = StoredFacts("odd", None, "it is no certificate")
    seen = HandshakeFacts("a.example", True, None, "TLSv1.2", (core.APP, core.ROOT))
    failed = HandshakeFacts(None, False, "alert 40", None, ())
    changed = replace(backend, stored=(root, odd), handshakes=(seen, failed))
    block = side_by_side(changed, "v2")
    assert block is not None
    texts = [it["text"] for it in block["fields"]]
    assert texts[0].endswith(":white_check_mark: ends in the trusted root `the-root`")
    assert texts[1] == "*Without SNI* (as the gateway asks)\nno certificate: alert 40"
    assert texts[2].startswith("*Trusted root* `the-root`")
    assert texts[3] == "*Trusted root* `odd`\nnot readable: it is no certificate"
    assert side_by_side(replace(changed, stored=(), handshakes=()), "v2") is None


def test_very_much_evidence_points_to_the_terminal() -> None:
    report = make.examined().report
    many = tuple(replace(report.findings[0], summary=f"finding {n}") for n in range(60))
    pages = evidence(replace(report, findings=many))
    assert len(pages) == 5
    assert "agw diagnose agw-test --json" in shown(list(pages[-1].blocks))
    for page in pages:
        check(page)


def test_the_thread_says_of_every_other_option_why_not_and_tells_the_change_as_code() -> None:
    report = make.examined().report
    text = "\n".join(shown(list(page.blocks)) for page in evidence(report))
    others = [option for option in report.options if not option.works]
    assert others
    for option in others:
        assert option.title in text
    assert "azurerm_application_gateway" in text


def test_where_nothing_helps_there_is_a_way_to_support() -> None:
    report = replace(make.examined().report, help_url="https://learn.microsoft.com/support")
    text = shown(list(card(CardView(make.incident(report))).blocks))
    assert "<https://learn.microsoft.com/support|Ask Microsoft support>" in text


def test_the_checklist_shows_what_is_done_what_runs_and_what_is_to_come() -> None:
    done = (
        Step("gateway", "Read the gateway", "running"),
        Step("gateway", "Read the gateway", "done"),
        Step("health", "Asking", "failed"),
        Step("probe", "Connecting", "running"),
        Step("pause", "Azure is slow", "running"),
    )
    made = card(CardView(make.incident(), steps=done))
    assert made.blocks[1]["text"]["text"].splitlines() == [
        ":white_check_mark: Read the gateway",
        ":x: Asking (failed)",
        ":hourglass_flowing_sand: *Connecting*",
        ":white_circle: Decide",
        ":hourglass_flowing_sand: *Azure is slow*",
    ]


@patient
@given(st.text())
def test_cleaned_text_is_one_line_that_utf8_can_hold(text: str) -> None:
    cleaned = clean(text)
    assert cleaned == " ".join(cleaned.split())
    cleaned.encode("utf-8")
    assert all(it.isprintable() for it in cleaned)


@patient
@given(make.nasty_texts, st.integers(4, 50))
def test_foreign_text_is_tame_and_short(text: str, most: int) -> None:
    assert_tame(outside(text, most))
    assert len(plain(clip(text, most))) <= most
    assert "`" not in code(text, most)[1:-1]
    assert len(code(text, most)) > 2


@patient
@given(st.lists(make.nasty_texts.map(outside)), st.integers(60, 400))
def test_finished_text_is_cut_without_leaving_half_an_escape(lines: list[str], most: int) -> None:
    cut = clipped("\n".join(lines), most)
    assert len(cut) <= most
    assert_tame(cut)


def test_what_is_too_long_is_cut_at_the_end_of_a_line() -> None:
    assert clipped("one\ntwo\nthree", 12) == "one\ntwo\n..."
    assert clipped("a <https://learn.microsoft.com|x> b", 20) == "a ..."
    assert clipped("aaaaaaaaaaaaaa&amp;aaaaaaa", 20) == "aaaaaaaaaaaaaa..."


def test_small_words() -> None:
    assert count(1, "backend") == "1 backend"
    assert count(2, "backend") == "2 backends"
    assert approvers(()) == "nobody (no approvers are configured)"
    assert note("x") == message("x", note("x").blocks)
    assert Message("x").plain == "x"
