"""`agw check`: one line for each check, independent of the others, with the fix."""

import re
import shutil
import socket
import sqlite3
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import certifi
import pytest
import yaml

from bot.core.changes.audit import AuditEntry
from bot.lab.azure import Blind, Down, Fault, Refuse, forbidden
from bot.lab.azure.errors import ArmError
from bot.lab.azure.faults import BACKEND_HEALTH, PERMISSIONS, READ, WRITE
from bot.lab.scenario import Scenario
from bot.lab.scenarios import scenario
from bot.lab.slack import ALL_SCOPES, SlackWorkspace
from bot.lab.slack.grid import Grid
from bot.lab.world import World, open_world
from bot.store import SqliteStore
from bot.store.announcing import LARGE
from handlers.scopes import SCOPES, missing_scopes, without
from tests import postgresql
from tests.children import ROOT
from tests.cli.conftest import Here
from tests.cli.running import Ran, agw
from tests.cli.syslog_servers import stream
from tests.core.make import ID, NOW
from tests.deploy.facts import role
from tests.eventloop import in_real_time
from tests.probe.names import naming
from tests.probe.reading import watch_reading
from tests.store.make import change
from tests.store.previous import Previous

EVERYTHING = (
    "settings",
    "Slack bot token",
    "Slack scopes",
    "Slack reach",
    "Slack connection",
    "approvers",
    "channels",
    "database",
    "audit log",
    "public roots",
    "DNS",
    "Azure sign-in",
    "gateways",
    "backend health",
    "changing",
    "a backend",
)


def lines(ran: Ran) -> Mapping[str, tuple[str, str]]:
    """What was looked at -> the word at the front, and the rest of the line."""
    found = re.findall(r"^(ok|FIX|skip) +(.{18})(.*)$", ran.out, re.MULTILINE)
    return {what.strip(): (word, said) for word, what, said in found}


def words(ran: Ran) -> dict[str, str]:
    return {what: word for what, (word, _) in lines(ran).items()}


def only_this(ran: Ran, what: str, *texts: str) -> None:
    """This is the only thing to fix, and the line says so."""
    assert ran.code == 2
    assert ran.err == ""
    assert [it for it, word in words(ran).items() if word == "FIX"] == [what], ran.out
    for text in texts:
        assert text in lines(ran)[what][1]
    assert ran.out.endswith("1 thing to fix.\n")


async def test_everything_is_in_place(world: World) -> None:
    ran = await agw(world.environment, "check")
    assert words(ran) == dict.fromkeys(EVERYTHING, "ok"), ran.out
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("Everything is in place.\n")


async def test_nothing_is_said_in_slack_and_nothing_is_changed(world: World, here: Here) -> None:
    await here(world.environment, "check")
    called = {it.method for it in world.slack.calls}
    assert called == {
        "auth.test",
        "apps.connections.open",
        "usergroups.users.list",
        "conversations.info",
    }
    assert {it.method for it in world.azure.requests} <= {"GET", "POST"}


