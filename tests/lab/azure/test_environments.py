"""App Service Environments in the lab's Resource Manager, by bare HTTP."""

import base64
import hashlib
from dataclasses import replace
from typing import Any

import aiohttp

from bot.lab.azure import HostingEnvironment
from tests.lab.azure.conftest import OpenLab
from tests.lab.azure.world import DEFAULT, IP, SUBSCRIPTION, v1_gateway

WEB = "providers/Microsoft.Web"
SCOPE = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-ase/{WEB}/hostingEnvironments"
V2 = HostingEnvironment(
    SUBSCRIPTION,
    "rg-ase",
    "ase-one",
    "ASEV2",
    inbound=IP,
    dns_suffix="ilb.example.com",
    ilb_certificates=(DEFAULT,),
)
V3 = HostingEnvironment(
    SUBSCRIPTION,
    "rg-ase",
    "ase-three",
    "ASEV3",
    inbound=IP,
    dns_suffix="ase-three.appserviceenvironment.net",
    custom_suffix="apps.example.com",
)


async def ask(open_lab: OpenLab, path: str, *known: HostingEnvironment) -> tuple[int, Any]:
    async with (
        open_lab([v1_gateway()], environments=known) as lab,
        aiohttp.ClientSession(headers={"Authorization": "Bearer x"}) as session,
        session.get(f"{lab.azure.url}{path}?api-version=2025-05-01") as response,
    ):
        return response.status, await response.json()


async def test_the_list_is_of_one_subscription(open_lab: OpenLab) -> None:
    foreign = replace(V2, subscription="99999999-2222-3333-4444-555555555555")
    path = f"/subscriptions/{SUBSCRIPTION}/{WEB}/hostingEnvironments"
    _, found = await ask(open_lab, path, V2, V3, foreign)
    first, second = found["value"]
    assert (first["kind"], first["properties"]["dnsSuffix"]) == ("ASEV2", "ilb.example.com")
    assert first["properties"]["customDnsSuffixConfiguration"] is None
    custom = second["properties"]["customDnsSuffixConfiguration"]
    assert (second["kind"], custom["properties"]["dnsSuffix"]) == ("ASEV3", "apps.example.com")
    assert custom["properties"]["provisioningState"] == "Succeeded"


async def test_each_version_tells_its_addresses_in_its_own_place(open_lab: OpenLab) -> None:
    status, found = await ask(open_lab, f"{SCOPE}/ase-one/capacities/virtualip", V2, V3)
    assert (status, found["properties"]["internalIpAddress"]) == (200, IP)
    status, found = await ask(open_lab, f"{SCOPE}/ase-three/configurations/networking", V2, V3)
    assert (status, found["properties"]["internalInboundIpAddresses"]) == (200, [IP])
    status, found = await ask(open_lab, f"{SCOPE}/ase-one/configurations/networking", V2, V3)
    assert (status, found["error"]["code"]) == (404, "ResourceNotFound")


async def test_one_without_an_ilb_has_no_internal_address(open_lab: OpenLab) -> None:
    outside = (replace(V2, mode="None"), replace(V3, mode="None"))
    _, found = await ask(open_lab, f"{SCOPE}/ase-one/capacities/virtualip", *outside)
    assert found["properties"]["internalIpAddress"] is None
    _, found = await ask(open_lab, f"{SCOPE}/ase-three/configurations/networking", *outside)
    assert found["properties"]["internalInboundIpAddresses"] == []
    assert found["properties"]["externalInboundIpAddresses"] == [IP]


async def test_the_ilb_certificate_is_shown_without_its_key(open_lab: OpenLab) -> None:
    path = f"/subscriptions/{SUBSCRIPTION}/{WEB}/certificates"
    _, found = await ask(open_lab, path, V2, V3)
    (held,) = found["value"]
    assert held["name"].endswith("_ase-one_InternalLoadBalancingASE")
    der = base64.b64decode(held["properties"]["cerBlob"])
    assert der == DEFAULT.der
    assert held["properties"]["thumbprint"] == hashlib.sha1(der).hexdigest().upper()


async def test_a_subscription_may_hold_nothing_but_an_environment(open_lab: OpenLab) -> None:
    foreign = replace(V2, subscription="99999999-2222-3333-4444-555555555555")
    _, found = await ask(open_lab, "/subscriptions", foreign)
    ids = [it["subscriptionId"] for it in found["value"]]
    assert ids == [SUBSCRIPTION, foreign.subscription]
    gateways = f"/subscriptions/{foreign.subscription}/{WEB.replace('Web', 'Network')}"
    status, found = await ask(open_lab, f"{gateways}/applicationGateways", foreign)
    assert (status, found["value"]) == (200, [])
    status, found = await ask(open_lab, f"{gateways}/applicationGateways")
    assert (status, found["error"]["code"]) == (404, "SubscriptionNotFound")
