"""What a gateway is asked to try by itself before it is changed."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.arm.edit import Edit, Item, Reference, Value
from bot.core.changes.on_demand import on_demand_trials
from bot.core.changes.plan import BlastRadius, Plan
from tests.core.make import HOST, ID, SERVER, document, probe, ref, v2_settings

POOL = f"{ID}/backendAddressPools/pool".lower()
SETTINGS = f"{ID}/backendHttpSettingsCollection/https".lower()
NEW_HOST = Value("probes", "probe", "host", SERVER, HOST)


def plan(*edits: Edit) -> Plan:
    nothing = BlastRadius((), (), (), (), ())
    watched = ((POOL, SETTINGS, SERVER), (POOL, SETTINGS, "10.1.5.12"))
    return Plan(ID, "agw", "1", "set_host_name", "t", edits, (), (), (), nothing, watched, 30)


def gateway(tier: str = "Standard_v2", **changes: Any) -> Any:
    return document(
        tier=tier,
        backendHttpSettingsCollection=[v2_settings(**changes)],
        probes=[probe(host=SERVER)],
    )


def test_a_new_probe_host_is_tried_once_for_pool_and_settings() -> None:
    (trial,) = on_demand_trials(plan(NEW_HOST), gateway(), {})
    assert (trial.pool, trial.settings) == (POOL, SETTINGS)
    assert trial.body == {
        "protocol": "Https",
        "host": HOST,
        "path": "/",
        "timeout": 30,
        "pickHostNameFromBackendHttpSettings": False,
        "match": {"statusCodes": ["200-399"], "body": ""},
        "backendAddressPool": {"id": POOL},
        "backendHttpSettings": {"id": SETTINGS},
    }


def test_a_new_probe_is_tried_too() -> None:
    made = Item("add", "probes", "own", probe(host=HOST)["properties"])
    use = Value(
        "backendHttpSettingsCollection",
        "https",
        "probe",
        ref("probes", "probe"),
        ref("probes", "own"),
    )
    assert len(on_demand_trials(plan(made, use), gateway(), {})) == 1


@pytest.mark.parametrize(
    "edits",
    [
        (Item("add", "trustedRootCertificates", "r", {"data": "x"}),),
        (
            Reference(
                "add", "backendHttpSettingsCollection", "https", "trustedRootCertificates", "/x"
            ),
        ),
        (Value("backendHttpSettingsCollection", "https", "hostName", None, HOST),),
    ],
)
def test_what_a_trial_cannot_imitate_is_not_tried(edits: tuple[Edit, ...]) -> None:
    assert on_demand_trials(plan(*edits), gateway(), {}) == ()


@pytest.mark.parametrize(
    "made",
    [
        gateway("Standard"),
        gateway(validateSNI=False),
        gateway(validateCertChainAndExpiry=False),
        gateway(sniName=HOST),
        gateway(probe=None),
    ],
)
def test_what_a_trial_would_judge_otherwise_than_the_probe_is_not_tried(made: Any) -> None:
    assert on_demand_trials(plan(NEW_HOST), made, {}) == ()


def test_settings_that_are_gone_are_not_tried() -> None:
    gone = replace(plan(NEW_HOST), watched=((POOL, "/gone", SERVER),))
    assert on_demand_trials(gone, gateway(), {}) == ()
