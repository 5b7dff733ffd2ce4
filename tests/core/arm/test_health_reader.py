"""Backend health reports, as documented, as recorded, and as nobody would send them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.arm.health_reader import read_health, read_trial
from bot.core.model.health import BackendHealth, HealthNotKnown, HealthState, ServerHealth
from tests.azure.real import recordings
from tests.core.plainly import plainly

GATEWAY = "/subscriptions/S/resourceGroups/G/providers/Microsoft.Network/applicationGateways/W"
POOL = f"{GATEWAY}/backendaddressPools/Pool"
SETTINGS = f"{GATEWAY}/backendHttpSettingsCollection/Https"


def report(*servers: Any) -> dict[str, Any]:
    settings = {"backendHttpSettings": {"id": SETTINGS}, "servers": list(servers)}
    pool = {"backendAddressPool": {"id": POOL}, "backendHttpSettingsCollection": [settings]}
    return {"backendAddressPools": [pool]}


def test_a_server_is_found_by_ids_in_lower_case() -> None:
    found = read_health(
        report({"address": "10.1.5.11", "health": "Unhealthy", "healthProbeLog": "Raw  text."})
    )
    assert found == BackendHealth(
        (ServerHealth(POOL.lower(), SETTINGS.lower(), "10.1.5.11", "unhealthy", "Raw  text."),)
    )


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Up", "healthy"),
        ("Healthy", "healthy"),
        ("Down", "unhealthy"),
        ("UNHEALTHY", "unhealthy"),
        ("Partial", "partial"),
        ("Draining", "draining"),
        ("Unknown", "unknown"),
        ("Splendid", "unknown"),
        (None, "unknown"),
    ],
)
def test_the_words_of_both_vocabularies(word: str | None, state: HealthState) -> None:
    found = read_health(report({"address": "a", "health": word}))
    assert isinstance(found, BackendHealth)
    assert [each.state for each in found.servers] == [state]
    assert found.servers[0].message is None


def test_a_member_without_address_is_called_by_its_ip_configuration() -> None:
    configuration = {"id": "/Nic/ipConfigurations/Primary"}
    found = read_health(report({"ipConfiguration": configuration, "health": "Up"}, {}, "junk"))
    assert isinstance(found, BackendHealth)
    assert [each.server for each in found.servers] == ["/nic/ipconfigurations/primary"]


@pytest.mark.parametrize("body", [{"backendAddressPools": []}, report()])
def test_no_server_is_an_answer(body: Any) -> None:
    assert read_health(body) == BackendHealth(())


@pytest.mark.parametrize("body", [None, [], "text", {}, {"backendAddressPools": None}])
def test_something_else_is_none(body: Any) -> None:
    assert isinstance(read_health(body), HealthNotKnown)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "backendAddressPools",
                    "backendAddressPool",
                    "backendHttpSettingsCollection",
                    "backendHttpSettings",
                    "servers",
                    "address",
                    "health",
                    "id",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(_JSON)
def test_no_json_is_too_strange(body: Any) -> None:
    assert isinstance(read_health(body), BackendHealth | HealthNotKnown)
    assert isinstance(read_health({"backendAddressPools": [body]}), BackendHealth)


@pytest.mark.parametrize("recorded", recordings("health/*.json"))
def test_every_recorded_server_is_read(recorded: Any) -> None:
    found = read_health(recorded)
    if "backendAddressPools" not in recorded:  # The answer to getBackendHealthOnDemand.
        assert isinstance(found, HealthNotKnown)
        return
    assert isinstance(found, BackendHealth)
    servers = [
        server
        for pool in recorded["backendAddressPools"]
        for settings in pool["backendHttpSettingsCollection"]
        for server in settings["servers"]
    ]
    assert [each.server for each in found.servers] == [each["address"] for each in servers]
    assert [each.message for each in found.servers] == [
        each.get("healthProbeLog") for each in servers
    ]
    assert all(each.state in ("healthy", "unhealthy") for each in found.servers)


def test_what_cannot_be_read_is_noted_and_the_rest_is_read() -> None:
    odd = report({"address": "a", "health": 7}, 7, {"address": "b", "healthProbeLog": []})
    found = read_health(odd)
    assert isinstance(found, BackendHealth)
    assert [(it.server, it.state) for it in found.servers] == [("a", "unknown"), ("b", "unknown")]
    place = "backendAddressPools/1/backendHttpSettingsCollection/1/servers"
    assert plainly(found.notes) == (
        f"Not read: {place}/2 of the backend health report is the number 7, not an object",
        f"Not read: {place}/1/health of the backend health report is the number 7, not a text",
        f"Not read: {place}/3/healthProbeLog of the backend health report is a list, not a text",
    )


def test_a_trial_is_of_one_pool_and_one_settings() -> None:
    (pool,) = report({"address": "a", "health": "Up"})["backendAddressPools"]
    (settings,) = pool["backendHttpSettingsCollection"]
    trial = {**pool, "backendHealthHttpSettings": settings}
    healthy = ServerHealth(POOL.lower(), SETTINGS.lower(), "a", "healthy", None)
    assert read_trial(trial) == BackendHealth((healthy,))


@pytest.mark.parametrize("body", [None, [], {}, {"backendHealthHttpSettings": 7}])
def test_what_is_no_trial_is_none(body: Any) -> None:
    assert read_trial(body) == HealthNotKnown("Azure's answer is not an on-demand health report")
