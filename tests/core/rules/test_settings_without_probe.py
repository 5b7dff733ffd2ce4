from typing import Any

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.rules import RULES
from bot.core.rules.settings_without_probe import RULE
from tests.core.answers import NO_PROBE
from tests.core.asking import matches, quiet
from tests.core.make import case, document, item, probe, ref, settings

BASIC = [item("httpListeners", "site", protocol="Https")]
BARE = document(
    backendHttpSettingsCollection=[settings(probe=None)],
    httpListeners=BASIC,
    servers=("10.1.5.11", "10.1.5.12"),
)


def test_matches_once_for_the_settings() -> None:
    assert matches(RULE, case(BARE)) == [
        "https has no health probe of its own: the default probe asks for https://127.0.0.1:443/ every 30 s."
    ]


def test_is_quiet_with_a_probe_and_where_the_site_has_a_name() -> None:
    assert quiet(RULE, case(document(httpListeners=BASIC)))
    assert quiet(RULE, case(NO_PROBE))


def test_a_probe_written_as_a_bare_id_is_not_missing() -> None:
    (only,) = BARE["properties"]["backendHttpSettingsCollection"]
    told = settings(probe=ref("probes", "probe")["id"])
    assert only["properties"]["probe"] is None
    assert quiet(RULE, case(document(backendHttpSettingsCollection=[told], httpListeners=BASIC)))


@pytest.mark.parametrize("probes", [None, "probe", [None], [probe(), "other"]])
def test_missing_or_unreadable_probes_accuse_no_backend(probes: Any) -> None:
    made = case(document(probes=probes, httpListeners=BASIC), state=None)
    assert diagnose(made, RULES).verdict == "undecided"
