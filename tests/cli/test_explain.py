"""`agw explain`: the catalogue of rules in the terminal."""

import pytest

from bot.core.rules import RULES
from tests.cli.conftest import Here
from tests.cli.test_answer import beside


@pytest.mark.parametrize("name", ["sni_required", "sni-required", " SNI_Required "])
async def test_one_rule(name: str, here: Here) -> None:
    (rule,) = (it for it in RULES if it.id == "sni_required")
    ran = await here({}, "explain", name)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("ERROR  sni_required\n")
    for label in ("symptom", "cause", "remedy"):
        assert beside(label.capitalize(), ran.out) == getattr(rule, label)
    assert beside("Sources", ran.out).split() == [*rule.sources]


async def test_without_a_name_every_rule_is_listed_in_the_order_of_exclusion(here: Here) -> None:
    ran = await here({}, "explain")
    listed = [it.split() for it in ran.out.splitlines() if not it.startswith(" ")]
    assert listed == [[it.severity, it.id] for it in RULES]
    assert all(it.symptom in " ".join(ran.out.split()) for it in RULES)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("sni_requird", "sni_required"),
        ("allow_listed", "certificate_not_allow_listed"),
        ("kaputt", "agw explain lists them"),
    ],
)
async def test_an_unknown_rule_brings_the_nearest(name: str, meant: str, here: Here) -> None:
    ran = await here({}, "explain", name)
    assert (ran.code, ran.out) == (2, "")
    assert ran.is_one_sentence()
    assert name in ran.err
    assert meant in ran.err
