"""Every scenario is what it says: broken at first, healed by its remedy, with a healthy neighbour."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.lab.azure import AzureLab, all_healthy, any_unhealthy
from bot.lab.backends import Backends
from bot.lab.scenario import Scenario
from bot.lab.scenarios import SCENARIOS, scenario
from bot.lab.scenarios.common import ASE_IP, TEST_HOST
from bot.lab.values import Json
from tests.lab.azure.conftest import FAST


@asynccontextmanager
async def opened(which: Scenario) -> AsyncIterator[tuple[AzureLab, Backends]]:
    options = replace(FAST, public_authorities=which.options.public_authorities)
    async with (
        Backends.open(which.backends) as backends,
        AzureLab.open(which.gateways, backends, which.dns, options) as azure,
    ):
        yield azure, backends


@pytest.mark.parametrize("which", SCENARIOS, ids=lambda each: each.name)
def test_it_is_told_well(which: Scenario) -> None:
    assert re.fullmatch(r"[a-z0-9-]+", which.name)
    assert which.title
    assert len(which.story) >= 2
    assert all(text.isascii() for text in (which.title, which.summary, *which.story))
    assert which.expected.gateway in [each["name"] for each in which.gateways]
    assert scenario(which.name) is which


def test_names_are_unique() -> None:
    assert len({each.name for each in SCENARIOS}) == len(SCENARIOS)


async def test_the_neighbour_is_healthy() -> None:
    async with opened(scenario("ilb-ase")) as (azure, _):
        await azure.wait_health("agw-shop", all_healthy)


def upload(document: Json, collection: str, data: str) -> None:
    properties = document["properties"]
    properties[collection].append({"name": "new", "properties": {"data": data}})
    settings = properties["backendHttpSettingsCollection"][0]["properties"]
    reference = {"id": f"{document['id']}/{collection}/new"}
    settings[collection] = [*settings.get(collection, ()), reference]


def set_probe_host(document: Json, _: Backends) -> None:
    document["properties"]["probes"][0]["properties"]["host"] = TEST_HOST


def upload_ilb_certificate(document: Json, backends: Backends) -> None:
    served = backends.at(ASE_IP).spec.default
    assert served
    upload(document, "authenticationCertificates", served[0].base64_der)


def upload_app_root(document: Json, backends: Backends) -> None:
    served = backends.at(ASE_IP).spec.certificates[TEST_HOST]
    upload(document, "trustedRootCertificates", served[-1].base64_der)


def upload_ilb_root(document: Json, backends: Backends) -> None:
    served = backends.at(ASE_IP).spec.default
    assert served
    upload(document, "trustedRootCertificates", served[-1].base64_der)


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("ilb-ase", upload_ilb_certificate),
        ("ilb-ase-v2", set_probe_host),
        ("ilb-ase-v2-root", upload_app_root),
    ],
)
async def test_its_remedy_heals(name: str, remedy: Callable[[Json, Backends], None]) -> None:
    gateway = scenario(name).expected.gateway
    async with opened(scenario(name)) as (azure, backends):
        await azure.wait_health(gateway, any_unhealthy)
        azure.edit(gateway, lambda document: remedy(document, backends))
        await azure.wait_health(gateway, all_healthy)


@pytest.mark.parametrize(
    ("name", "no_remedy", "words"),
    [
        ("ilb-ase-v2", upload_ilb_root, "Received:404."),
        ("ilb-ase-v2", upload_app_root, "does not match the trusted root certificate"),
        ("ilb-ase-v2-root", set_probe_host, "not signed by a well-known Certificate Authority"),
    ],
)
async def test_the_other_remedy_does_not(
    name: str, no_remedy: Callable[[Json, Backends], None], words: str
) -> None:
    gateway = scenario(name).expected.gateway
    async with opened(scenario(name)) as (azure, backends):
        await azure.wait_health(gateway, any_unhealthy)
        azure.edit(gateway, lambda document: no_remedy(document, backends))
        await azure.wait_health(gateway, lambda lines: all(words in line.log for line in lines))


async def test_the_message_of_the_article() -> None:
    async with opened(scenario("ilb-ase")) as (azure, _):
        lines = await azure.wait_health("agw-test", any_unhealthy)
        assert [(line.pool, line.settings, line.server) for line in lines] == [
            ("ilb-ase", "https-ase", ASE_IP),
            ("ilb-ase-api", "https-ase", ASE_IP),
        ]
        assert (
            lines[0].log
            == "Backend server certificate is not whitelisted with Application Gateway."
        )
