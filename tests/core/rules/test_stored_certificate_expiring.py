from datetime import timedelta
from typing import Any

from bot.core.making import certificate_text
from bot.core.rules.stored_certificate_expiring import RULE
from tests.core.asking import matches, quiet
from tests.core.make import NOW, case, certificate, document, item, settings


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


def test_is_quiet_when_far_off_unused_or_unreadable() -> None:
    assert quiet(RULE, gateway(31))
    unused = [settings(authenticationCertificates=[])]
    assert quiet(RULE, gateway(1, backendHttpSettingsCollection=unused))
    broken = [item("authenticationCertificates", "app", data="???")]
    assert quiet(RULE, case(document(authenticationCertificates=broken)))