async def test_no_certificate_is_read_on_the_event_loop(
    world: World, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = watch_reading(monkeypatch)
    await here(world.environment, "check")
    assert seen
    assert not any(seen)


async def test_every_wrong_variable_is_named_at_once(here: Here) -> None:
    bad = {"AGW_READ_ONLY": "perhaps", "AGW_LISTEN": "here", "SLACK_APP_TOKEN": "xoxb-secret"}
    ran = await here(bad, "check")
    assert ran.code == 2
    assert all(name in ran.out for name in bad)
    assert "secret" not in ran.out
    assert ran.out.endswith("3 things to fix.\n")


async def test_a_bot_token_that_slack_does_not_take(world: World, here: Here) -> None:
    ran = await here({**world.environment, "SLACK_BOT_TOKEN": "xoxb-wrong"}, "check")
    only_this(ran, "Slack bot token", "invalid_auth", "xoxb-...")
    assert words(ran)["Slack scopes"] == "skip"
    assert "xoxb-wrong" not in ran.out


async def test_no_bot_token(world: World, here: Here) -> None:
    ran = await here({**world.environment, "SLACK_BOT_TOKEN": ""}, "check")
    only_this(ran, "Slack bot token", "SLACK_BOT_TOKEN is not set")


async def test_a_scope_is_missing(world: World, here: Here) -> None:
    granted = tuple(it for it in ALL_SCOPES if it != "files:write")
    async with SlackWorkspace.open(scopes=granted) as slack:
        ran = await here({**world.environment, **settings_of(slack)}, "check")
        only_this(ran, "Slack scopes", "files:write", "reinstall it", "diagnoses and changes work")


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        (Grid(org_wide=False), "only approvers who are named by their own id"),
        (Grid(org_wide=True), "the Enterprise org"),
    ],
)
async def test_in_an_org_it_says_who_is_heard(
    grid: Grid, said: str, world: World, here: Here
) -> None:
    async with SlackWorkspace.open(grid=grid) as slack:
        ran = await here({**world.environment, **settings_of(slack)}, "check")
        word, told = lines(ran)["Slack reach"]
        assert word == "ok"
        assert said in told
        assert ("org_deploy_enabled" in told) is not grid.org_wide


def settings_of(slack: SlackWorkspace) -> dict[str, str]:
    return {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
    }


def test_the_scopes_are_those_of_the_manifest() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
    assert sorted(SCOPES) == sorted(manifest["oauth_config"]["scopes"]["bot"])
    assert missing_scopes(",".join(SCOPES)) == ()
    assert missing_scopes("") == tuple(SCOPES)


@pytest.mark.parametrize("scope", SCOPES)
def test_of_each_scope_it_is_known_what_goes_without_it_and_what_does_not(scope: str) -> None:
    said = without([scope])
    assert said.startswith(f"Without {scope}, ")
    lost, _, kept = said.partition("; ")
    assert lost
    assert kept.endswith(".")


async def test_an_app_token_that_slack_does_not_take(world: World, here: Here) -> None:
    ran = await here({**world.environment, "SLACK_APP_TOKEN": "xapp-wrong"}, "check")
    only_this(ran, "Slack connection", "SLACK_APP_TOKEN", "connections:write")


