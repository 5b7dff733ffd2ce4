from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.certificate import Certificate
from bot.core.model.observation import Outcome, Trust
from bot.core.remedies.edit_builder import certificate_text
from bot.core.rules import RULES
from bot.core.rules.stored_certificate_expiring import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import (
    APP,
    HOST,
    ILB,
    NOW,
    ROOT,
    answered,
    blind,
    case,
    certificate,
    document,
    item,
    ref,
    settings,
    v2_settings,
)
from tests.core.rules.chains import ISSUING, LEAF

LATE_APP = replace(APP, not_after=NOW - timedelta(days=3))
LATE_ROOT = replace(ROOT, not_after=NOW - timedelta(days=3), sha256="e" * 64, der=b"late root")


def gateway(days: int, **changes: Any) -> Any:
    kept = certificate("kept.example", not_after=NOW + timedelta(days=days))
    stored = [item("authenticationCertificates", "app", data=certificate_text(kept))]
    made = document(authenticationCertificates=stored, **changes)
    return case(made, known=(kept,))


def test_matches_soon_and_past() -> None:
    assert matches(RULE, gateway(12)) == [
        "The certificate app stored on the gateway expires in 12 days."
    ]
    assert matches(RULE, gateway(-3)) == [
        "The certificate app stored on the gateway expired 3 days ago."
    ]


def test_is_quiet_when_far_off_or_unused() -> None:
    assert quiet(RULE, gateway(31))
    unused = [settings(authenticationCertificates=[])]
    assert quiet(RULE, gateway(1, backendHttpSettingsCollection=unused))


@pytest.mark.parametrize("data", [None, "???", 7, {"data": "MII"}])
def test_a_missing_or_unreadable_certificate_has_no_date(data: Any) -> None:
    broken = [item("authenticationCertificates", "app", data=data)]
    made = blind(document(authenticationCertificates=broken), answered(APP))
    assert "certificate_not_allow_listed" in left_open(RULE, made)


def listing_late_app(by_sni: dict[str | None, Outcome]) -> Case:
    stored = [item("authenticationCertificates", "app", data=certificate_text(LATE_APP))]
    base = document(authenticationCertificates=stored)
    return case(base, by_sni=by_sni, known=(LATE_APP,))


def ending_in(*roots: Certificate, **switches: bool) -> Case:
    """A v2 gateway whose settings trust these roots, and a backend whose chain ends in each of them."""
    kind = "trustedRootCertificates"
    names = [f"root{number}" for number, _ in enumerate(roots)]
    base = document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[
            v2_settings(trustedRootCertificates=[ref(kind, it) for it in names], **switches)
        ],
        trustedRootCertificates=[
            item(kind, name, data=certificate_text(it))
            for name, it in zip(names, roots, strict=True)
        ],
    )
    trust = tuple(Trust(it.sha256, 0, "ok") for it in roots)
    return case(base, answered(LEAF, ISSUING, trust=trust), known=roots)


def rules_that_match(made: Case) -> set[str]:
    return {it.rule for it in diagnose(made, RULES).findings}


def test_is_quiet_where_an_error_says_it() -> None:
    leaf = listing_late_app({None: answered(LATE_APP)})
    assert quiet(RULE, leaf)
    assert "certificate_not_in_date" in rules_that_match(leaf)
    root = ending_in(LATE_ROOT)
    assert quiet(RULE, root)
    assert "trusted_root_expired" in rules_that_match(root)


def test_matches_what_is_served_to_others_only() -> None:
    """The gateway asks without SNI and so is shown another certificate: no error speaks of this one's dates."""
    made = listing_late_app({None: answered(ILB), HOST: answered(LATE_APP)})
    assert matches(RULE, made) == ["The certificate app stored on the gateway expired 3 days ago."]
    assert "certificate_not_in_date" not in rules_that_match(made)


def test_matches_a_root_that_another_one_stands_in_for() -> None:
    made = ending_in(LATE_ROOT, ROOT)
    assert matches(RULE, made) == [
        "The certificate root0 stored on the gateway expired 3 days ago."
    ]
    assert "trusted_root_expired" not in rules_that_match(made)


def test_matches_where_the_settings_check_no_dates() -> None:
    made = ending_in(LATE_ROOT, validateCertChainAndExpiry=False)
    assert matches(RULE, made) == [
        "The certificate root0 stored on the gateway expired 3 days ago."
    ]
    assert "trusted_root_expired" not in rules_that_match(made)
