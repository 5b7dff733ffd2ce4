"""Changing a gateway: PUT, its long operation, etags, and what the service adds and ignores."""

import base64
import json

import pytest
from azure.core.exceptions import HttpResponseError
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from bot.lab.azure import FailLater, Fault
from bot.lab.pki import leaf
from bot.lab.values import Json
from tests.lab.azure.conftest import Lab, OpenLab, code_of, detail_of
from tests.lab.azure.world import DEFAULT, GROUP, V1, V2, v1_gateway, v2_gateway


def add_certificate(document: Json, name: str = "ilb") -> Json:
    """Add an authentication certificate, and refer to it from the HTTP settings."""
    properties = document["properties"]
    properties["authenticationCertificates"].append(
        {"name": name, "properties": {"data": DEFAULT.base64_der}}
    )
    settings = properties["backendHttpSettingsCollection"][0]["properties"]
    settings["authenticationCertificates"].append(
        {"id": f"{document['id']}/authenticationCertificates/{name}"}
    )
    return document


async def test_a_put_by_an_older_version_loses_what_it_does_not_know(open_lab: OpenLab) -> None:
    sets = [{"name": "set", "properties": {"routingConditions": []}}]
    async with open_lab([v2_gateway(advancedRoutingConditionSets=sets)]) as lab:
        document = await lab.get(GROUP, V2)
        assert document["properties"]["advancedRoutingConditionSets"][0]["name"] == "set"
        kept = await lab.put(document)
        assert "advancedRoutingConditionSets" in kept["properties"]
        body = json.dumps(document).encode()
        poller = await lab.gateways.begin_create_or_update(
            GROUP, V2, body, api_version="2024-10-01", polling_interval=0.01
        )
        await poller.result()
        assert "advancedRoutingConditionSets" not in (await lab.get(GROUP, V2))["properties"]


