from typing import Any

import pytest

from bot.core.rules.validation_switched_off import RULE
from tests.core.asking import matches, quiet
from tests.core.make import case, document, probe, settings, v2_settings
from tests.core.rules.chains import empty_v2


def test_matches_each_switch_by_its_name() -> None:
    both = {"validateCertChainAndExpiry": False, "validateSNI": False}
    (summary,) = matches(RULE, case(empty_v2(**both)))
    assert "the certificate chain and dates and the certificate's name" in summary
    (summary,) = matches(RULE, case(empty_v2(validateSNI=False)))
    assert "does not check the certificate's name of its backends" in summary


def test_says_it_once_for_settings_with_many_servers() -> None:
    many: Any = document(
        tier="Standard_v2",
        servers=("10.1.5.11", "10.1.5.12"),
        backendHttpSettingsCollection=[v2_settings(validateSNI=False)],
    )
    assert len(matches(RULE, case(many))) == 1


def test_is_quiet_when_on_on_v1_and_on_plain_http() -> None:
    assert quiet(RULE, case(empty_v2()))
    old = document(backendHttpSettingsCollection=[settings(validateSNI=False)])
    assert quiet(RULE, case(old))
    plain = document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[v2_settings(protocol="Http", validateSNI=False)],
        probes=[probe(protocol="Http")],
    )
    assert quiet(RULE, case(plain))


@pytest.mark.parametrize("switch", [None, "false", 0, {}])
def test_a_missing_or_unreadable_switch_is_taken_as_on(switch: Any) -> None:
    odd = empty_v2(validateCertChainAndExpiry=switch, validateSNI=switch)
    assert quiet(RULE, case(odd))
