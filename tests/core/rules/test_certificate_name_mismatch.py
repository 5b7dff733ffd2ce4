from typing import Any

from bot.core.case.finding import Match
from bot.core.model.marked import plain
from bot.core.model.observation import NotTried
from bot.core.rules.certificate_name_mismatch import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, HOST, ILB, answered, case, certificate, document, root, v2_settings


def v2(**changes: Any) -> dict[str, Any]:
    return document(tier="Standard_v2", backendHttpSettingsCollection=[v2_settings(**changes)])


def test_matches_and_names_both() -> None:
    (summary,) = matches(RULE, case(v2(), answered(ILB)))
    assert "*.ase.appgwtestase.com" in summary
    assert f"asks for {HOST}" in summary


def test_only_the_alternative_names_count_where_there_are_any() -> None:
    with_san = certificate(HOST, "other.example")
    assert matches(RULE, case(v2(), answered(with_san)))
    without = certificate(HOST, has_san=False, dns_names=())
    assert quiet(RULE, case(v2(), answered(without)))
    nameless = certificate(HOST, has_san=False, dns_names=(), common_name=None)
    assert "no name at all" in matches(RULE, case(v2(), answered(nameless)))[0]


def test_is_quiet_when_it_fits_is_not_validated_or_no_name_is_sent() -> None:
    assert quiet(RULE, case(v2(), answered(APP)))
    assert quiet(RULE, case(v2(validateSNI=False), answered(ILB)))
    assert quiet(RULE, case(document(), answered(ILB)))


def test_is_undecided_when_not_seen() -> None:
    assert doubts(RULE, case(v2(), NotTried("outside")))


def test_v1_says_that_the_message_may_mislead_where_the_certificate_is_allow_listed() -> None:
    named = document(servers=("other.example",))
    (seen,) = RULE.check(case(named, answered(APP)))
    assert isinstance(seen, Match)
    assert "may still report that it is not" in plain(seen.evidence[-1].text)
    (seen,) = RULE.check(case(named, answered(ILB)))
    assert isinstance(seen, Match)
    assert not [it for it in seen.evidence if "allow-listed" in plain(it.text)]
    assert quiet(RULE, case(document(servers=(HOST,)), answered(APP)))


def test_is_quiet_where_the_first_certificate_is_not_the_servers_own() -> None:
    assert quiet(RULE, case(v2(), answered(root("some CA"), APP)))
