"""The two roles: what the first one has changes nothing, and the second one reads nothing."""

import json

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
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"--role-definition @deploy/roles/{name}.json" in readme
    assert f'--role "{read["Name"]}"' in readme
