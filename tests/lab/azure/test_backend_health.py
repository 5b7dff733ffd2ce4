"""What the gateway says of its backends: it really probes them, again and again."""

from dataclasses import replace

import pytest
from azure.core.exceptions import HttpResponseError

from bot.lab.azure import all_healthy, any_unhealthy
from bot.lab.azure.build import Site, http_settings, pool, probe
from bot.lab.backends import Answer, BackendSpec, OnePacket, Refusing, Resetting, Route, Silent
from bot.lab.pki import authority
from bot.lab.values import Json
from tests.lab.azure.conftest import Lab, OpenLab, code_of, raw
from tests.lab.azure.test_arm_writing import add_certificate
from tests.lab.azure.world import (
    APP,
    BACKEND,
    GROUP,
    HOST,
    IP,
    PLAIN,
    V1,
    V2,
    v1_gateway,
    v2_gateway,
)

ALLOW_LIST = "Backend server certificate is not whitelisted with Application Gateway."


async def test_the_report_has_the_shape_of_the_recordings(open_lab: OpenLab) -> None:
    async with open_lab([v2_gateway()], [BACKEND, PLAIN]) as lab:
        gateway = lab.azure.gateway(V2)["id"]
        healthy = {
            "address": IP,
            "health": "Healthy",
            "healthProbeLog": "Success. Received 200 status code",
        }
        assert await lab.health(GROUP, V2) == {
            "backendAddressPools": [
                {
                    "backendAddressPool": {"id": f"{gateway}/backendAddressPools/pool"},
                    "backendHttpSettingsCollection": [
                        {
                            "backendHttpSettings": {
                                "id": f"{gateway}/backendHttpSettingsCollection/{name}"
                            },
                            "servers": [healthy],
                        }
                        for name in ("https", "http")
                    ],
                }
            ]
        }


async def test_it_is_polled_by_location_and_says_null_until_it_is_there(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()], [BACKEND]) as lab:
        poller = await lab.gateways.begin_backend_health(GROUP, V1, polling=False, cls=first_answer)
        status, headers, text = await poller.result()
        assert (status, text) == (202, "null")
        assert "Azure-AsyncOperation" not in headers
        assert (
            "/providers/Microsoft.Network/locations/westeurope/operationResults/"
            in headers["Location"]
        )


def first_answer(response: object, *_: object) -> tuple[int, dict[str, str], str]:
    answer = response.http_response  # type: ignore[attr-defined]
    return answer.status_code, answer.headers, answer.text()


async def test_expand_embeds_what_it_names(open_lab: OpenLab) -> None:
    expand = "BackendAddressPool/BackendHttpSettings"
    async with open_lab([v2_gateway()], [BACKEND, PLAIN]) as lab:
        (line,) = (await lab.health(GROUP, V2, expand=expand))["backendAddressPools"]
        assert line["backendAddressPool"]["name"] == "pool"
        assert line["backendHttpSettingsCollection"][0]["backendHttpSettings"]["name"] == "https"


async def test_v1_flips_when_the_served_certificate_is_allow_listed(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()], [BACKEND]) as lab:
        (line,) = await lab.azure.wait_health(V1, any_unhealthy)
        assert (line.pool, line.settings, line.server) == ("pool", "https", IP)
        assert line.log == ALLOW_LIST
        assert set(lab.backends.at(IP).snis) == {None}
        before = await lab.get(GROUP, V1)
        await lab.put(add_certificate(await lab.get(GROUP, V1)))
        await lab.azure.wait_health(V1, all_healthy)
        await lab.put(before)
        (line,) = await lab.azure.wait_health(V1, any_unhealthy)
        assert line.log == ALLOW_LIST


async def test_a_change_counts_only_when_its_operation_has_ended(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()], [BACKEND], put_seconds=0.3) as lab:
        poller = await lab.begin_put(add_certificate(await lab.get(GROUP, V1)))
        await lab.azure.wait_health(V1, any_unhealthy)
        assert lab.azure.gateway(V1)["properties"]["provisioningState"] == "Updating"
        await poller.result()
        await lab.azure.wait_health(V1, all_healthy)


