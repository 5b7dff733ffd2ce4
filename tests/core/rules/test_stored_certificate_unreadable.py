from bot.core.rules.stored_certificate_unreadable import RULE
from tests.core.asking import matches, quiet
from tests.core.make import case, document, item, settings
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
