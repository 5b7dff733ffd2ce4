from typing import Any

import pytest

from bot.core.rules.probe_host_wildcard import RULE
from tests.core.asking import matches, quiet
from tests.core.make import case, document, probe, settings


def test_matches_a_pattern_as_the_probes_host() -> None:
    (summary,) = matches(RULE, case(document(probes=[probe(host="*.contoso.com")])))
    assert summary == (
        "The health probe asks 10.1.5.11 for Host *.contoso.com, which is a pattern, not a host name."
    )


def test_matches_a_pattern_as_the_settings_host_name() -> None:
    patterned = document(backendHttpSettingsCollection=[settings(hostName="shop-?.contoso.com")])
    assert matches(RULE, case(patterned))[0].startswith("https asks 10.1.5.11 for Host shop-?")


def test_is_quiet_on_a_name_also_behind_a_wildcard_listener() -> None:
    assert quiet(RULE, case())
    assert quiet(RULE, case(document(backendHttpSettingsCollection=[settings(hostName="a.b.com")])))


@pytest.mark.parametrize("host", [None, "", ["*.contoso.com"], {"host": "*"}, 7])
def test_a_missing_or_unreadable_host_is_no_pattern(host: Any) -> None:
    odd = document(
        probes=[probe(host=host)], backendHttpSettingsCollection=[settings(hostName=host)]
    )
    assert quiet(RULE, case(odd))
