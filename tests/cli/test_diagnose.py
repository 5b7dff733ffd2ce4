"""`agw diagnose`: exit codes, one JSON document, one sentence for each thing that can go wrong."""

import asyncio
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.lab.azure import Down, Fault, Wait, any_unhealthy, forbidden
from bot.lab.azure.faults import BACKEND_HEALTH, READ
from bot.lab.world import World, open_world
from tests.cli import schema
from tests.cli.conftest import Here
from tests.cli.running import Ran, agw, in_a_terminal, without_a_reader, world_of

COMMANDS = ("az ", "openssl ", "printf ", "nslookup ", "curl ")


def refused(ran: Ran, code: str, *words: str) -> None:
    """It said no, in one sentence and in one document."""
    assert ran.code == 2
    schema.check_error(ran.document)
    assert ran.document["error"]["code"] == code
    assert ran.is_one_sentence(), ran.err
    for word in words:
        assert word in ran.err


async def test_a_fault_as_json(world: World) -> None:
    await world.azure.wait_health("agw-test", any_unhealthy)
    ran = await agw(world.environment, "diagnose", "agw-test", "--json", anew=True)
    assert (ran.code, ran.err) == (1, "")
    schema.check(ran.document)
    assert ran.document["verdict"] == "fault"
    assert ran.document["recommended"] == "upload_ilb_certificate"
    assert ran.document["findings"][0]["rule"] == "certificate_not_allow_listed"
    asked = {it["sni"] for it in ran.document["backends"][0]["handshakes"]}
    assert {None, "test.appgwtestase.com"} <= asked


async def test_healthy_is_zero_and_contacts_nobody_else(here: Here) -> None:
    async with world_of("healthy-v1-listed") as world:
        gateway = world.scenario.expected.gateway
        ran = await here(world.environment, "diagnose", gateway, "--json")
        assert (ran.code, ran.document["verdict"]) == (0, "healthy")
        schema.check(ran.document)
        assert ran.document["recommended"] is None


async def test_nothing_is_changed(world: World, here: Here) -> None:
    before = world.azure.gateway("agw-test")
    await here(world.environment, "diagnose", "agw-test", "--json")
    assert world.azure.gateway("agw-test") == before
    assert {it.method for it in world.azure.requests} <= {"GET", "POST"}
    assert world.slack.calls == ()


async def test_for_people(world: World, here: Here) -> None:
    ran = await here(world.environment, "diagnose", "agw-test")
    assert ran.code == 1
    assert ran.out.startswith("FAULT FOUND  agw-test in rg-test")
    assert "What to do    Upload ILB certificate" in ran.out
    assert "RECOMMENDED" not in ran.out
    assert "\033" not in ran.out


async def test_for_people_who_want_all_of_it(world: World, here: Here) -> None:
    ran = await here(world.environment, "diagnose", "agw-test", "--verbose")
    assert ran.code == 1
    said = " ".join(ran.out.split())
    assert said.startswith(
        "FAULT FOUND agw-test: 10.1.5.11 does not serve the allow-listed certificate"
    )
    for it in (
        "RECOMMENDED Upload ILB certificate [upload_ilb_certificate]",
        "Cause: A v1 gateway accepts only the certificates",
        "Remedy: Upload the served certificate",
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
        "The same with the Azure CLI:",
        "WARNING gateway_generation_retired",
        "Note: 10.1.5.11 is App Service Environment",
    ):
        assert it in said
    (command,) = (it for it in ran.out.splitlines() if it.startswith("  printf %s "))
    assert len(command) > 400
    rows = [it for it in ran.out.splitlines() if not it.strip().startswith(COMMANDS)]
    assert max(map(len, rows)) <= 100 or any("://" in it for it in rows if len(it) > 100)


async def test_a_world_of_its_own_needs_no_settings(here: Here) -> None:
    ran = await here({}, "diagnose", "--lab", "refused", "--json")
    assert (ran.code, ran.err) == (1, "")
    schema.check(ran.document)
    assert ran.document["gateway"]["name"] == "agw-refused"
    assert ran.document["findings"][0]["rule"] == "port_refused"


