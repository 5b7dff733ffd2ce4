from datetime import timedelta
from typing import Any

import pytest

from bot.core.remedies.edit_builder import certificate_text
from bot.core.rules.stored_certificate_expiring import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import APP, NOW, answered, blind, case, certificate, document, item, settings


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
