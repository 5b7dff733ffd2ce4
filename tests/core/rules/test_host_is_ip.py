from typing import Any

import pytest

from bot.core.rules.host_is_ip import RULE
from tests.core.asking import matches, quiet
from tests.core.make import APP, HOST, answered, case, document, item, settings

PICKED = settings(pickHostNameFromBackendAddress=True)


def test_matches_use_for_app_service_with_an_ip_member() -> None:
    made = document(backendHttpSettingsCollection=[PICKED])
    (summary,) = matches(RULE, case(made, answered(APP)))
    assert f"Host 10.1.5.11, not {HOST}" in summary


def test_is_quiet_with_a_name_unset_or_without_any_host_to_ask_for() -> None:
    named = document(servers=("app.example",), backendHttpSettingsCollection=[PICKED])
    assert quiet(RULE, case(named, answered(APP)))
    assert quiet(RULE, case(None, answered(APP)))
    basic = document(
        backendHttpSettingsCollection=[PICKED],
        httpListeners=[item("httpListeners", "site", protocol="Https")],
    )
    assert quiet(RULE, case(basic, answered(APP)))


@pytest.mark.parametrize("switch", [None, "true", 1, {}])
def test_a_missing_or_unreadable_switch_is_taken_as_off(switch: Any) -> None:
    odd = document(backendHttpSettingsCollection=[settings(pickHostNameFromBackendAddress=switch)])
    assert quiet(RULE, case(odd, answered(APP)))