async def test_an_error_needs_the_threshold_and_one_success_heals(open_lab: OpenLab) -> None:
    async with open_lab([v2_gateway()], [BACKEND, PLAIN]) as lab:
        await lab.azure.wait_health(V2, all_healthy)
        server = lab.backends.at(IP)
        probed = server.connections
        await server.change(behaviour=Resetting())
        await lab.azure.wait_health(V2, any_unhealthy)
        assert server.connections >= probed + 3
        await server.change(behaviour=BACKEND.behaviour)
        await lab.azure.wait_health(V2, all_healthy)


BEHAVIOURS = {
    "refusing": (replace(BACKEND, behaviour=Refusing()), "could not connect to the backend"),
    "resetting": (replace(BACKEND, behaviour=Resetting()), "could not connect to the backend"),
    "silent": (replace(BACKEND, behaviour=Silent()), "more than the timeout threshold"),
    "another address": (replace(BACKEND, address="10.1.5.99"), "could not connect to the backend"),
    "plain HTTP": (BackendSpec(IP), "could not connect to the backend"),
    "unknown name": (
        replace(BACKEND, certificates={}, default=APP.path, routes=()),
        "Expected:200-399 Received:404.",
    ),
    "error": (
        replace(BACKEND, routes=(Route(HOST, answer=Answer(500)),)),
        "Expected:200-399 Received:500.",
    ),
    "another name": (
        replace(BACKEND, certificates={}, default=BACKEND.default),
        "does not match the host header of the probe",
    ),
    "another root": (
        replace(BACKEND, certificates={HOST: authority(HOST).path}),
        "does not match the trusted root certificate",
    ),
}


@pytest.mark.parametrize("case", BEHAVIOURS)
async def test_the_message_tells_what_the_backend_did(open_lab: OpenLab, case: str) -> None:
    backend, words = BEHAVIOURS[case]
    gateway = v2_gateway(sites=[Site("site", HOST, "pool", "https", APP)])
    async with open_lab([gateway], [backend], least_timeout=0.3) as lab:
        await lab.azure.wait_health(
            V2, lambda lines: any_unhealthy(lines) and words in lines[0].log
        )


@pytest.mark.parametrize(("resets", "words"), [(True, "could not connect"), (False, "timeout")])
async def test_a_large_hello_is_sent_only_where_it_is_chosen(
    open_lab: OpenLab, resets: bool, words: str
) -> None:
    backend = replace(BACKEND, behaviour=OnePacket(resets=resets))
    gateway = v2_gateway(sites=[Site("site", HOST, "pool", "https", APP)])
    async with open_lab([gateway], [backend], least_timeout=0.3) as lab:
        await lab.azure.wait_health(V2, all_healthy)
    async with open_lab([gateway], [BACKEND], large_client_hello=True) as lab:
        await lab.azure.wait_health(V2, all_healthy)
    async with open_lab([gateway], [backend], least_timeout=0.3, large_client_hello=True) as lab:
        (line,) = await lab.azure.wait_health(V2, any_unhealthy)
        assert words in line.log


async def test_the_body_is_searched(open_lab: OpenLab) -> None:
    match = {"statusCodes": ["200"], "body": "Welcome"}
    gateway = v2_gateway(
        probes=[probe("probe", host=HOST)],
        settings=[http_settings("https", probe="probe")],
        sites=[Site("site", HOST, "pool", "https", APP)],
    )
    gateway["properties"]["probes"][0]["properties"]["match"] = match
    async with open_lab([gateway], [PLAIN]) as lab:
        (line,) = await lab.azure.wait_health(V2, any_unhealthy)
        assert "does not contain Welcome" in line.log
        await lab.backends.at(IP, 80).change(routes=(Route(HOST, answer=Answer(body=b"Welcome!")),))
        await lab.azure.wait_health(V2, all_healthy)


def named_gateway() -> Json:
    return v2_gateway(
        pools=[pool("pool", fqdns=["App.internal.example.com"])],
        settings=[http_settings("http")],
        sites=[Site("site", HOST, "pool", "http", APP)],
        probes=[],
        trusted_roots=[],
    )


async def test_a_name_is_resolved_by_the_scenarios_dns(open_lab: OpenLab) -> None:
    name = "app.internal.example.com"
    async with open_lab([named_gateway()], [PLAIN], {name: [IP]}) as lab:
        await lab.azure.wait_health(V2, all_healthy)
        lab.azure.set_dns(name, ())
        report = await lab.health(GROUP, V2)
        assert servers(report)[0]["health"] == "Healthy", "the last good answer is kept"
        await lab.put(await lab.get(GROUP, V2))
        (line,) = await lab.azure.wait_health(V2, any_unhealthy)
        assert "could not create a probe for this backend" in line.log


