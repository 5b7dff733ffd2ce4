"""What the service refuses, and with which code."""

import base64
from collections.abc import Callable

import pytest
from azure.core.exceptions import HttpResponseError

from bot.lab.azure.build import certificate, part
from bot.lab.pki import authority, leaf
from bot.lab.values import Json
from tests.lab.azure.conftest import OpenLab, code_of, detail_of
from tests.lab.azure.world import APP, GROUP, ROOT, V1, V2, v1_gateway, v2_gateway

Change = Callable[[Json, str], object]
INTERMEDIATE = authority("Intermediate", issuer=ROOT)
TWO_IN_ONE = base64.b64encode(APP.pem + ROOT.pem).decode()


def settings(properties: Json, number: int = 0) -> Json:
    found: Json = properties["backendHttpSettingsCollection"][number]["properties"]
    return found


def add_roots(properties: Json, *nodes: Json) -> None:
    properties["trustedRootCertificates"].extend(nodes)


async def refusal(open_lab: OpenLab, document: Json, change: Change) -> HttpResponseError:
    """What comes of a PUT with this change; the gateway must stay as it was."""
    async with open_lab([document]) as lab:
        body = await lab.get(GROUP, document["name"])
        change(body["properties"], body["id"])
        with pytest.raises(HttpResponseError) as caught:
            await lab.put(body)
        assert lab.azure.gateway(document["name"]) == document
        assert caught.value.status_code == 400
        return caught.value


V2_REFUSALS: dict[str, tuple[Change, str]] = {
    "authentication certificates": (
        lambda p, _: p.update(authenticationCertificates=[certificate("app", APP)]),
        "ApplicationGatewayFeatureCannotBeEnabledForSelectedSku",
    ),
    "a root on an Http setting": (
        lambda p, gateway: settings(p, 1).update(
            trustedRootCertificates=[{"id": f"{gateway}/trustedRootCertificates/root"}]
        ),
        "ApplicationGatewayBackendHttpSettingsCannotHaveTrustedRootCertificate",
    ),
    "a probe that picks a host that is not there": (
        lambda p, _: p["probes"][0]["properties"].update(pickHostNameFromBackendHttpSettings=True),
        "ApplicationGatewayBackendHttpSettingsIncompatibleProbeSettingPickHostName",
    ),
    "a reference to what is not there": (
        lambda p, gateway: settings(p).update(probe={"id": f"{gateway}/probes/none"}),
        "InvalidResourceReference",
    ),
    "a reference from a path rule": (
        lambda p, gateway: p["urlPathMaps"][0]["properties"]["pathRules"][0]["properties"].update(
            backendAddressPool={"id": f"{gateway}/backendAddressPools/none"}
        ),
        "InvalidResourceReference",
    ),
    "an intermediate as trusted root": (
        lambda p, _: add_roots(p, certificate("issuing", INTERMEDIATE)),
        "ApplicationGatewayTrustedRootCertificateInvalidData",
    ),
    "two certificates in one": (
        lambda p, _: add_roots(p, part("both", data=TWO_IN_ONE)),
        "ApplicationGatewayTrustedRootCertificateInvalidData",
    ),
    "no certificate": (
        lambda p, _: add_roots(p, part("text", data="not base64")),
        "ApplicationGatewayTrustedRootCertificateInvalidData",
    ),
    "a root without data": (
        lambda p, _: add_roots(p, part("empty")),
        "ApplicationGatewayTrustedRootCertificateInvalidData",
    ),
    "too many roots": (
        lambda p, _: add_roots(p, *(certificate(f"root{number}", ROOT) for number in range(100))),
        "ApplicationGatewayTrustedRootCertificatesLimitReached",
    ),
    "a new listener certificate without data": (
        lambda p, _: p["sslCertificates"].append(part("new")),
        "ApplicationGatewaySslCertificateInvalidData",
    ),
}
V1_REFUSALS: dict[str, tuple[Change, str]] = {
    "trusted roots": (
        lambda p, _: p.update(trustedRootCertificates=[certificate("root", ROOT)]),
        "ApplicationGatewayFeatureCannotBeEnabledForSelectedSku",
    ),
    "no certificate": (
        lambda p, _: p["authenticationCertificates"].append(part("text", data="AAAA")),
        "ApplicationGatewayAuthenticationCertificateInvalidData",
    ),
}


@pytest.mark.parametrize("case", V2_REFUSALS)
async def test_v2_refuses(open_lab: OpenLab, case: str) -> None:
    change, code = V2_REFUSALS[case]
    assert code_of(await refusal(open_lab, v2_gateway(), change)) == code


@pytest.mark.parametrize("case", V1_REFUSALS)
async def test_v1_refuses(open_lab: OpenLab, case: str) -> None:
    change, code = V1_REFUSALS[case]
    assert code_of(await refusal(open_lab, v1_gateway(), change)) == code


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("x" * 81, "InvalidResourceName"),
        ("", "InvalidResourceName"),
        ("a b", "InvalidResourceName"),
        ("-a", "InvalidResourceName"),
        ("ROOT", "DuplicateResourceName"),
    ],
)
async def test_names_are_checked(open_lab: OpenLab, name: str, detail: str) -> None:
    error = await refusal(
        open_lab, v2_gateway(), lambda p, _: add_roots(p, certificate(name, ROOT))
    )
    assert code_of(error) == "InvalidRequestFormat"
    assert detail_of(error) == detail


@pytest.mark.parametrize("name", ["x" * 80, "a", "a.b-c_", "9"])
async def test_names_that_are_taken(open_lab: OpenLab, name: str) -> None:
    async with open_lab([v2_gateway()]) as lab:
        body = await lab.get(GROUP, V2)
        add_roots(body["properties"], certificate(name, ROOT))
        await lab.put(body)


async def test_pem_is_taken_as_well_as_der(open_lab: OpenLab) -> None:
    data = base64.b64encode(leaf("any.example.com").pem).decode()
    async with open_lab([v1_gateway()]) as lab:
        body = await lab.get(GROUP, V1)
        body["properties"]["authenticationCertificates"].append(part("pem", data=data))
        after = await lab.put(body)
        assert after["properties"]["authenticationCertificates"][1]["properties"]["data"] == data


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "InvalidRequestContent"),
        (b"[]", "InvalidRequestContent"),
        (b'{"properties": {}}', "LocationRequired"),
    ],
)
async def test_a_body_that_is_no_gateway(open_lab: OpenLab, body: bytes, code: str) -> None:
    async with open_lab([v2_gateway()]) as lab:
        with pytest.raises(HttpResponseError) as caught:
            await lab.gateways.begin_create_or_update(GROUP, V2, body)
        assert code_of(caught.value) == code
