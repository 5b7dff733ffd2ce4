"""manifest.yml asks Slack for exactly what the code uses, and has the form that Slack wants."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import handlers
from handlers import ids, parse
from handlers.blocks import help as helps
from tests.handlers.bench import open_bench

ROOT = Path(handlers.__file__).parents[1]
SCHEMA = ROOT.parent / "shared" / "reference" / "manifest.schema.2.0.0.json"

CALLERS = ("slack.py", "directory.py")
# The scope that each use of the platform needs (docs.slack.dev/reference/methods, .../events).
SCOPE_OF_METHOD: dict[str, str | tuple[str, ...] | None] = {
    "auth_test": None,
    # The scope for a public channel; a private one needs groups:history, which the events need too.
    "conversations_history": "channels:history",
    "conversations_replies": "channels:history",
    # For a private channel it is groups:read.
    "conversations_info": ("channels:read", "groups:read"),
    "auth_teams_list": None,
    "chat_postMessage": "chat:write",
    "chat_postEphemeral": "chat:write",
    "chat_update": "chat:write",
    "chat_getPermalink": None,
    "files_info": "files:read",
    "files_upload_v2": "files:write",
    "usergroups_users_list": "usergroups:read",
    "users_info": "users:read",
    "views_open": None,
    "views_publish": None,
    "views_update": None,
}
SCOPE_OF_EVENT = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "app_home_opened": None,
}
LISTENED = {
    "app_mention": "app_mention",
    "message.channels": "message",
    "message.groups": "message",
    "message.im": "message",
    "app_home_opened": "app_home_opened",
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    made: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text("utf-8"))
    return made


class Registered:
    """Stands where Bolt's app stands and writes down what is registered."""

    def __init__(self) -> None:
        self.seen: dict[str, list[Any]] = {}

    def __getattr__(self, kind: str) -> Any:
        def register(wanted: Any) -> Any:
            self.seen.setdefault(kind, []).append(wanted)
            return lambda listener: listener

        return register


@pytest.fixture
async def registered(tmp_path: Path) -> dict[str, list[Any]]:
    notes = Registered()
    async with open_bench(tmp_path) as bench:
        handlers.register(notes, bench.shell)  # type: ignore[arg-type]
    return notes.seen


def methods_used() -> set[str]:
    """Every Web API method that the shell names; only two files talk to Slack."""
    sources = ((ROOT / "handlers" / it).read_text("utf-8") for it in CALLERS)
    return {
        it
        for text in sources
        for it in re.findall(r"self\._(?:client|posting|bare)\.(\w+)\(", text)
    }


def test_it_has_the_form_that_slack_publishes(manifest: dict[str, Any]) -> None:
    if not SCHEMA.exists():
        pytest.skip("Slack's published manifest schema is not here")
    jsonschema.validate(manifest, json.loads(SCHEMA.read_text("utf-8")))


def test_the_scopes_are_those_that_are_used_and_no_other(manifest: dict[str, Any]) -> None:
    wanted = (SCOPE_OF_METHOD[it] for it in methods_used())
    methods = {scope for it in wanted for scope in (it if isinstance(it, tuple) else (it,))} - {
        None
    }
    events = {
        SCOPE_OF_EVENT[it] for it in manifest["settings"]["event_subscriptions"]["bot_events"]
    } - {None}
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == methods | events | {"commands"}


def test_only_two_files_call_the_web_api() -> None:
    families = "auth|chat|conversations|files|users|usergroups|views"
    for file in (ROOT / "handlers").rglob("*.py"):
        if file.name not in CALLERS:
            assert not re.search(rf"\.({families})_\w+\(", file.read_text()), file


def test_commands_shortcuts_and_events_are_listened_to(
    manifest: dict[str, Any], registered: dict[str, list[Any]]
) -> None:
    features = manifest["features"]
    assert [it["command"] for it in features["slash_commands"]] == registered["command"]
    assert [it["callback_id"] for it in features["shortcuts"]] == registered["shortcut"]
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    assert {LISTENED[it] for it in events} == set(registered["event"])
    assert manifest["settings"]["interactivity"]["is_enabled"] is bool(registered["action"])


def test_somebody_may_write_to_it_directly(manifest: dict[str, Any]) -> None:
    home = manifest["features"]["app_home"]
    assert home["messages_tab_enabled"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_read_only_enabled"] is False
    assert "message.im" in manifest["settings"]["event_subscriptions"]["bot_events"]


def test_every_action_has_a_listener_before_the_one_for_unknown_ones(
    registered: dict[str, list[Any]],
) -> None:
    *known, last = registered["action"]
    assert last == ids.ANYTHING
    named = {
        value for name, value in vars(ids).items() if name.isupper() and isinstance(value, str)
    }
    others = {ids.COMMAND, ids.DIAGNOSE_SHORTCUT, ids.APPROVE_PREFIX, ids.APPROVE_VIEW, ids.REASON}
    buttons = named - others - {ids.CER_FILE, ids.CER_TEXT}
    assert registered["view"] == [ids.APPROVE_VIEW, ids.HAND_IN_VIEW, ids.ANYTHING]
    assert {it for it in known if isinstance(it, str)} == buttons
    assert ids.APPROVE in known
    assert ids.APPROVE.match(ids.approve("upload_ilb_certificate"))


def test_the_hint_and_the_help_name_every_verb(manifest: dict[str, Any]) -> None:
    hint = manifest["features"]["slash_commands"][0]["usage_hint"]
    assert set(re.findall(r"[a-z]+", hint)) - {"gateway"} == set(parse.VERBS)
    said = json.dumps(helps.help_text(()).blocks)
    assert all(f"/agw {verb}" in said for verb in parse.VERBS if verb != "help")
