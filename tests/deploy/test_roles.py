"""The two roles: what the first one has changes nothing, and the second one reads nothing."""

import json
import re

import pytest

from tests.deploy.facts import DEPLOY, role
from tests.tooling.tree import ROOT

CHANGING = ("/write", "/join/action", "/assign/action", "/delete")


def test_the_reader_changes_nothing_and_the_writer_does_nothing_else() -> None:
    assert role("reader")
    assert not [it for it in role("reader") if it.endswith(CHANGING)]
    assert role("writer")
    assert [it for it in role("writer") if not it.endswith(CHANGING)] == []


@pytest.mark.parametrize("name", ["reader", "writer"])
def test_it_is_a_role_as_the_azure_cli_reads_it(name: str) -> None:
    """https://learn.microsoft.com/azure/role-based-access-control/custom-roles-cli"""
    read = json.loads((DEPLOY / "roles" / f"{name}.json").read_text())
    assert read.keys() == {"Name", "Description", "Actions", "AssignableScopes"}
    install = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    assert f"--role-definition @deploy/roles/{name}.json" in install
    assert f'--role "{read["Name"]}"' in install


def test_each_operation_is_explained() -> None:
    """In the order of the files; the page leaves out what all names of operations begin with."""
    text = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
    table = text.partition("| permission |")[2].partition("\n\n")[0]
    explained = re.findall(r"^\| (`.*?`) \|", table, re.MULTILINE)
    named = [it for cell in explained for it in re.findall("`(.+?)`", cell)]
    operations = [*role("reader"), *role("writer")]
    assert [it.split("/", 1)[1] for it in operations] == named