async def test_the_settings_outside_do_not_reach_into_that_world(here: Here) -> None:
    odd = {"AGW_ARM_URL": "https://management.azure.com", "AGW_CONNECT_TO": "nonsense"}
    ran = await here(odd, "diagnose", "agw-refused", "--lab", "refused", "--no-probe")
    assert ran.code == 1
    assert "agw diagnose agw-refused --lab refused --no-probe --verbose" in ran.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--lab", "refusd"), ("no scenario 'refusd'", "Did you mean refused", "agw lab --list")),
        (("--lab", "refused", "--config", "x.toml"), ("--lab", "--config", "Leave one")),
        ((), ("GATEWAY", "--lab SCENARIO", "agw diagnose --help")),
        (("x", "--json", "--format", "github"), ("--format", "not allowed with", "--json")),
    ],
)
async def test_what_does_not_go_together(
    arguments: tuple[str, ...], words: tuple[str, ...], here: Here
) -> None:
    refused(await here({}, "diagnose", "--json", *arguments), "bad_use", *words)


async def test_the_other_gateway_of_a_fault_can_be_planned_as_it_says(here: Here) -> None:
    async with world_of("two-sites-two-faults") as world:
        name = world.scenario.expected.gateway
        said = (await here(world.environment, "diagnose", name)).out
        _, *arguments = shlex.split(next(it for it in said.split("\n") if "agw plan" in it))
        ran = await here(world.environment, *arguments)
    assert (ran.code, ran.out.split("  ")[0]) == (0, "PLAN")


@pytest.mark.parametrize("no_colour", [True, False])
async def test_colour_is_for_terminals_and_can_be_refused(world: World, no_colour: bool) -> None:
    settings = {**world.environment, **({"NO_COLOR": "1"} if no_colour else {})}
    shown = await in_a_terminal(settings, "diagnose", "agw-test")
    assert "FAULT" in shown
    assert ("\033[" in shown) is not no_colour


async def test_no_probe_contacts_no_backend(world: World, here: Here) -> None:
    unreachable = {**world.environment, "AGW_CONNECT_TO": "10.1.5.11:443=127.0.0.1:9"}
    ran = await here(unreachable, "diagnose", "agw-test", "--no-probe", "--json")
    schema.check(ran.document)
    assert all(it["handshakes"] == [] or not it["handshakes"][0]["ok"] for it in backends(ran))
    assert all(it["not_tried"] for it in backends(ran))


def backends(ran: Ran) -> list[dict[str, Any]]:
    return list(ran.document["backends"])


async def test_connect_to_on_the_command_line_goes_first(world: World, here: Here) -> None:
    left = dict(world.environment)
    mapped = [it for it in left.pop("AGW_CONNECT_TO").split(",") if it.startswith("10.1.5.11:443=")]
    without = await here({**left, "AGW_CONNECT_TO": ""}, "diagnose", "agw-test", "--json")
    assert "loopback" in backends(without)[0]["not_tried"]
    wrong = {**left, "AGW_CONNECT_TO": "10.1.5.11:443=127.0.0.1:9"}
    ran = await here(wrong, "diagnose", "agw-test", "--json", "--connect-to", mapped[0])
    assert ran.document["findings"][0]["rule"] == "certificate_not_allow_listed"


async def test_the_time_is_kept(world: World, here: Here) -> None:
    world.azure.set_fault(Fault(Wait(30), BACKEND_HEALTH))
    clock = asyncio.get_running_loop().time
    began = clock()
    ran = await here(world.environment, "diagnose", "agw-test", "--json", "--timeout", "2")
    assert clock() - began < 15
    schema.check(ran.document)
    assert {it["health"] for it in backends(ran)} == {"unknown"}


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
async def test_no_time_at_all(seconds: str, here: Here) -> None:
    refused(await here({}, "diagnose", "agw-test", "--json", f"--timeout={seconds}"), "bad_use")


async def test_an_unknown_gateway_brings_the_nearest_names(world: World, here: Here) -> None:
    ran = await here(world.environment, "diagnose", "agw-tset", "--json")
    refused(ran, "not_found", "agw-tset", "Did you mean agw-test")


