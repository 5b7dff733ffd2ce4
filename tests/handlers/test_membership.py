"""Who belongs to where the app is installed: a workspace, a workspace in an org, or the org. When in doubt, nobody."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.arm.document import Json
from bot.lab.slack import Grid, SlackWorkspace
from handlers.membership import Home, Installation, belongs, home_of, is_of
from handlers.people import OUTSIDER
from tests.handlers.bench import ADA, APPROVE, BEN, IMPATIENT, INCIDENTS, buttons, open_bench, shown

ALONE = Installation("T1")
IN_ORG = Installation("T1", "E1")
ORG = Installation("E1", "E1", org_wide=True, workspaces=frozenset({"T1", "T2"}))


@pytest.mark.parametrize(
    ("installation", "home", "ours"),
    [
        (ALONE, Home("U1", "T1"), True),
        (ALONE, Home("U1", "T2"), False),
        (ALONE, Home("U9", "T2", "E1"), False),
        (ALONE, None, False),
        (IN_ORG, Home("U1", "T1"), True),
        (IN_ORG, Home("U1", "T2"), False),
        (IN_ORG, Home("U1", "T2", "E1"), False),
        (IN_ORG, Home("U1", "E1"), False),
        # An approver by id, of the same org as Slack says.
        (IN_ORG, Home("W9", "T2", "E1"), True),
        (IN_ORG, Home("W9", "E1"), True),
        (IN_ORG, Home("W9", "T2"), False),
        (IN_ORG, Home("W9", "T2", "E2"), False),
        (ORG, Home("U1", "T1"), True),
        (ORG, Home("U1", "T2"), True),
        (ORG, Home("U1", "E1"), True),
        (ORG, Home("U1", "E2"), False),
        # In the org, but in a workspace that the app is not approved for, or that is not in it at all.
        (ORG, Home("U1", "T3", "E1"), False),
        (ORG, Home("W9", "T3"), False),
        (ORG, None, False),
    ],
)
def test_who_belongs(installation: Installation, home: Home | None, ours: bool) -> None:
    assert belongs(home, installation, ("W9", "S1")) is ours


@pytest.mark.parametrize(
    ("body", "home"),
    [
        ({"event": {"user": "U1", "user_team": "E1", "team": "T1"}}, Home("U1", "E1")),
        ({"event": {"user": "U1", "team": "T1"}}, Home("U1", "T1")),
        ({"event": {"bot_id": "B1"}, "team_id": "T1"}, Home("B1", "T1")),
        ({"event": {"user": "U1"}}, None),
        # Nobody knows whose: the channel is shared with another company.
        ({"event": {"user": "U1"}, "team_id": "T1", "is_ext_shared_channel": True}, None),
        (
            {"event": {"user": "U1", "team": "T1"}, "team_id": "T1", "is_ext_shared_channel": True},
            Home("U1", "T1"),
        ),
        ({"user": {"id": "U1", "team_id": "T1"}, "team": None}, Home("U1", "T1")),
        (
            {"user": {"id": "U1", "team_id": "T2"}, "team": {"id": "T2", "enterprise_id": "E1"}},
            Home("U1", "T2", "E1"),
        ),
        # The org of the channel's workspace is not that of the person's.
        (
            {"user": {"id": "U1", "team_id": "T2"}, "team": {"id": "T1", "enterprise_id": "E1"}},
            Home("U1", "T2"),
        ),
        ({"user": {"id": "U1"}, "team": {"id": "T1"}, "type": "block_actions"}, None),
        ({"user": {"id": "U1"}, "team": {"id": "T1"}, "type": "message_action"}, Home("U1", "T1")),
        ({"user_id": "U1", "team_id": "T1", "enterprise_id": "E1"}, Home("U1", "T1", "E1")),
        ({"user_id": "U1", "team_id": 7}, None),
        ({}, None),
    ],
)
def test_where_somebody_comes_from(body: Json, home: Home | None) -> None:
    assert home_of(body) == home


@pytest.mark.parametrize(
    ("installation", "shown", "ours"),
    [
        (ALONE, {"team_id": "T1"}, True),
        (ALONE, {"team_id": "T2"}, False),
        (ALONE, {"team_id": "T2", "enterprise_user": {"enterprise_id": None}}, False),
        (ALONE, {}, False),
        (IN_ORG, {"team_id": "T1"}, True),
        (IN_ORG, {"team_id": "T2", "enterprise_user": {"enterprise_id": "E1"}}, True),
        (IN_ORG, {"team_id": "T2", "enterprise_user": {"enterprise_id": "E2"}}, False),
        (IN_ORG, {"team_id": "T2", "enterprise_user": "E1"}, False),
        (ORG, {"team_id": "T2"}, True),
        (ORG, {"team_id": "E1"}, True),
        (ORG, {"team_id": "T3"}, False),
    ],
)
def test_whose_slack_says_somebody_is(installation: Installation, shown: Json, ours: bool) -> None:
    assert is_of(shown, installation) is ours


def org(**settings: Any) -> Any:
    return SlackWorkspace.open(limits=IMPATIENT, grid=Grid(**settings))


async def test_an_org_wide_app_serves_all_its_workspaces_and_finds_the_approvers_group(
    tmp_path: Path,
) -> None:
    homes = {ADA: "T0SHOP", BEN: "T0ELSEWHERE"}
    wide = org(org_wide=True, workspaces=("T0LAB", "T0SHOP"), homes=homes)
    async with wide as slack, open_bench(tmp_path, slack=slack) as bench:
        await bench.slack.post(BEN, INCIDENTS, "502 from gateway agw-test")
        card = await bench.report(person=ADA)
        assert len(bench.cards()) == 1
        await bench.click(card, APPROVE, BEN)
        await bench.told(BEN, OUTSIDER)
        healed = await bench.approve(card, ADA)
        assert "healthy again" in healed["text"]
        asked = [it for it in slack.calls if it.method == "usergroups.users.list"]
        # The person's workspace is asked first; the group is of another, which the modal's submission knows.
        assert [it.arguments["team_id"] for it in asked] == ["T0SHOP", "T0LAB", "T0LAB"]


async def test_an_app_of_one_workspace_hears_from_its_org_only_named_approvers(
    tmp_path: Path,
) -> None:
    narrow = org(homes={ADA: "T0SHOP", BEN: "T0SHOP"})
    async with narrow as slack, open_bench(tmp_path, slack=slack, approvers=(ADA,)) as bench:
        await bench.slack.command(BEN, INCIDENTS, "/agw diagnose agw-test")
        await bench.told(BEN, OUTSIDER)
        await bench.slack.command(ADA, INCIDENTS, "/agw diagnose agw-test")
        card = await bench.card(lambda it: APPROVE in buttons(it))
        await bench.press(card, APPROVE, BEN)
        assert "healthy again" in (await bench.approve(card, ADA))["text"]


async def test_if_slack_does_not_say_which_workspaces_there_are_nobody_is_let_in(
    tmp_path: Path,
) -> None:
    async with org(org_wide=True) as slack, open_bench(tmp_path, slack=slack) as bench:
        slack.faults.fail("auth.teams.list", "fatal_error", times=1)
        await bench.slack.command(ADA, INCIDENTS, "/agw help")
        await bench.told(ADA, OUTSIDER)
        await bench.slack.command(ADA, INCIDENTS, "/agw help")
        said = await bench.told(ADA, "/agw diagnose agw-prod")
        assert OUTSIDER not in shown(said)
