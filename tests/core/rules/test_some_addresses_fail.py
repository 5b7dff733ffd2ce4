from typing import Any

import pytest

from bot.core.case import Case
from bot.core.diagnosis import diagnose
from bot.core.finding import Seen
from bot.core.health import HealthNotKnown
from bot.core.observation import HandshakeFailed, NotConnected, NotTried, Outcome
from bot.core.rules import RULES
from bot.core.rules.some_addresses_fail import RULE
from tests.core.asking import doubts, quiet
from tests.core.make import APP, HOST, ILB, answered
from tests.core.naming import A, B, judged

WELL = answered(APP)
REFUSED = NotConnected("refused", B, "connection refused")
SILENT = NotConnected("timeout", B, "no answer within 5.0 s")
CLOSED = HandshakeFailed("closed", B, None, "it hung up")
CANNOT_CONNECT = "Cannot connect to server"
UNKNOWN = HealthNotKnown("no permission")


def both(second: Outcome, first: Outcome = WELL, **more: Any) -> Case:
    return judged({A: first, B: second}, (A, B), **more)


def seen(made: Case) -> Seen:
    (found,) = RULE.check(made)
    assert isinstance(found, Seen)
    return found


def errors(made: Case) -> list[str]:
    return [it.rule for it in diagnose(made, RULES).errors]


@pytest.mark.parametrize("bad", [REFUSED, CLOSED, answered(ILB), answered(APP, status=503)])
def test_one_address_that_fails_is_named_whatever_the_gateway_got(bad: Outcome) -> None:
    for state in ("healthy", "unhealthy", None):
        found = seen(both(bad, state=state))
        assert f"fails at {B}:" in found.summary
        assert found.confidence == "high"


def test_each_address_is_shown_with_the_command_that_shows_it() -> None:
    names, good, bad = seen(both(answered(ILB))).evidence
    assert names.text == f"{HOST} resolves to {A}, {B}"
    assert names.command == f"nslookup {HOST}"
    assert good.text == f"{A} serves {APP.subject} (SHA-256 {APP.sha256}); status 200"
    assert bad.text.startswith(f"{B} serves {ILB.subject}")
    assert f"-connect {B}:443" in (bad.command or "")


def test_it_is_the_only_cause_that_is_named() -> None:
    assert errors(both(answered(ILB), state="healthy")) == ["some_addresses_fail"]
    assert errors(both(WELL, answered(ILB))) == ["some_addresses_fail"]
    assert errors(both(REFUSED, message=CANNOT_CONNECT)) == ["some_addresses_fail"]
    findings = diagnose(both(answered(ILB), message="its Common Name does not match"), RULES)
    assert "gateway_disagrees" not in {it.rule for it in findings.findings}


def test_addresses_that_behave_alike_are_no_matter_of_dns() -> None:
    assert quiet(RULE, both(WELL))
    assert quiet(RULE, both(answered(ILB), answered(ILB)))
    assert quiet(RULE, judged({A: answered(ILB)}, (A,)))


def test_where_each_fails_in_its_own_way_both_are_named() -> None:
    made = both(REFUSED, answered(ILB))
    assert set(errors(made)) >= {"some_addresses_fail", "certificate_name_mismatch"}


def test_silence_counts_only_where_the_gateway_meets_it_too() -> None:
    met = seen(both(SILENT, message=CANNOT_CONNECT))
    assert met.confidence == "medium"
    assert errors(both(SILENT, message=CANNOT_CONNECT)) == ["some_addresses_fail"]
    assert quiet(RULE, both(SILENT, state="healthy"))
    assert quiet(RULE, both(SILENT, message="Received invalid status code"))
    assert quiet(RULE, both(SILENT, SILENT, message=CANNOT_CONNECT))
    assert B in doubts(RULE, both(SILENT, health=UNKNOWN))[0]


def test_an_address_that_was_not_looked_at_is_neither_good_nor_bad() -> None:
    assert quiet(RULE, both(NotTried("outside"), health=UNKNOWN))
    assert quiet(RULE, both(answered(APP, status=None), health=UNKNOWN))


def test_it_is_the_gateways_addresses_that_count() -> None:
    assert quiet(RULE, judged({A: WELL, B: REFUSED}, (A, B), there=(A,)))
    assert f"fails at {B}:" in seen(judged({A: WELL, B: REFUSED}, (A,), there=(A, B))).summary
