"""The table of what v1 and v2 do differently: complete, no row idle, each with its source."""

import ast
import inspect
import re
from dataclasses import fields

import pytest

from bot.core.arm.gateway_reader import read_gateway
from bot.core.model import generation
from bot.core.model.generation import TRAITS, V1, V2, Generation, Traits, generation_of
from tests.core.make import document

NAMES = [it.name for it in fields(Traits)]


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        ("Standard", "v1"),
        ("waf", "v1"),
        ("Standard_v2", "v2"),
        ("WAF_v2", "v2"),
        ("Basic", "v2"),
        ("Basic_v2", "v2"),
        ("basic_waf_v2", "v2"),
        ("what comes next", "v2"),
    ],
)
def test_the_tier_says_which_generation_it_is(tier: str, expected: Generation) -> None:
    assert generation_of(tier) == expected
    gateway = read_gateway(document(tier=tier), {})
    assert (gateway.generation, gateway.traits) == (expected, TRAITS[expected])


@pytest.mark.parametrize("name", NAMES)
def test_every_trait_tells_the_generations_apart(name: str) -> None:
    assert getattr(V1, name) != getattr(V2, name)


def test_each_generation_takes_the_tiers_that_are_its_own() -> None:
    for name, traits in TRAITS.items():
        assert {generation_of(tier) for tier in traits.tiers} == {name}


def test_every_trait_names_a_public_source() -> None:
    (found,) = (
        it
        for it in ast.parse(inspect.getsource(generation)).body
        if isinstance(it, ast.ClassDef) and it.name == "Traits"
    )
    said = {
        field.target.id: text.value.value
        for field, text in zip(found.body, found.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign)
        and isinstance(field.target, ast.Name)
        and isinstance(text, ast.Expr)
        and isinstance(text.value, ast.Constant)
    }
    assert list(said) == NAMES
    public = r"https://(learn\.microsoft\.com|github\.com/Azure)/\S+"
    assert [name for name, text in said.items() if not re.search(public, str(text))] == []