async def test_http_mode_needs_no_app_token(world: World, here: Here) -> None:
    over_http = {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": world.slack.signing_secret}
    ran = await here({**world.environment, **over_http}, "check")
    assert ran.code == 0
    assert "127.0.0.1:3000/slack/events" in lines(ran)["Slack connection"][1]


async def test_nothing_can_reach_the_bot(world: World, here: Here) -> None:
    ran = await here({**world.environment, "SLACK_APP_TOKEN": ""}, "check")
    only_this(ran, "Slack connection", "SLACK_SIGNING_SECRET")


async def test_slack_is_away(world: World, here: Here) -> None:
    ran = await here({**world.environment, "SLACK_API_URL": "http://127.0.0.1:9/api/"}, "check")
    assert ran.code == 2
    assert words(ran)["Slack bot token"] == words(ran)["Slack connection"] == "FIX"
    assert words(ran)["gateways"] == words(ran)["database"] == "ok"


async def test_an_answer_that_is_not_slacks(world: World, here: Here) -> None:
    world.slack.faults.fail_with_status("auth.test", 503, times=9)
    ran = await here(world.environment, "check")
    only_this(ran, "Slack bot token")


async def test_nobody_may_approve(world: World, here: Here) -> None:
    ran = await here({**world.environment, "AGW_APPROVERS": ""}, "check")
    only_this(ran, "approvers", "AGW_APPROVERS is not set")
    ran = await here({**world.environment, "AGW_APPROVERS": "", "AGW_READ_ONLY": "1"}, "check")
    assert (ran.code, words(ran)["approvers"]) == (0, "skip")


async def test_an_approver_group_that_is_not_there(world: World, here: Here) -> None:
    ran = await here({**world.environment, "AGW_APPROVERS": "U0ADA,S0GONE"}, "check")
    only_this(ran, "approvers", "S0GONE", "no_such_subteam", "AGW_APPROVERS")


async def test_azure_is_away(world: World, here: Here) -> None:
    world.azure.set_fault(Fault(Down()))
    ran = await here(world.environment, "check")
    only_this(ran, "Azure sign-in", "Azure")
    assert words(ran)["gateways"] == words(ran)["a backend"] == "skip"


async def test_the_token_is_not_taken(world: World, here: Here) -> None:
    refusal = ArmError(401, "InvalidAuthenticationToken", "The access token is invalid.")
    world.azure.set_fault(Fault(Refuse(refusal)))
    only_this(await here(world.environment, "check"), "Azure sign-in", "AZURE_*")


async def test_gateways_that_may_not_be_read(world: World, here: Here) -> None:
    world.azure.set_fault(forbidden(READ))
    ran = await here(world.environment, "check")
    only_this(ran, "gateways", "Microsoft.Network/applicationGateways/read")
    assert words(ran)["Azure sign-in"] == "ok"


async def test_one_subscription_that_cannot_be_read(world: World, here: Here) -> None:
    own = str(world.scenario.gateways[0]["id"]).split("/")[2]
    both = f"{own},11111111-2222-3333-4444-555555555555"
    ran = await here({**world.environment, "AGW_SUBSCRIPTIONS": both}, "check")
    only_this(ran, "gateways", "2 seen", "11111111-2222-3333-4444-555555555555")
    assert words(ran)["backend health"] == "ok"


async def test_backend_health_that_may_not_be_asked_for(world: World, here: Here) -> None:
    world.azure.set_fault(forbidden(BACKEND_HEALTH))
    only_this(await here(world.environment, "check"), "backend health", "backendhealth/action")


async def test_an_unknown_health_is_an_answer(world: World, here: Here) -> None:
    world.azure.set_fault(Fault(Blind()))
    assert (await here(world.environment, "check")).code == 0


async def test_a_backend_that_cannot_be_reached(world: World, here: Here) -> None:
    away = {**world.environment, "AGW_CONNECT_TO": "10.1.5.11:443=127.0.0.1:9"}
    only_this(await here(away, "check"), "a backend", "10.1.5.11:443", "AGW_CONNECT_TO")


async def test_which_resolver_is_asked(world: World, here: Here) -> None:
    ran = await here({**world.environment, "AGW_DNS_SERVERS": ""}, "check")
    assert lines(ran)["DNS"] == (
        "ok",
        "backends' names are looked up with this machine's resolver.",
    )
    async with naming({}) as one, naming({}) as other:
        both = f"127.0.0.1:{one.port},127.0.0.1:{other.port}"
        ran = await here({**world.environment, "AGW_DNS_SERVERS": both}, "check")
        assert one.asked
        assert other.asked
    told = f"{both.replace(',', ', ')} answered; backends' names are looked up there."
    assert lines(ran)["DNS"] == ("ok", told)


async def test_a_dns_server_that_does_not_answer(world: World, here: Here) -> None:
    async with naming({}) as one, naming({"management.azure.com A": "REFUSED"}) as other:
        both = f"127.0.0.1:{one.port},127.0.0.1:{other.port}"
        ran = await here({**world.environment, "AGW_DNS_SERVERS": both}, "check")
    only_this(ran, "DNS", f"127.0.0.1:{other.port} does not answer", "REFUSED", "AGW_DNS_SERVERS")


async def test_a_dns_server_that_may_not_be_asked(world: World, here: Here) -> None:
    ran = await here({**world.environment, "AGW_DNS_SERVERS": "10.9.0.5"}, "check")
    only_this(ran, "DNS", "10.9.0.5 is not a loopback address")


async def test_additional_public_roots_that_cannot_be_read(
    world: World, here: Here, tmp_path: Path
) -> None:
    file = tmp_path / "roots.pem"
    settings = {**world.environment, "AGW_PUBLIC_CA_FILE": str(file)}
    ran = await here(settings, "check")
    (line,) = (it for it in ran.out.splitlines() if "public roots  " in it)
    assert line.startswith("FIX")
    assert str(file) in line
    assert ran.code == 2
    shutil.copy(certifi.where(), file)
    ran = await here(settings, "check")
    assert (ran.code, f"the certificates of {file} count" in ran.out) == (0, True), ran.out


async def test_a_locked_database(world: World, here: Here, tmp_path: Path) -> None:
    database = tmp_path / "agw.db"
    settings = {**world.environment, "AGW_DATABASE_URL": f"sqlite:///{database}"}
    assert (await here(settings, "check")).code == 0
    other = sqlite3.connect(database, isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        only_this(await here(settings, "check"), "database", str(database), "locked")
    finally:
        other.close()


async def test_a_large_database_of_the_version_before_is_migrated_and_that_is_said(
    world: World, here: Here, tmp_path: Path
) -> None:
    database = tmp_path / "agw.db"
    with closing(Previous(database)) as previous:
        previous.add(change(shown="x" * LARGE))
    settings = {**world.environment, "AGW_DATABASE_URL": f"sqlite:///{database}"}
    ran = await here(settings, "check")
    assert ran.code == 0
    assert ran.err.count("\n") == 1
    assert ran.err.startswith(f"agw: The database file {database} (20 MB) is brought to")
    assert "There has been no change" not in lines(ran)["database"][1]
    again = await here(settings, "check")
    assert (again.code, again.err) == (0, "")


async def test_a_database_without_a_history_is_called_that(world: World, here: Here) -> None:
    ran = await here(world.environment, "check")
    assert lines(ran)["database"][1].endswith("There has been no change so far.")


async def test_a_server_that_is_away(world: World, here: Here) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    url = f"postgresql://agw:the-password@127.0.0.1:{port}/agw"
    ran = await here({**world.environment, "AGW_DATABASE_URL": url}, "check")
    only_this(ran, "database", "refuses connections")
    assert "the-password" not in ran.out
    assert str(port) not in ran.out


async def test_a_server_that_answers(world: World, here: Here) -> None:
    with in_real_time():
        url = await postgresql.emptied()
        ran = await here({**world.environment, "AGW_DATABASE_URL": url}, "check")
    assert lines(ran)["database"][0] == "ok"
    assert "for several replicas; changes under way: 0, messages" in lines(ran)["database"][1]


async def lacking(here: Here, *actions: str, **settings: str) -> Ran:
    """The checks in a world whose bot may not do these things."""
    quiet = scenario("healthy-http")
    denied = replace(quiet, options=replace(quiet.options, denied=actions))
    async with open_world(denied) as world:
        return await here({**world.environment, **settings}, "check")


async def test_what_a_change_would_lack_is_named(here: Here) -> None:
    write = "Microsoft.Network/applicationGateways/write"
    only_this(await lacking(here, write), "changing", "not allowed on", write)
    join = "Microsoft.Network/virtualNetworks/subnets/join/action"
    only_this(await lacking(here, "Microsoft.Network/virtualNetworks/*"), "changing", join)


async def test_a_bot_that_only_diagnoses_needs_no_permission_to_change(here: Here) -> None:
    ran = await lacking(here, "*/write", AGW_READ_ONLY="1")
    assert ran.code == 0, ran.out
    assert words(ran)["changing"] == "skip"


async def test_permissions_that_cannot_be_looked_up_are_not_called_right(
    world: World, here: Here
) -> None:
    world.azure.set_fault(forbidden(PERMISSIONS))
    ran = await here(world.environment, "check")
    word, said = lines(ran)["changing"]
    assert (ran.code, word) == (0, "skip"), ran.out
    assert "cannot be looked up" in said


async def test_the_head_of_the_audit_log_is_told(world: World, here: Here) -> None:
    store = await SqliteStore.open(world.environment["AGW_DATABASE_URL"])
    await store.audit(AuditEntry(NOW, "approved", ID))
    head = await store.audit_head()
    await store.close()
    assert head is not None
    word, said = lines(await here(world.environment, "check"))["audit log"]
    assert (word, said) == ("ok", f"its head is line 1 of 2026-11-23 03:00:00 UTC, {head.hash}.")


async def test_a_syslog_server_that_is_there_or_not(world: World, here: Here) -> None:
    async with stream() as received:
        settings = {**world.environment, "AGW_AUDIT_SYSLOG": f"tcp://127.0.0.1:{received.port}"}
        assert lines(await here(settings, "check"))["syslog"][0] == "ok"
    only_this(await here(settings, "check"), "syslog", "Connection refused", "AGW_AUDIT_SYSLOG")
    settings["AGW_AUDIT_SYSLOG"] = f"udp://127.0.0.1:{received.port}"
    word, said = lines(await here(settings, "check"))["syslog"]
    assert (word, "look for them on the server" in said) == ("ok", True)


def with_two(**roles: tuple[str, ...]) -> Scenario:
    """Microsoft's incident on v1, in an Azure where each identity may do this much."""
    incident = scenario("ilb-ase")
    identities = {
        "lab": ("*/read", "*/backendhealth/action", *roles.get("reader", ())),
        "lab-writer": (*role("writer"), PERMISSIONS, *roles.get("writer", ())),
    }
    return replace(incident, options=replace(incident.options, identities=identities))


TWO = {"AGW_WRITER_CLIENT_ID": "22222222-2222-2222-2222-222222222222"}


async def test_of_two_identities_each_is_told(here: Here) -> None:
    async with open_world(with_two()) as world:
        ran = await here({**world.environment, **TWO}, "check")
    assert ran.code == 0, ran.out
    assert lines(ran)["reading identity"] == ("ok", "may not change agw-test.")
    word, said = lines(ran)["changing"]
    assert (word, "by the identity of AGW_WRITER_CLIENT_ID" in said) == ("ok", True)


async def test_a_reader_that_may_write_as_well_protects_nothing(here: Here) -> None:
    async with open_world(with_two(reader=("Microsoft.Network/*",))) as world:
        ran = await here({**world.environment, **TWO}, "check")
    only_this(ran, "reading identity", "may change agw-test as well", "out of its role")


async def test_a_writer_that_lacks_something_is_named(here: Here) -> None:
    missing = with_two()
    identities = {**missing.options.identities, "lab-writer": (PERMISSIONS, WRITE)}
    options = replace(missing.options, identities=identities)
    async with open_world(replace(missing, options=options)) as world:
        ran = await here({**world.environment, **TWO}, "check")
    only_this(ran, "changing", "AGW_WRITER_CLIENT_ID lacks", "subnets/join/action")


async def test_traces_that_cannot_be_had_are_told(
    world: World, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {**world.environment, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}
    assert lines(await here(asked, "check"))["traces"][0] == "ok"
    monkeypatch.setitem(sys.modules, "bot.cli.traces", None)
    only_this(await here(asked, "check"), "traces", "the extra otel is not installed")


async def test_the_channels_of_the_settings_are_looked_up(world: World, here: Here) -> None:
    ran = await here({**world.environment, "AGW_APPROVAL_CHANNEL": "C0GENERAL"}, "check")
    assert lines(ran)["channels"] == ("ok", "#incidents, #general.")
    ran = await here({**world.environment, "AGW_APPROVAL_CHANNEL": "C0GONE"}, "check")
    only_this(ran, "channels", "AGW_APPROVAL_CHANNEL", "sees no channel C0GONE")


async def test_a_channel_that_the_bot_is_not_in(world: World, here: Here) -> None:
    world.slack.leave("C0INCIDENTS", "U0AGW")
    ran = await here(world.environment, "check")
    only_this(ran, "channels", "AGW_REPORT_CHANNELS", "the bot is not in #incidents")
