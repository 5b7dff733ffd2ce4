"""The number in the gateway's message is decoded, and weighed against what we see."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.analysis.reported_code import reported_code
from bot.core.case.case import AssumedCertificate, Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.health import BackendHealth, SimulatedHealth
from bot.core.model.marked import plain
from bot.core.model.observation import NotTried
from bot.core.rules import RULES
from bot.core.rules.gateway_disagrees import RULE as DISAGREES
from bot.core.rules.gateway_reports_unhealthy import RULE as REPORTS
from tests.core.asking import matches, quiet
from tests.core.make import NOW, SERVER, answered, case, certificate
from tests.core.rules.chains import IN_ROOT, ISSUING, LEAF, LISTED, NOT_VERIFIED, v2


def number(made: Case) -> int | None:
    code = reported_code(BackendView(made, made.backends[0]))
    return code.number if code else None


def saying(code: int, *chain: Certificate) -> Case:
    seen = answered(*(chain or (LEAF, ISSUING)), trust=IN_ROOT)
    return case(v2(**LISTED), seen, message=NOT_VERIFIED.format(code))


def test_the_number_is_read_only_from_that_message() -> None:
    assert number(saying(20)) == 20
    assert number(case(v2(**LISTED), answered(LEAF), message="error code 20")) is None
    assert number(case(v2(**LISTED), answered(LEAF), state=None)) is None
    text = NOT_VERIFIED.format(20)
    assert number(case(v2(**LISTED), answered(LEAF), state="healthy", message=text)) is None


def test_on_paper_it_stands_until_the_server_shows_another_certificate() -> None:
    made = saying(68)
    assert isinstance(made.health, BackendHealth)
    paper = replace(made, health=SimulatedHealth(made.health))
    assert number(paper) == 68
    other = AssumedCertificate(SERVER, 443, certificate("new"))
    assert number(replace(paper, assumed_certificates=(other,))) is None
    assert number(replace(made, health=SimulatedHealth())) is None


def test_where_nothing_was_seen_the_number_is_decoded() -> None:
    made = case(v2(**LISTED), NotTried("outside"), message=NOT_VERIFIED.format(47))
    (summary,) = matches(REPORTS, made)
    assert "(OpenSSL error 47, X509_V_ERR_PERMITTED_VIOLATION)" in summary


def test_a_code_that_our_look_denies_is_a_contradiction_with_its_meaning() -> None:
    (summary,) = matches(DISAGREES, saying(20))
    assert "has an issuer that is neither sent nor trusted (OpenSSL error 20, " in summary
    assert matches(DISAGREES, saying(10))
    assert matches(DISAGREES, saying(62))


@pytest.mark.parametrize(
    ("code", "leaf", "rule"),
    [
        (10, replace(LEAF, not_after=NOW - timedelta(days=1)), "certificate_not_in_date"),
        (62, replace(LEAF, dns_names=("other.example",)), "certificate_name_mismatch"),
        (66, LEAF, "certificate_too_weak"),
        (23, LEAF, "certificate_revoked"),
    ],
)
def test_a_code_for_what_is_wrong_is_no_contradiction(
    code: int, leaf: Certificate, rule: str
) -> None:
    made = saying(code, leaf, ISSUING)
    assert quiet(DISAGREES, made)
    assert [it.rule for it in diagnose(made, RULES).errors] == [rule]


def test_a_code_beside_a_session_without_a_certificate() -> None:
    made = case(v2(**LISTED), answered(), message=NOT_VERIFIED.format(10))
    assert quiet(DISAGREES, made)
    (found,) = diagnose(made, RULES).errors
    assert "has expired (OpenSSL error 10, " in plain(found.match.summary)
