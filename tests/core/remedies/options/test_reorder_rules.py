"""The rule of a hidden site comes before the broader one."""

from typing import Any

from bot.core.case.case import Case
from bot.core.remedies.option import NotApplicable
from bot.core.remedies.options.reorder_rules import OPTION
from tests.core.clients import SECOND, also_on_paper, hidden, looked_at, plain, views
from tests.core.plainly import plainly
from tests.core.remedies.options.trying import best, carried_out, refused, trials

WIDE_FIRST = hidden()


def seen(base: Any = WIDE_FIRST, shop: int = 200) -> Case:
    """The wide site's server does not know the shop, whose own server answers so."""

    def page(it: Any) -> int:
        known = it.path == "/health" and it.host != "shop.contoso.com"
        return shop if it.server == SECOND else 200 if known else 404

    return also_on_paper(looked_at(base, plain(page)), base, plain(page))


def refusals(made: Case, base: Any) -> set[tuple[str, tuple[str, ...]]]:
    """Why the option is not for any of the clients' requests, with the steps by hand."""
    found = [plainly(OPTION.propose(it, base)) for it in views(made)]
    assert all(isinstance(it, NotApplicable) for it in found)
    return {(it.reason, it.steps) for it in found if isinstance(it, NotApplicable)}


def priorities(properties: Any) -> dict[str, int]:
    return {it["name"]: it["properties"]["priority"] for it in properties["requestRoutingRules"]}


def test_the_sites_own_rule_gets_the_next_free_priority_and_its_own_back() -> None:
    made = seen()
    assert best(made, WIDE_FIRST) == "reorder_rules"
    plan, changed = carried_out("reorder_rules", made, WIDE_FIRST)
    assert priorities(changed) == {"wide": 10, "shop": 9}
    found = plainly(trials(made, WIDE_FIRST)["reorder_rules"].proposal)
    assert found
    assert found.summary == "try rule shop before wide: priority 9 instead of 20"
    assert [(it.before, it.after) for it in plan.lines] == [("20", "9")]


def test_the_change_is_told_as_code() -> None:
    texts = dict(trials(seen(), WIDE_FIRST)["reorder_rules"].as_code)
    assert texts["Azure CLI"].rstrip().endswith("--priority 9")
    assert "priority = 9" in texts["Terraform"]


def test_a_priority_that_another_rule_has_is_left_to_it() -> None:
    base = hidden(taken=(9, 8))
    _, changed = carried_out("reorder_rules", seen(base), base)
    assert priorities(changed)["shop"] == 7


def test_where_no_priority_is_free_a_person_makes_the_broader_rule_anew() -> None:
    for base in (hidden(highest=1), hidden(tier="Standard")):
        reasons = refusals(seen(base), base)
        assert (
            "there is no priority before that of wide that could be given to shop",
            ("Make wide anew, so that shop comes before it.",),
        ) in reasons


def test_is_only_for_a_site_that_another_rule_was_seen_to_serve_worse() -> None:
    none = "no site is known whose requests a broader rule takes"
    assert none in refused(OPTION, seen(), WIDE_FIRST)
    assert refusals(seen(shop=404), WIDE_FIRST) == {(none, ())}
    shop_first = hidden(first="shop")
    assert refusals(seen(shop_first), shop_first) == {(none, ())}
