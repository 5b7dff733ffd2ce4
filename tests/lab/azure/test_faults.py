"""What can go wrong at Azure, when it is asked to."""

import asyncio

import aiohttp
import pytest
from azure.core.exceptions import (
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
)

from bot.lab.azure import (
    AzureEvent,
    Blind,
    CarryOutLater,
    Down,
    Fault,
    IgnoreIfMatch,
    Last,
    LoseAnswer,
    NeverEnd,
    ShowOld,
    TakeBack,
    Wait,
    forbidden,
    linked_forbidden,
    scope_locked,
    server_error,
    throttled,
)
from bot.lab.azure.faults import BACKEND_HEALTH, OPERATION_STATUS, READ, WRITE
from tests.lab.azure.conftest import OpenLab, code_of
from tests.lab.azure.test_arm_writing import add_certificate, names
from tests.lab.azure.world import BACKEND, GROUP, PLAIN, V1, V2, v1_gateway, v2_gateway


@pytest.mark.parametrize(
    ("fault", "status", "code", "words"),
    [
        (
            forbidden(WRITE),
            403,
            "AuthorizationFailed",
            f"perform action '{WRITE}' over scope '/subscr",
        ),
        (linked_forbidden(), 403, "LinkedAuthorizationFailed", "subnets/join/action"),
        (scope_locked(), 409, "ScopeLocked", "Please remove the lock"),
        (throttled(WRITE), 429, "TooManyRequests", WRITE),
        (server_error(WRITE, status=503), 503, "InternalServerError", "An error occurred"),
    ],
)
async def test_a_put_is_refused_and_nothing_happens(
    open_lab: OpenLab, fault: Fault, status: int, code: str, words: str
) -> None:
    async with open_lab([v1_gateway()]) as lab:
        body = await lab.get(GROUP, V1)
        lab.azure.set_fault(fault)
        with pytest.raises(HttpResponseError) as caught:
            await lab.put(body)
        assert (caught.value.status_code, code_of(caught.value)) == (status, code)
        assert words in str(caught.value)
        assert lab.azure.gateway(V1) == body


async def test_a_fault_strikes_one_action_of_one_gateway(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway(), v2_gateway()], [BACKEND, PLAIN]) as lab:
        lab.azure.set_fault(forbidden(BACKEND_HEALTH, gateway=V1))
        await lab.get(GROUP, V1)
        await lab.health(GROUP, V2)
        with pytest.raises(HttpResponseError):
            await lab.health(GROUP, V1)
        lab.azure.clear_faults()
        await lab.health(GROUP, V1)