async def test_a_put_replaces_and_gives_new_etags(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        before = await lab.get(GROUP, V1)
        after = await lab.put(add_certificate(await lab.get(GROUP, V1)), If_Match=before["etag"])
        added = after["properties"]["authenticationCertificates"][1]
        assert added["id"] == f"{before['id']}/authenticationCertificates/ilb"
        assert added["type"] == "Microsoft.Network/applicationGateways/authenticationCertificates"
        assert added["properties"]["provisioningState"] == "Succeeded"
        assert added["properties"]["backendHttpSettings"] == [
            {"id": f"{before['id']}/backendHttpSettingsCollection/https"}
        ]
        assert added["etag"] == after["etag"] != before["etag"]
        assert after["properties"]["resourceGuid"] == before["properties"]["resourceGuid"]


async def test_while_it_lasts_the_gateway_is_updating(
    open_lab: OpenLab,
) -> None:
    async with open_lab([v1_gateway()], put_seconds=60) as lab:
        await lab.begin_put(add_certificate(await lab.get(GROUP, V1)))
        document = await lab.get(GROUP, V1)
        assert document["properties"]["provisioningState"] == "Updating"
        assert document["properties"]["probes"][0]["properties"]["provisioningState"] == "Updating"
        (put,) = [request for request in lab.azure.requests if request.method == "PUT"]
        assert put.status == 200
        assert put.action == "Microsoft.Network/applicationGateways/write"


async def test_writing_back_what_was_read_changes_nothing(open_lab: OpenLab) -> None:
    for document in (v1_gateway(), v2_gateway()):
        async with open_lab([document]) as lab:
            before = await lab.get(GROUP, document["name"])
            after = await lab.put(before)
            assert without_etags(after) == without_etags(before)


def without_etags(node: object) -> object:
    if isinstance(node, dict):
        return {key: without_etags(value) for key, value in node.items() if key != "etag"}
    return [without_etags(each) for each in node] if isinstance(node, list) else node


async def test_read_only_parts_of_the_body_are_ignored(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        before = await lab.get(GROUP, V1)
        body = await lab.get(GROUP, V1)
        body["properties"]["operationalState"] = "Stopped"
        body["properties"]["resourceGuid"] = "mine"
        body["properties"]["probes"][0]["properties"]["backendHttpSettings"] = []
        after = await lab.put(body)
        assert without_etags(after) == without_etags(before)


async def test_a_collection_left_out_is_emptied(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        body = await lab.get(GROUP, V1)
        del body["properties"]["probes"]
        del body["properties"]["backendHttpSettingsCollection"][0]["properties"]["probe"]
        assert (await lab.put(body))["properties"]["probes"] == []


async def test_a_moved_etag_is_refused(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        body = await lab.get(GROUP, V1)
        lab.azure.edit(V1, lambda document: document["tags"].update(owner="somebody else"))
        with pytest.raises(HttpResponseError) as caught:
            await lab.put(body, If_Match=body["etag"])
        assert caught.value.status_code == 412
        assert code_of(caught.value) == "PreconditionFailed"
        assert detail_of(caught.value) == "PreconditionFailedEtagMismatch"
        assert lab.azure.gateway(V1)["tags"] == {"owner": "somebody else"}


async def test_any_etag_will_do_for_a_star_or_without_the_header(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        body = await lab.get(GROUP, V1)
        await lab.put(body, If_Match="*")
        await lab.put(body)


async def test_a_second_put_supersedes_the_first(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()], put_seconds=0.3) as lab:
        body = await lab.get(GROUP, V1)
        first = await lab.begin_put(add_certificate(await lab.get(GROUP, V1), "first"))
        second = await lab.begin_put(add_certificate(body, "second"))
        with pytest.raises(HttpResponseError) as caught:
            await first.result()
        assert caught.value.status_code == 200
        assert code_of(caught.value) == "Canceled"
        assert detail_of(caught.value) == "CanceledAndSupersededDueToAnotherOperation"
        await second.result()
        assert names(lab) == ["app", "second"]


def names(lab: Lab) -> list[str]:
    properties = lab.azure.gateway(V1)["properties"]
    return [each["name"] for each in properties["authenticationCertificates"]]


async def test_a_close_collision_is_told_to_come_back(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()], lock_seconds=60) as lab:
        body = await lab.get(GROUP, V1)
        await lab.put(body)
        with pytest.raises(HttpResponseError) as caught:
            await lab.put(body)
        assert caught.value.status_code == 429
        assert code_of(caught.value) == "RetryableErrorDueToAnotherOperation"


async def test_an_operation_may_fail(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        lab.azure.set_fault(
            Fault(FailLater("ApplicationGatewayKeyVaultSecretException", "No access."))
        )
        with pytest.raises(HttpResponseError) as caught:
            await lab.put(await lab.get(GROUP, V1))
        assert code_of(caught.value) == "ApplicationGatewayKeyVaultSecretException"
        assert lab.azure.gateway(V1)["properties"]["provisioningState"] == "Failed"


async def test_a_gateway_can_be_created(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        await lab.put(v2_gateway())
        assert [request.status for request in lab.azure.requests if request.method == "PUT"] == [
            201
        ]
        assert [each.name async for each in lab.gateways.list_all()] == [V1, V2]


async def test_a_listener_keeps_its_private_key_without_sending_it(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        body = await lab.get(GROUP, V1)
        public = body["properties"]["sslCertificates"][0]["properties"].pop("publicCertData")
        after = await lab.put(body)
        assert after["properties"]["sslCertificates"][0]["properties"]["publicCertData"] == public


async def test_a_new_listener_certificate_comes_as_pkcs12(open_lab: OpenLab) -> None:
    fresh = leaf("fresh.example.com")
    locked = BestAvailableEncryption(b"secret")
    pfx = pkcs12.serialize_key_and_certificates(
        b"fresh", fresh.key, fresh.certificate, None, locked
    )
    data = base64.b64encode(pfx).decode()
    async with open_lab([v1_gateway()]) as lab:
        body = await lab.get(GROUP, V1)
        properties = body["properties"]["sslCertificates"][0]["properties"]
        properties |= {"data": data, "password": "secret"}
        after = (await lab.put(body))["properties"]["sslCertificates"][0]["properties"]
        assert after["publicCertData"] == fresh.base64_pkcs7
        assert not {"data", "password"} & set(after)
        properties["password"] = "wrong"
        with pytest.raises(HttpResponseError) as caught:
            await lab.put(body)
        assert code_of(caught.value) == "ApplicationGatewaySslCertificateInvalidData"


async def test_tags_alone_are_patched(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        before = await lab.get(GROUP, V1)
        await lab.gateways.update_tags(GROUP, V1, {"tags": {"team": "web"}})
        after = await lab.get(GROUP, V1)
        assert after["tags"] == {"team": "web"}
        assert after["etag"] != before["etag"]
        assert without_etags(after["properties"]) == without_etags(before["properties"])


async def test_stop_start_and_put_on_a_stopped_gateway(open_lab: OpenLab) -> None:
    async with open_lab([v1_gateway()]) as lab:
        await (await lab.gateways.begin_stop(GROUP, V1, polling_interval=0.01)).result()
        assert lab.azure.gateway(V1)["properties"]["operationalState"] == "Stopped"
        assert {line.health for line in lab.azure.health(V1)} == {"Unknown"}
        await (await lab.gateways.begin_start(GROUP, V1, polling_interval=0.01)).result()
        assert lab.azure.gateway(V1)["properties"]["operationalState"] == "Running"
        await (await lab.gateways.begin_stop(GROUP, V1, polling_interval=0.01)).result()
        after = await lab.put(await lab.get(GROUP, V1))
        assert after["properties"]["operationalState"] == "Running"


async def test_somebody_else_may_set_states(open_lab: OpenLab) -> None:
    def freeze(document: Json) -> None:
        document["properties"] |= {"operationalState": "Stopped", "provisioningState": "Failed"}

    async with open_lab([v1_gateway()]) as lab:
        before = lab.azure.gateway(V1)
        after = lab.azure.edit(V1, freeze)
        assert after["properties"]["operationalState"] == "Stopped"
        assert after["properties"]["provisioningState"] == "Failed"
        assert after["etag"] != before["etag"]
