from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.model.health import SimulatedHealth
from bot.core.model.marked import plain
from bot.core.model.observation import NoResponse, NotConnected, Outcome
from bot.core.rules import RULES
from bot.core.rules.gateway_disagrees import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import (
    APP,
    HOST,
    ILB,
    NOT_ALLOW_LISTED,
    NOT_SEEN,
    NOW,
    SERVER,
    answered,
    blind,
    case,
    certificate,
    document,
    probe,
)
from tests.core.rules.chains import IN_ROOT, ISSUING, LEAF, LISTED, empty_v2, v2
from tests.core.rules.handshakes import HUNG_UP

OLD = certificate(HOST, not_after=NOW - timedelta(days=1))
EXPIRED = "Current date is not within the Valid from and Valid to date range on the certificate."
GOOD = answered(LEAF, ISSUING, trust=IN_ROOT)


@pytest.mark.parametrize(
    ("base", "outcome"),
    [
        (None, answered(ILB)),
        (None, answered(APP, status=503)),
        (empty_v2(), answered(LEAF)),
        (empty_v2(), answered(ILB, public=0)),
        (empty_v2(), answered(OLD, public=0)),
    ],
)
def test_matches_when_it_is_content_and_we_find_a_fault(base: Any, outcome: Outcome) -> None:
    made = case(base, outcome, state="healthy")
    (summary,) = matches(RULE, made)
    assert "calls 10.1.5.11 healthy, but our own connection finds a fault" in summary
    assert diagnose(made, RULES).errors


@pytest.mark.parametrize(
    ("outcome", "why"),
    [
        (NotConnected("refused", SERVER, "connection refused"), "cannot be reached from here"),
        (HUNG_UP, "it reset the connection"),
        (replace(answered(APP), http=NoResponse("closed", "it hung up")), "it hung up"),
        (replace(answered(APP), http=NoResponse("http2", "it spoke HTTP/2")), "it spoke HTTP/2"),
        (answered(APP, status=403), "status 403"),
        (answered(APP, status=401), "status 401"),
    ],
)
def test_matches_when_it_is_content_and_the_server_refuses_us(outcome: Outcome, why: str) -> None:
    made = case(None, outcome, state="healthy")
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert "calls 10.1.5.11 healthy, but it refuses us" in plain(seen.summary)
    assert why in plain(seen.evidence[1].text)
    assert not diagnose(made, RULES).errors


def test_is_quiet_when_it_is_content_and_we_just_get_nowhere() -> None:
    for outcome in (*NOT_SEEN, answered(APP, status=None), answered(APP)):
        assert quiet(RULE, case(None, outcome, state="healthy"))
    lenient: Any = document(probes=[probe(match={"statusCodes": ["200-499"]})])
    assert quiet(RULE, case(lenient, answered(APP, status=403), state="healthy"))


def test_is_quiet_on_a_status_that_a_missing_client_certificate_explains() -> None:
    said = "Status code did not match the probe setting. Expected:200-399 Received:403."
    seen = answered(APP, status=403)
    assert seen.handshake is not None
    asked = replace(seen, handshake=replace(seen.handshake, client_certificate_wanted=True))
    assert quiet(RULE, case(None, asked, message=said))


@pytest.mark.parametrize(
    ("base", "outcome", "message", "why"),
    [
        (None, answered(APP), EXPIRED, "no cipher suite"),
        (v2(**LISTED), GOOD, EXPIRED, "no cipher suite"),
        (v2(**LISTED), GOOD, "The Common Name does not match", f"certificate is for {HOST}"),
        (None, answered(APP), NOT_ALLOW_LISTED, "the certificate is allow-listed"),
        (v2(**LISTED), GOOD, "Intermediate certificate is missing", "the chain is complete"),
        (v2(**LISTED), GOOD, "not signed by a well-known certificate authority", "is complete"),
    ],
)
def test_matches_when_it_names_a_fault_that_is_not_there(
    base: Any, outcome: Outcome, message: str, why: str
) -> None:
    (seen,) = RULE.check(case(base, outcome, message=message))
    assert isinstance(seen, Match)
    assert "contradicts that" in plain(seen.summary)
    assert message in plain(seen.evidence[0].text)
    assert why in plain(seen.evidence[1].text)


@pytest.mark.parametrize(
    ("base", "outcome", "message"),
    [
        (None, answered(OLD), EXPIRED),
        (None, answered(ILB), NOT_ALLOW_LISTED),
        (empty_v2(), answered(ILB, public=0), "The Common Name does not match"),
        (document(), answered(APP), "The Common Name does not match"),
        (empty_v2(), answered(LEAF), "Intermediate certificate is missing"),
        (None, answered(APP), "Intermediate certificate is missing"),
        (None, answered(APP), "new words"),
        (None, answered(), EXPIRED),
        (None, HUNG_UP, EXPIRED),
    ],
)
def test_is_quiet_when_it_may_be_right_or_we_saw_no_certificate(
    base: Any, outcome: Outcome, message: str
) -> None:
    assert quiet(RULE, case(base, outcome, message=message))


def test_is_quiet_when_both_are_content_or_nothing_is_reported() -> None:
    assert quiet(RULE, case(v2(**LISTED), GOOD, state="healthy"))
    off = empty_v2(validateCertChainAndExpiry=False, validateSNI=False)
    assert quiet(RULE, case(off, answered(ILB), state="healthy"))
    assert quiet(RULE, case(None, answered(ILB), health=SimulatedHealth()))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_missing_evidence_on_either_side_is_no_disagreement(outcome: Outcome) -> None:
    assert quiet(RULE, case(None, outcome, message=EXPIRED))
    assert quiet(RULE, case(None, outcome, state="healthy"))
    assert quiet(RULE, blind(None, answered(ILB)))
    assert "gateway_reports_unhealthy" in left_open(RULE, blind(None, outcome))
