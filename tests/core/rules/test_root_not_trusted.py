from typing import Any

from bot.core.making import certificate_text
from bot.core.observation import NotTried, Trust
from bot.core.rules.root_not_trusted import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import (
    APP,
    ROOT,
    answered,
    case,
    document,
    item,
    ref,
    v2_settings,
)

GOOD = Trust(ROOT.sha256, 0, "ok")
BAD = Trust(ROOT.sha256, 20, "unable to get local issuer certificate")


def v2(**changes: Any) -> dict[str, Any]:
    return document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[v2_settings(**changes)],
        trustedRootCertificates=[
            item("trustedRootCertificates", "root", data=certificate_text(ROOT))
        ],
    )


LISTED: dict[str, Any] = {"trustedRootCertificates": [ref("trustedRootCertificates", "root")]}


def test_matches_a_private_ca_without_a_root() -> None:
    (summary,) = matches(RULE, case(v2(), answered(APP, ROOT, trust=(GOOD,))))
    assert summary.endswith("https trusts no private root.")


def test_matches_another_root_than_the_listed_one() -> None:
    (summary,) = matches(RULE, case(v2(**LISTED), answered(APP, trust=(BAD,))))
    assert "does not end in a root that https trusts" in summary


def test_a_public_certificate_no_longer_counts_once_a_root_is_listed() -> None:
    assert quiet(RULE, case(v2(), answered(APP, public=0)))
    assert matches(RULE, case(v2(**LISTED), answered(APP, public=0, trust=(BAD,))))


def test_is_quiet_when_trusted_switched_off_on_v1_and_without_a_certificate() -> None:
    assert quiet(RULE, case(v2(**LISTED), answered(APP, trust=(GOOD,))))
    assert quiet(RULE, case(v2(validateCertChainAndExpiry=False), answered(APP)))
    assert quiet(RULE, case(document(), answered(APP)))
    assert quiet(RULE, case(v2(), answered()))


def test_is_undecided_when_not_seen_or_not_tried_against_the_root() -> None:
    assert doubts(RULE, case(v2(), NotTried("outside")))
    assert doubts(RULE, case(v2(**LISTED), answered(APP))) == [
        "the chain has not been tried against every root of the settings"
    ]
