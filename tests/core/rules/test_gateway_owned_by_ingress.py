from typing import Any

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from bot.core.rules.gateway_owned_by_ingress import RULE
from tests.core.asking import matches, quiet
from tests.core.make import NOW, case, document, item

OWNED = document(top_tags={"managed-by-k8s-ingress": "1.7.2", "team": "shop"})


def test_matches_its_tag_and_says_what_becomes_of_a_change() -> None:
    assert "overwrite a change" in matches(RULE, case(OWNED))[0]


def test_matches_names_that_it_gave() -> None:
    named = [
        *document()["properties"]["backendAddressPools"],
        item("backendAddressPools", "k8s-ag-ingress-shop-pool"),
    ]
    assert matches(RULE, case(document(backendAddressPools=named)))


def test_is_quiet_on_other_tags() -> None:
    assert quiet(RULE, case(document(top_tags={"k8s": "nearby"})))


def test_the_report_says_it_before_any_change_is_offered() -> None:
    made = case(OWNED)
    report = make_report(made, diagnose(made, RULES), (), RULES, NOW)
    assert "AGIC" in report.notes[0]


@pytest.mark.parametrize("tags", [None, "managed-by-k8s-ingress", [], {}])
def test_missing_or_unreadable_tags_name_no_owner(tags: Any) -> None:
    assert quiet(RULE, case(document(top_tags=tags)))