async def test_two_of_one_name_have_to_be_told_apart(world: World, here: Here) -> None:
    first = world.scenario.gateways[0]
    twin = {**first, "id": str(first["id"]).replace("/rg-test/", "/rg-twin/")}
    async with open_world(replace(world.scenario, gateways=(first, twin))) as twins:
        ran = await here(twins.environment, "diagnose", "agw-test", "--json")
        refused(ran, "ambiguous", "rg-test/agw-test", "rg-twin/agw-test")
        ran = await here(twins.environment, "diagnose", "rg-twin/agw-test", "--json")
        assert ran.document["gateway"]["resource_group"] == "rg-twin"


async def test_azure_that_is_down(world: World, here: Here) -> None:
    world.azure.set_fault(Fault(Down()))
    ran = await here(world.environment, "diagnose", "agw-test", "--json")
    refused(ran, "unreachable", "Azure", "Check the network")


async def test_a_gateway_that_may_not_be_read(world: World, here: Here) -> None:
    world.azure.set_fault(forbidden(READ))
    ran = await here(world.environment, "diagnose", "agw-test", "--json")
    refused(ran, "forbidden", "Microsoft.Network/applicationGateways/read")


async def test_health_that_may_not_be_asked_for_is_unknown(world: World, here: Here) -> None:
    world.azure.set_fault(forbidden(BACKEND_HEALTH))
    ran = await here(world.environment, "diagnose", "agw-test", "--json")
    schema.check(ran.document)
    assert {it["health"] for it in backends(ran)} == {"unknown"}
    assert "backendhealth/action" in ran.out


async def test_what_cannot_be_decided_is_a_report_with_an_error_beside_it(
    world: World, here: Here
) -> None:
    world.azure.set_fault(forbidden(BACKEND_HEALTH))
    ran = await here(world.environment, "diagnose", "agw-test", "--no-probe", "--json")
    assert ran.code == 2
    schema.check(ran.document)
    schema.check_error(ran.document)
    assert (ran.document["verdict"], ran.document["error"]["code"]) == ("undecided", "undecided")


async def test_a_stopped_gateway(here: Here) -> None:
    async with world_of("stopped") as world:
        ran = await here(world.environment, "diagnose", world.scenario.expected.gateway, "--json")
        assert ran.code == 1
        schema.check(ran.document)
        assert ran.document["findings"][0]["rule"] == "gateway_stopped"


async def test_a_variable_that_is_wrong_is_named_and_not_repeated(world: World, here: Here) -> None:
    bad = {**world.environment, "SLACK_BOT_TOKEN": "xapp-1-secret"}
    ran = await here(bad, "diagnose", "agw-test", "--json")
    refused(ran, "bad_setting", "SLACK_BOT_TOKEN")
    assert "secret" not in ran.err + ran.out


async def test_bad_use_is_json_too() -> None:
    ran = await agw({}, "diagnose", "--json")
    refused(ran, "bad_use", "GATEWAY", "agw diagnose --help")


async def test_without_json_stdout_stays_empty_on_errors(world: World, here: Here) -> None:
    ran = await here(world.environment, "diagnose", "agw-tset")
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()


async def test_a_reader_that_goes_away_brings_no_traceback(world: World) -> None:
    assert await without_a_reader(world.environment, "diagnose", "agw-test", "--json") == (141, "")


async def test_a_database_is_not_needed(world: World, here: Here, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    odd = {**world.environment, "AGW_DATABASE_URL": f"sqlite:///{tmp_path}/file/agw.db"}
    assert (await here(odd, "diagnose", "agw-test")).code == 1


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("healthy-tcp-proxy", "probe opens a TCP connection"),
        ("healthy-tls-proxy", "probe begins TLS with SNI shop.contoso.com"),
    ],
)
async def test_what_a_proxy_does_is_not_told_as_http(name: str, said: str, here: Here) -> None:
    async with world_of(name) as world:
        ran = await here(
            world.environment, "diagnose", world.scenario.expected.gateway, "--verbose"
        )
    assert said in " ".join(ran.out.split())
