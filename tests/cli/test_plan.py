"""`agw plan`: what it prints could be sent as it is and would do what it says; it sends nothing itself."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.azure import ResourceManager
from bot.lab.azure import all_healthy, any_unhealthy, forbidden
from bot.lab.azure.faults import BACKEND_HEALTH
from bot.lab.world import World
from tests.cli import schema
from tests.cli.conftest import Here
from tests.cli.running import Ran, world_of
from tests.cli.schema import FILLED, FLAG, MAYBE, TEXTS, record, several

PART = record(
    pool=MAYBE, http_settings=MAYBE, server=MAYBE, part=MAYBE, rules=TEXTS, because=FILLED
)
PLAN = record(
    schema={"const": 1},
    option=MAYBE,
    because=MAYBE,
    notes=TEXTS,
    heals=several(PART),
    still_at_fault=several(PART),
    cannot_tell=several(PART),
    breaks=several(PART),
    edits=several(record(path=FILLED, before={}, after={})),
    document={"type": ["object", "null"]},
)
OF_AN_OPTION = record(works=FLAG, automated=FLAG, recommended=FLAG, steps=TEXTS, title=FILLED)
SERVER = "10.1.5.11"


def checked(ran: Ran) -> Any:
    """Its one document, which is as promised."""
    document = ran.document
    Draft202012Validator(PLAN).validate(document)
    if document["option"] is not None:
        Draft202012Validator(OF_AN_OPTION).validate(document)
    return document


async def test_what_is_printed_is_sent_as_it_is_and_heals(world: World, here: Here) -> None:
    await world.azure.wait_health("agw-test", any_unhealthy)
    ran = await here(world.environment, "plan", "agw-test", "--json")
    told = checked(ran)
    assert (ran.code, ran.err, told["option"]) == (0, "", "upload_ilb_certificate")
    assert {(it["pool"], it["server"]) for it in told["heals"]} == {
        ("ilb-ase", SERVER),
        ("ilb-ase-api", SERVER),
    }
    assert told["still_at_fault"] == []
    manager = ResourceManager(world.environment["AGW_ARM_URL"])
    try:
        document = told["document"]
        await manager.put(document["id"], document, told["etag"], "from-the-plan")
        await world.azure.wait_health("agw-test", all_healthy)
    finally:
        await manager.close()
    assert (await here(world.environment, "plan", "agw-test", "--json")).code == 1


async def test_nothing_is_written(world: World, here: Here) -> None:
    before = world.azure.gateway("agw-test")
    await here(world.environment, "plan", "agw-test")
    await here(world.environment, "plan", "agw-test", "fqdn_in_pool", "--json")
    assert world.azure.gateway("agw-test") == before
    assert {it.method for it in world.azure.requests} <= {"GET", "POST"}
    assert world.slack.calls == ()


def failed(document: Any) -> None:
    document["properties"]["provisioningState"] = "Failed"


async def test_for_people(world: World, here: Here) -> None:
    world.azure.edit("agw-test", failed)
    ran = await here(world.environment, "plan", "agw-test")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("PLAN  agw-test: Upload ILB certificate")
    for said in (
        "recommended; nothing was written",
        f"heals: {SERVER} (ilb-ase / https-ase), {SERVER} (ilb-ase-api / https-ase)",
        "note: The gateway's provisioning state is Failed.",
        "not there -> added",
        "SHA-256",
        "shared by: settings https-ase; pools ilb-ase, ilb-ase-api;",
        "agw plan agw-test upload_ilb_certificate --json",
    ):
        assert said in ran.out
    assert "\033" not in ran.out


async def test_another_option_by_its_id(world: World, here: Here) -> None:
    told = checked(await here(world.environment, "plan", "agw-test", "fqdn_in_pool", "--json"))
    assert (told["option"], told["recommended"], told["works"]) == ("fqdn_in_pool", False, True)
    (first, _) = told["edits"]
    assert first == {
        "path": "backendAddressPools/ilb-ase/backendAddresses",
        "before": [{"ipAddress": SERVER}],
        "after": [{"fqdn": "test.appgwtestase.com"}],
    }
    assert told["steps"]


async def test_an_option_that_does_not_apply(world: World, here: Here) -> None:
    ran = await here(world.environment, "plan", "agw-test", "set_host_name", "--json")
    told = checked(ran)
    assert (ran.code, told["works"], told["edits"], told["document"]) == (1, False, [], None)
    assert "never sent as SNI" in told["because"]
    ran = await here(world.environment, "plan", "agw-test", "set_host_name")
    assert (ran.code, ran.err) == (1, "")
    assert "does not work; nothing was written" in ran.out
    assert "Changes" not in ran.out


async def test_an_option_for_which_somebody_has_to_go_elsewhere(world: World, here: Here) -> None:
    ran = await here(world.environment, "plan", "agw-test", "wildcard_certificate")
    assert ran.code == 0
    assert "No button writes this" in ran.out
    assert "By hand\n  1. " in ran.out


async def test_where_nothing_is_wrong_there_is_no_plan(here: Here) -> None:
    async with world_of("healthy-v1-listed") as world:
        gateway = world.scenario.expected.gateway
        ran = await here(world.environment, "plan", gateway, "--json")
        told = checked(ran)
        assert (ran.code, told["option"], told["edits"]) == (1, None, [])
        assert "healthy" in told["because"]
        ran = await here(world.environment, "plan", gateway, "fqdn_in_pool")
        assert (ran.code, ran.err) == (1, "")
        assert ran.out.startswith(f"NO PLAN  {gateway}: healthy")


async def test_what_is_not_known_is_an_error_beside_the_plan(world: World, here: Here) -> None:
    blind = ("plan", "agw-test", "--no-probe", "--json")
    ran = await here(world.environment, *blind, "fqdn_in_pool")
    schema.check_error(ran.document)
    assert (ran.code, ran.document["error"]["code"]) == (2, "undecided")
    assert "cannot be told" in ran.document["error"]["message"]
    assert [it["server"] for it in checked(ran)["cannot_tell"]] == [SERVER, SERVER]
    ran = await here(world.environment, *blind[:-1], "fqdn_in_pool")
    assert (ran.code, ran.err) == (2, "")
    assert "may help or not" in ran.out
    assert "cannot tell whether it heals" in ran.out
    world.azure.set_fault(forbidden(BACKEND_HEALTH))
    ran = await here(world.environment, *blind)
    schema.check_error(ran.document)
    assert (ran.code, checked(ran)["option"]) == (2, None)


@pytest.mark.parametrize("more", [(), ("--json",)])
async def test_an_option_that_nobody_knows(more: tuple[str, ...], here: Here) -> None:
    ran = await here({}, "plan", "agw-test", "reboot", *more)
    assert ran.code == 2
    assert ran.is_one_sentence()
    assert "reboot" in ran.err
    assert "upload_ilb_certificate" in ran.err
    if more:
        schema.check_error(ran.document)
        assert ran.document["error"]["code"] == "bad_use"
    else:
        assert ran.out == ""


async def test_a_gateway_that_nobody_knows(world: World, here: Here) -> None:
    ran = await here(world.environment, "plan", "agw-tset", "--json")
    schema.check_error(ran.document)
    assert (ran.code, ran.document["error"]["code"]) == (2, "not_found")


async def test_too_many_words_are_refused(here: Here) -> None:
    ran = await here({}, "plan", "agw-test", "--json", "fqdn_in_pool", "twice")
    schema.check_error(ran.document)
    assert (ran.code, ran.document["error"]["code"]) == (2, "bad_use")
    assert "twice" in ran.err


async def test_connect_to_is_heard(world: World, here: Here) -> None:
    left = dict(world.environment)
    mapped = [it for it in left.pop("AGW_CONNECT_TO").split(",") if it.startswith(SERVER)]
    wrong = {**left, "AGW_CONNECT_TO": f"{SERVER}:443=127.0.0.1:9"}
    ran = await here(wrong, "plan", "agw-test", "--json", "--connect-to", mapped[0])
    assert checked(ran)["option"] == "upload_ilb_certificate"
