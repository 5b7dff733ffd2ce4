from typing import Any

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.model.health import HealthNotKnown
from bot.core.model.marked import plain
from bot.core.model.observation import NotConnected, NotTried, Outcome
from bot.core.rules import RULES
from bot.core.rules.dns_answers_split import RULE
from tests.core.asking import left_open, quiet
from tests.core.make import APP, HOST, ILB, answered
from tests.core.naming import DNS_SERVER, NO_NAME, A, B, C, judged

WELL = answered(APP)
WRONG = answered(ILB)
SILENT = NotConnected("timeout", B, "no answer within 5.0 s")
REFUSED = NotConnected("refused", B, "connection refused")
UNKNOWN = HealthNotKnown("no permission")
DNS = "Application Gateway could not create a probe for this backend."


def split(here: Outcome, there: Outcome, **more: Any) -> Case:
    """From here the name leads to A, in the gateway's network to B."""
    return judged({A: here, B: there}, (A,), there=(B,), **more)


def errors(made: Case) -> list[str]:
    return [it.rule for it in diagnose(made, RULES).errors]


def test_matches_where_the_site_fails_at_the_gateways_address_and_is_well_at_ours() -> None:
    (found,) = RULE.check(split(WELL, WRONG))
    assert isinstance(found, Match)
    assert f"resolves to {B}, where the health probe fails; from here to {A}" in plain(
        found.summary
    )
    assert found.confidence == "medium"
    asked = [it.command for it in found.evidence]
    assert asked[:2] == [f"nslookup {HOST} {DNS_SERVER}", f"nslookup {HOST}"]
    assert [plain(it.text).split()[0] for it in found.evidence[2:]] == [B, A]


def test_it_is_the_only_cause_that_is_named() -> None:
    assert errors(split(WELL, WRONG)) == ["dns_answers_split"]
    assert errors(split(WELL, WRONG, health=UNKNOWN)) == ["dns_answers_split"]
    refused = split(WELL, REFUSED, message="Cannot connect to server")
    assert errors(refused) == ["dns_answers_split"]


def test_other_answers_alone_are_no_fault() -> None:
    assert not errors(split(WELL, WELL, state="healthy"))
    assert quiet(RULE, split(WELL, WELL))
    assert not errors(split(WRONG, WELL, state="healthy"))
    assert quiet(RULE, split(WELL, WRONG, state="healthy"))


def test_a_server_that_fails_at_both_is_at_fault_itself() -> None:
    made = split(WRONG, WRONG)
    assert quiet(RULE, made)
    assert "certificate_name_mismatch" in errors(made)


def test_an_address_that_cannot_be_seen_from_here_proves_nothing() -> None:
    made = split(WELL, SILENT, message="Cannot connect to server")
    assert quiet(RULE, made)
    assert errors(made) == ["port_silent"]


def test_is_quiet_where_an_address_is_shared() -> None:
    assert quiet(RULE, judged({A: WELL, B: WRONG}, (A,), there=(A, B)))


def test_a_missing_answer_proves_nothing() -> None:
    unasked = judged({A: WELL}, (A,), there=NotTried("outside"), health=UNKNOWN)
    assert left_open(RULE, unasked) == {"gateway_reports_unhealthy"}
    unseen = judged({A: WELL, B: NotTried("outside")}, (A,), there=(B,), health=UNKNOWN)
    assert "gateway_reports_unhealthy" in left_open(RULE, unseen)
    assert quiet(RULE, judged({A: WELL}, (A,)))
    assert quiet(RULE, judged({A: WELL}, (A,), there=NO_NAME, message=DNS))
    assert quiet(RULE, judged({A: WELL, B: WRONG, C: WELL}, (A,), there=(B, C)))