async def test_polling_may_be_forbidden(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        body = await lab.get(GROUP, V1)
        lab.azure.set_fault(forbidden(OPERATION_STATUS))
        poller = await lab.begin_put(add_certificate(body))
        with pytest.raises(HttpResponseError) as caught:
            await poller.result()
        assert caught.value.status_code == 403
        assert names(lab) == ["app", "ilb"]


async def test_throttling_ends_after_so_many_times(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        lab.azure.set_fault(throttled(READ, retry_after=0, times=2))
        await lab.get(GROUP, V1)
        assert [request.status for request in lab.azure.requests] == [429, 429, 200]


async def test_a_lost_answer_was_carried_out(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab, aiohttp.ClientSession(lab.azure.url) as http:
        body = add_certificate(await lab.get(GROUP, V1))
        lab.azure.set_fault(Fault(LoseAnswer(), WRITE))
        with pytest.raises(aiohttp.ClientError):
            await http.put(
                f"{body['id']}?api-version=2026-03-01",
                json=body,
                headers={"Authorization": "Bearer x"},
            )
        assert names(lab) == ["app", "ilb"]
        assert {request.status for request in lab.azure.requests if request.method == "PUT"} == {
            None
        }


async def test_azure_is_down(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        lab.azure.set_fault(Fault(Down()))
        with pytest.raises(
            (ServiceRequestError, ClientAuthenticationError, HttpResponseError, OSError)
        ):
            await lab.gateways.get(GROUP, V1, retry_total=0)
        lab.azure.clear_faults()
        await lab.get(GROUP, V1)


async def test_an_answer_may_be_late(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        lab.azure.set_fault(Fault(Wait(0.2), READ))
        clock = asyncio.get_running_loop().time
        began = clock()
        await lab.get(GROUP, V1)
        assert clock() - began >= 0.2


async def test_backend_health_may_never_end(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()], [BACKEND]) as lab:
        lab.azure.set_fault(Fault(NeverEnd(), BACKEND_HEALTH))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(lab.health(GROUP, V1), 0.3)


async def test_the_control_plane_may_be_blind(open_lab: OpenLab) -> None:
    async with open_lab([v2_gateway()], [BACKEND, PLAIN]) as lab:
        lab.azure.set_fault(Fault(Blind(), BACKEND_HEALTH))
        (line,) = (await lab.health(GROUP, V2))["backendAddressPools"]
        servers = [each["servers"][0] for each in line["backendHttpSettingsCollection"]]
        assert {server["health"] for server in servers} == {"Unknown"}
        assert "could not be retrieved" in servers[0]["healthProbeLog"]


async def test_a_put_may_never_end(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        lab.azure.set_fault(Fault(NeverEnd(), WRITE))
        poller = await lab.begin_put(await lab.get(GROUP, V1))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(poller.result(), 0.3)
        assert lab.azure.gateway(V1)["properties"]["provisioningState"] == "Updating"


async def test_who_subscribes_hears_of_requests_configurations_and_health(
    open_lab: OpenLab,
) -> None:
    heard: list[AzureEvent] = []
    async with open_lab([v1_gateway()], [BACKEND]) as lab:
        end = lab.azure.subscribe(heard.append)
        await lab.put(add_certificate(await lab.get(GROUP, V1)))
        await lab.azure.wait_health(V1, lambda lines: lines[0].health == "Healthy")
        assert {event.kind for event in heard} == {"request", "configuration", "health"}
        assert {event.gateway for event in heard} == {V1, ""}
        end()
        count = len(heard)
        await lab.get(GROUP, V1)
        assert len(heard) == count


async def test_if_match_may_be_ignored(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        body = await lab.get(GROUP, V1)
        lab.azure.edit(V1, lambda document: document.update(tags={"owner": "somebody"}))
        lab.azure.set_fault(Fault(IgnoreIfMatch(), WRITE))
        await lab.put(add_certificate(body), If_Match=body["etag"])
        assert names(lab) == ["app", "ilb"]


async def test_reads_may_show_the_old_gateway_after_success(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        before = await lab.get(GROUP, V1)
        lab.azure.set_fault(Fault(ShowOld(reads=3), WRITE))
        await lab.put(add_certificate(before))  # Reads it twice when it has ended.
        seen = [(await lab.get(GROUP, V1))["etag"] == before["etag"] for _ in range(3)]
        assert seen == [True, False, False]
        assert names(lab) == ["app", "ilb"]


@pytest.mark.parametrize("cut", [False, True])
async def test_a_put_without_an_answer_may_be_carried_out_later(
    open_lab: OpenLab, cut: bool
) -> None:
    async with open_lab([v1_gateway()]) as lab:
        body = await lab.get(GROUP, V1)
        lab.azure.set_fault(Fault(CarryOutLater(reads=1, cut=cut), WRITE))
        with pytest.raises(ServiceRequestError if cut else HttpResponseError):
            await lab.begin_put(add_certificate(body))
        await lab.get(GROUP, V1)
        assert names(lab) == ["app"]
        await lab.get(GROUP, V1)
        assert names(lab) == ["app", "ilb"]


async def test_somebody_may_take_a_put_back(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        lab.azure.set_fault(Fault(TakeBack(reads=2), WRITE))
        body = await lab.get(GROUP, V1)
        await lab.put(add_certificate(body))  # Reads it twice when it has ended.
        assert names(lab) == ["app", "ilb"]
        after = await lab.get(GROUP, V1)
        assert names(lab) == ["app"]
        assert after["etag"] != body["etag"]


async def test_a_put_may_last_until_it_was_asked_for_often_enough(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        lab.azure.set_fault(Fault(Last(looks=3), WRITE))
        await lab.put(add_certificate(await lab.get(GROUP, V1)))
        asked = [it for it in lab.azure.requests if it.action == OPERATION_STATUS]
        assert len(asked) == 4
