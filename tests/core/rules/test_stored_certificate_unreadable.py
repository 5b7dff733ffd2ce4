from typing import Any

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.rules import RULES
from bot.core.rules.stored_certificate_unreadable import RULE
from tests.core.asking import matches, quiet
from tests.core.make import APP, answered, blind, case, document, item, settings
from tests.core.rules.chains import LISTED, v2

BROKEN = [item("authenticationCertificates", "app", data="???")]


def test_matches_what_is_no_certificate_and_says_why() -> None:
    (summary,) = matches(RULE, case(document(authenticationCertificates=BROKEN)))
    assert summary == (
        "What is stored on the gateway as app cannot be read as a certificate: it was not parsed."
    )


def test_is_quiet_when_readable_unused_or_kept_in_key_vault() -> None:
    assert quiet(RULE, case())
    unused = [settings(authenticationCertificates=[])]
    assert quiet(
        RULE,
        case(
            document(
                authenticationCertificates=BROKEN,
                backendHttpSettingsCollection=unused,
            )
        ),
    )
    kept = v2(**LISTED)
    secret = "https://vault.example/secrets/root"
    kept["properties"]["trustedRootCertificates"] = [
        item("trustedRootCertificates", "root", keyVaultSecretId=secret)
    ]
    assert quiet(RULE, case(kept))


@pytest.mark.parametrize("data", [None, "???", 7, {"data": "MII"}])
def test_whether_the_missing_certificate_is_the_served_one_is_undecided(data: Any) -> None:
    broken = [item("authenticationCertificates", "app", data=data)]
    made = blind(document(authenticationCertificates=broken), answered(APP))
    assert matches(RULE, made)
    assert diagnose(made, RULES).verdict == "undecided"


@pytest.mark.parametrize("stored", [None, "app", [], [None, "app"]])
def test_missing_or_unreadable_collections_hold_no_certificate(stored: Any) -> None:
    made = case(document(authenticationCertificates=stored))
    assert quiet(RULE, made)
