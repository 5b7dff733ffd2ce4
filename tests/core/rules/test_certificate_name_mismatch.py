from typing import Any

from bot.core.observation import NotTried
from bot.core.rules.certificate_name_mismatch import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, HOST, ILB, answered, case, certificate, document, v2_settings


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