def servers(report: Json) -> list[Json]:
    found: list[Json] = report["backendAddressPools"][0]["backendHttpSettingsCollection"][0][
        "servers"
    ]
    return found


async def test_min_servers_hides_a_dead_backend(open_lab: OpenLab) -> None:
    gateway = v2_gateway(probes=[probe("probe", host=HOST, minServers=1)])
    async with open_lab([gateway], [replace(BACKEND, behaviour=Refusing()), PLAIN]) as lab:
        lines = await lab.azure.wait_health(V2, all_healthy)
        assert "could not connect" in lines[0].log


async def test_words_and_era_can_be_chosen(open_lab: OpenLab) -> None:
    options: Json = {"healthy": "Up", "unhealthy": "Down", "era": "allow-listed"}
    async with open_lab([v1_gateway(), v2_gateway()], [BACKEND, PLAIN], None, **options) as lab:
        (server,) = servers(await lab.health(GROUP, V1))
        assert server["health"] == "Down"
        assert server["healthProbeLog"].startswith("Backend server certificate isn't allow-listed")
        assert servers(await lab.health(GROUP, V2))[0]["health"] == "Up"


async def test_an_empty_pool_has_no_servers(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway(pools=[pool("pool")])]) as lab:
        assert servers(await lab.health(GROUP, V1)) == []


async def on_demand(lab: Lab, name: str, **body: object) -> Json:
    gateway = lab.azure.gateway(name)["id"]
    request = {
        "protocol": "Https",
        "path": "/",
        "timeout": 30,
        "pickHostNameFromBackendHttpSettings": False,
        "match": {"statusCodes": ["200-399"]},
        "backendAddressPool": {"id": f"{gateway}/backendAddressPools/pool"},
        "backendHttpSettings": {"id": f"{gateway}/backendHttpSettingsCollection/https"},
        **body,
    }
    poller = await lab.gateways.begin_backend_health_on_demand(
        GROUP, name, request, polling_interval=0.01, cls=raw
    )
    report: Json = await poller.result()
    return report


async def test_on_demand_tries_a_host_without_a_change(open_lab: OpenLab) -> None:
    gateway = v2_gateway(probes=[probe("probe", host=IP)])
    async with open_lab([gateway], [BACKEND, PLAIN]) as lab:
        report = await on_demand(lab, V2, host=HOST)
        assert report["backendAddressPool"] == {"id": f"{gateway['id']}/backendAddressPools/pool"}
        (server,) = report["backendHealthHttpSettings"]["servers"]
        assert server["health"] == "Healthy"
        (server,) = (await on_demand(lab, V2, host=IP))["backendHealthHttpSettings"]["servers"]
        assert server["health"] == "Unhealthy"
        assert server["healthProbeLog"].endswith("Received:404.")


async def test_on_demand_does_not_know_the_switches_of_validation(open_lab: OpenLab) -> None:
    gateway = v2_gateway(trusted_roots=[], sites=[Site("site", HOST, "pool", "https", APP)])
    settings = gateway["properties"]["backendHttpSettingsCollection"][0]["properties"]
    settings |= {"validateCertChainAndExpiry": False, "trustedRootCertificates": []}
    async with open_lab([gateway], [BACKEND]) as lab:
        await lab.azure.wait_health(V2, all_healthy)
        (server,) = (await on_demand(lab, V2, host=HOST))["backendHealthHttpSettings"]["servers"]
        assert "not signed by a well-known Certificate Authority" in server["healthProbeLog"]


async def test_on_demand_for_what_is_not_there(open_lab: OpenLab) -> None:
    async with open_lab([v2_gateway()]) as lab:
        with pytest.raises(HttpResponseError) as caught:
            await on_demand(lab, V2, host=HOST, backendAddressPool={"id": "none"})
        assert code_of(caught.value) == "InvalidResourceReference"


async def test_waiting_ends_with_a_timeout(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()], [BACKEND]) as lab:
        with pytest.raises(TimeoutError):
            await lab.azure.wait_health(V1, all_healthy, timeout=0.1)
