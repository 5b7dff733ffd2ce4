"""Bicep and Terraform for Container Apps: real parsers read them, and everything that they refer to is declared."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import hcl2
import pytest
import tree_sitter_bicep
from tree_sitter import Language, Node, Parser

from tests.deploy.facts import DEPLOY, is_answered, is_known

FOLDER = DEPLOY / "container-apps"
BICEP = sorted(FOLDER.glob("*.bicep"))
TERRAFORM = (FOLDER / "main.tf").read_text()
PARSER = Parser(Language(tree_sitter_bicep.language()))
DECLARATIONS = {
    "parameter_declaration",
    "variable_declaration",
    "resource_declaration",
    "module_declaration",
}
OPERATION = re.compile(r"""["'](Microsoft\.[\w./]+/(?:read|write|action))["']""")


def every(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from every(child)


def text_of(node: Node) -> str:
    return (node.text or b"").decode()


def tree(text: str) -> Node:
    root = PARSER.parse(text.encode()).root_node
    assert not root.has_error
    return root


def declared(root: Node) -> set[str]:
    return {
        text_of(next(it for it in node.named_children if it.type == "identifier"))
        for node in every(root)
        if node.type in DECLARATIONS
    }


def used(root: Node) -> set[str]:
    """Every name that stands for something declared: no function, no property, no key."""
    return {text_of(node) for node in every(root) if node.type == "identifier" and _is_use(node)}


def _is_use(node: Node) -> bool:
    parent = node.parent
    if parent is None or parent.type in DECLARATIONS | {"output_declaration", "type"}:
        return False
    if parent.type in ("object_property", "call_expression"):
        return parent.named_children[0] != node
    return parent.type != "member_expression" or parent.named_children[0] == node


@pytest.mark.parametrize("path", BICEP, ids=lambda it: it.name)
def test_every_name_in_bicep_is_declared(path: Path) -> None:
    root = tree(path.read_text())
    assert len(declared(root)) > 1
    assert used(root) <= declared(root)
    assert declared(root) - used(root) <= {
        "assignment",
        "bot",
        "writerRole",
    }  # what nothing else needs


def test_an_undeclared_name_would_be_seen() -> None:
    text = (
        (FOLDER / "main.bicep").read_text().replace("param subnetId string", "param other string")
    )
    root = tree(text)
    assert used(root) - declared(root) == {"subnetId"}


def test_modules_exist_and_get_their_parameters() -> None:
    main = (FOLDER / "main.bicep").read_text()
    names = re.findall(r"^module \w+ '([^']+)'", main, re.MULTILINE)
    gives = re.findall(r"params: \{(.*?)\n  \}", main, re.DOTALL)
    assert len(names) == 2
    for name, given in zip(names, gives, strict=True):
        wanted = set(re.findall(r"^param (\w+)", (FOLDER / name).read_text(), re.MULTILINE))
        assert set(re.findall(r"^\s+(\w+):", given, re.MULTILINE)) == wanted


def test_every_name_in_terraform_is_declared() -> None:
    read = hcl2.loads(TERRAFORM)
    variables = {name.strip('"') for it in read["variable"] for name in it}
    kinds = {
        f"{prefix}{kind}.{name}".replace('"', "")
        for block, prefix in (("resource", ""), ("data", "data."))
        for it in read[block]
        for kind, named in it.items()
        for name in named
    }
    assert set(re.findall(r"\bvar\.(\w+)", TERRAFORM)) == variables
    named = set(re.findall(r"(?<![\w.])((?:data\.)?azurerm_\w+\.\w+)", TERRAFORM))
    assert named
    assert named <= kinds
    local = {name for it in read["locals"] for name in it if not name.startswith("__")}
    assert set(re.findall(r"\blocal\.(\w+)", TERRAFORM)) == local


@pytest.mark.skipif(not shutil.which("terraform"), reason="terraform is not installed")
def test_terraform_is_formatted() -> None:
    ran = subprocess.run(
        ["terraform", "fmt", "-check", FOLDER], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout) == (0, "")


@pytest.mark.parametrize(
    "text", [(FOLDER / "main.bicep").read_text(), TERRAFORM], ids=["bicep", "terraform"]
)
def test_the_roles_are_the_files(text: str) -> None:
    assert re.findall(r"/\.\./roles/(\w+\.json)", text.replace("('..", "('/..")) == [
        "reader.json",
        "writer.json",
    ]
    assert OPERATION.findall(text) == []


@pytest.mark.parametrize(
    "text", [(FOLDER / "main.bicep").read_text(), TERRAFORM], ids=["bicep", "terraform"]
)
def test_settings_and_probes_exist(text: str) -> None:
    names = re.findall(r"\b((?:AGW|SLACK|AZURE)_[A-Z_]+)\b", text)
    assert len(set(names)) == 10
    assert all(map(is_known, names))
    paths = re.findall(r"""path\s*[:=] ["'](/\w+)["']""", text)
    assert len(paths) == 2
    assert all(map(is_answered, paths))
