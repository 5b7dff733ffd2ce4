"""Reading from the lab's Resource Manager, by Microsoft's client and by bare HTTP."""

import aiohttp
import pytest
from azure.core.exceptions import ResourceNotFoundError

from tests.lab.azure.conftest import OpenLab, code_of, raw
from tests.lab.azure.world import GROUP, SUBSCRIPTION, V1, V2, v1_gateway, v2_gateway

BEARER = {"Authorization": "Bearer x"}
VERSION = "api-version=2026-03-01"
GATEWAY = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}/providers/Microsoft.Network/applicationGateways/{V1}"


async def test_lists(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway(), v2_gateway()]) as lab:
        assert [each.name async for each in lab.gateways.list_all()] == [V1, V2]
        assert [each.name async for each in lab.gateways.list(GROUP)] == [V1, V2]
        with pytest.raises(ResourceNotFoundError) as caught:
            [each async for each in lab.gateways.list("rg-none")]
        assert code_of(caught.value) == "ResourceGroupNotFound"


async def test_lists_come_in_pages(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway(), v2_gateway()], page_size=1) as lab:
        assert [each.name async for each in lab.gateways.list_all()] == [V1, V2]
        assert len(lab.azure.requests) == 2


async def test_a_gateway_is_answered_as_it_is_kept(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        document = await lab.get(GROUP, V1)
        assert document == lab.azure.gateway(V1)
        assert document["id"] == GATEWAY
        assert document["properties"]["sku"] == {
            "name": "Standard_Medium",
            "tier": "Standard",
            "capacity": 2,
        }


async def test_what_does_not_exist(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        with pytest.raises(ResourceNotFoundError) as caught:
            await lab.gateways.get(GROUP, "agw-none")
        assert code_of(caught.value) == "ResourceNotFound"
        assert "'Microsoft.Network/applicationGateways/agw-none'" in str(caught.value)


async def test_an_older_version_does_not_know_newer_properties(open_lab: OpenLab) -> None:
    async with open_lab([v2_gateway()]) as lab:
        old = await lab.gateways.get(GROUP, V2, cls=raw, api_version="2024-07-01")
        new = await lab.gateways.get(GROUP, V2, cls=raw, api_version="2024-10-01")
        assert (
            "validateSNI" not in old["properties"]["backendHttpSettingsCollection"][0]["properties"]
        )
        assert (
            new["properties"]["backendHttpSettingsCollection"][0]["properties"]["validateSNI"]
            is True
        )


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/subscriptions", [SUBSCRIPTION]),
        (f"/subscriptions/{SUBSCRIPTION}/resourceGroups", [GROUP]),
    ],
)
async def test_the_way_to_the_gateways(open_lab: OpenLab, path: str, names: list[str]) -> None:
    async with (
        open_lab([v1_gateway(), v2_gateway()]) as lab,
        aiohttp.ClientSession(lab.azure.url) as http,
    ):
        async with http.get(f"{path}?{VERSION}", headers=BEARER) as response:
            found = (await response.json())["value"]
        assert [each.get("subscriptionId") or each["name"] for each in found] == names


async def test_a_subscription(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab, aiohttp.ClientSession(lab.azure.url) as http:
        async with http.get(f"/subscriptions/{SUBSCRIPTION}?{VERSION}", headers=BEARER) as response:
            assert (await response.json())["state"] == "Enabled"
        async with http.get(f"/subscriptions/none?{VERSION}", headers=BEARER) as response:
            assert response.status == 404
            assert (await response.json())["error"]["code"] == "SubscriptionNotFound"


async def test_paths_are_compared_without_case(open_lab: OpenLab) -> None:
    path = GATEWAY.replace("resourceGroups", "RESOURCEGROUPS").replace(V1, V1.upper())
    async with (
        open_lab([v1_gateway()]) as lab,
        aiohttp.ClientSession(lab.azure.url) as http,
        http.get(f"{path}?{VERSION}", headers=BEARER) as response,
    ):
        assert response.status == 200
        assert (await response.json())["name"] == V1


@pytest.mark.parametrize(
    ("method", "target", "headers", "status", "code"),
    [
        pytest.param("GET", f"{GATEWAY}?{VERSION}", {}, 401, "AuthenticationFailed", id="no token"),
        pytest.param(
            "GET",
            f"{GATEWAY}?{VERSION}",
            {"Authorization": "Bearer "},
            401,
            "AuthenticationFailed",
            id="empty",
        ),
        pytest.param("GET", GATEWAY, BEARER, 400, "MissingApiVersionParameter", id="no version"),
        pytest.param(
            "GET",
            f"{GATEWAY}?api-version=1",
            BEARER,
            400,
            "InvalidApiVersionParameter",
            id="odd version",
        ),
        pytest.param(
            "DELETE", f"{GATEWAY}?{VERSION}", BEARER, 405, "HttpMethodNotAllowed", id="method"
        ),
        pytest.param("GET", f"/nowhere?{VERSION}", BEARER, 404, "InvalidResourceType", id="path"),
    ],
)
async def test_refusals(
    open_lab: OpenLab, method: str, target: str, headers: dict[str, str], status: int, code: str
) -> None:
    async with (
        open_lab([v1_gateway()]) as lab,
        aiohttp.ClientSession(lab.azure.url) as http,
        http.request(method, target, headers=headers) as response,
    ):
        assert response.status == status
        assert (await response.json())["error"]["code"] == code


async def test_headers_that_every_answer_has(open_lab: OpenLab) -> None:
    sent = {**BEARER, "x-ms-client-request-id": "mine"}
    async with open_lab([v1_gateway()]) as lab, aiohttp.ClientSession(lab.azure.url) as http:
        async with http.get(f"{GATEWAY}?{VERSION}", headers=sent) as response:
            headers = response.headers
        assert headers["x-ms-client-request-id"] == "mine"
        assert headers["x-ms-request-id"]
        assert headers["x-ms-correlation-request-id"]
        assert int(headers["x-ms-ratelimit-remaining-subscription-reads"]) < 250
        assert headers["ETag"] == lab.azure.gateway(V1)["etag"]


async def test_requests_are_recorded(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        await lab.get(GROUP, V1)
        (request,) = lab.azure.requests
        assert (request.method, request.path, request.status) == ("GET", GATEWAY, 200)
        assert request.action == "Microsoft.Network/applicationGateways/read"
        assert request.query == {"api-version": "2026-03-01"}
