"""What is out of date gets good dates, and everything that has to come along is said."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.arm import edit
from bot.core.model.certificate import Certificate
from bot.core.model.observation import Trust
from bot.core.remedies.edit_builder import certificate_text
from bot.core.remedies.options.renew_certificate import OPTION
from tests.core.make import (
    APP,
    HOST,
    NOW,
    ROOT,
    answered,
    case,
    certificate,
    document,
    item,
    probe,
    ref,
    root,
    settings,
)
from tests.core.remedies.options.trying import (
    assumed_certificates,
    best,
    proposed,
    refused,
    trials,
    v2,
)

PAST, FUTURE = NOW - timedelta(days=1), NOW + timedelta(days=5)
LATE = replace(APP, not_after=PAST, der=b"late", sha256="a" * 64)
EARLY = replace(APP, not_before=FUTURE, der=b"early", sha256="b" * 64)
LATE_ROOT = root("late CA", not_after=PAST)
ISSUING = certificate("issuing", is_ca=True, not_after=PAST)
LEAF = certificate(HOST, issuer=ISSUING.subject)


def trusting(stored: Certificate) -> Any:
    """A v2 gateway whose settings trust this root."""
    kept = item("trustedRootCertificates", "root", data=certificate_text(stored))
    return v2(
        trustedRootCertificates=[ref("trustedRootCertificates", "root")],
        top={"trustedRootCertificates": [kept]},
    )


@pytest.mark.parametrize(
    ("leaf", "words"),
    [
        (LATE, "which expired on 2026-11-22 03:00 UTC"),
        (EARLY, "which is not valid before 2026-11-28 03:00 UTC"),
    ],
)
def test_on_v1_it_is_recommended_and_uploaded_before_the_exchange(
    leaf: Certificate, words: str
) -> None:
    stored = item("authenticationCertificates", "app", data=certificate_text(leaf))
    base = document(authenticationCertificates=[stored])
    made = case(base, answered(leaf), known=(leaf,))
    assert best(made, base) == "renew_certificate"
    found = proposed(OPTION, made, base)
    assert found.summary == f"renew CN={HOST}, {words}"
    kept = edit.apply(found.edits, base)["properties"]["authenticationCertificates"]
    assert len(kept) == 2
    assert len(found.certificates) == 1
    steps = " ".join(found.steps)
    assert steps.index("auth-cert create") < steps.index("Install it on")
    assert "--auth-certs app backend-new" in steps
    assert ("Check the clock" in steps) is (leaf is EARLY)


def test_on_v2_the_same_names_and_any_ca_that_counts() -> None:
    base = v2()
    made = case(base, answered(LATE, public=0))
    assert best(made, base) == "renew_certificate"
    found = proposed(OPTION, made, base)
    assert (found.edits, found.certificates) == ((), ())
    (served,) = assumed_certificates(found)
    assert (served.certificate.dns_names, served.certificate.issuer) == ((HOST,), "a public CA")
    assert f"Get a new CN={HOST} from a public CA" in found.steps[0]


def test_expired_and_incomplete_says_that_the_chain_comes_along() -> None:
    made = case(v2(), answered(LATE))
    assert best(made, v2()) == "renew_certificate"
    assert "send its whole chain with it in the right order" in proposed(OPTION, made, v2()).summary


def test_expired_and_for_another_name_is_not_mended_by_a_renewal() -> None:
    other = certificate("news.contoso.com", not_after=PAST)
    made = case(v2(), answered(other, public=0))
    assert "asks for test.appgwtestase.com" in trials(made, v2())["renew_certificate"].reason
    assert best(made, v2()) == "replace_backend_certificate"


def test_an_expired_intermediate_is_renewed_and_the_rest_stays() -> None:
    base = trusting(ROOT)
    made = case(base, answered(LEAF, ISSUING, trust=(Trust(ROOT.sha256, 0, "ok"),)))
    assert best(made, base) == "renew_certificate"
    found = proposed(OPTION, made, base)
    (served,) = assumed_certificates(found)
    assert served.certificate == LEAF
    assert [it.subject for it in served.issuers] == [ISSUING.subject]
    steps = " ".join(found.steps)
    assert f"Get the currently valid {ISSUING.subject}" in steps
    assert "Only if the new certificate comes from another root" not in steps


@pytest.mark.parametrize("sent", [(), (LATE_ROOT,)])
def test_an_expired_root_is_uploaded_anew_whether_it_is_sent_or_not(
    sent: tuple[Certificate, ...],
) -> None:
    base = trusting(LATE_ROOT)
    seen = answered(APP, *sent, trust=(Trust(LATE_ROOT.sha256, 0, "ok"),))
    made = case(base, seen, known=(LATE_ROOT,))
    assert best(made, base) == "renew_certificate"
    found = proposed(OPTION, made, base)
    assert found.summary == (
        "renew CN=late CA, which expired on 2026-11-22 03:00 UTC; then let https trust the renewed root"
    )
    assert [it.subject for it in found.certificates] == [LATE_ROOT.subject]
    assert "--root-certs root backend-root" in " ".join(found.steps)


def test_with_root_and_leaf_expired_both_are_renewed() -> None:
    base = trusting(LATE_ROOT)
    seen = answered(LATE, trust=(Trust(LATE_ROOT.sha256, 0, "ok"),))
    made = case(base, seen, known=(LATE_ROOT,))
    assert best(made, base) == "renew_certificate"
    assert "Only if the new certificate comes from another root" in " ".join(
        proposed(OPTION, made, base).steps
    )


def test_what_would_not_be_accepted_anyway_is_not_renewed() -> None:
    alone = certificate(HOST, issuer=f"CN={HOST}", self_signed=True, not_after=PAST)
    assert "not be accepted after a renewal either" in refused(
        OPTION, case(v2(), answered(alone)), v2()
    )
    base = trusting(LATE_ROOT)
    made = case(base, answered(LATE), known=(LATE_ROOT,))
    assert "none of the roots" in refused(OPTION, made, base)


def test_is_not_for_certificates_in_date_or_that_nobody_looks_at() -> None:
    assert "out of date" in refused(OPTION, case(document(), answered(APP)), document())
    blind = v2(validateCertChainAndExpiry=False)
    assert "out of date" in refused(OPTION, case(blind, answered(LATE)), blind)
    plain = document(
        backendHttpSettingsCollection=[settings(protocol="Http")], probes=[probe(protocol="Http")]
    )
    assert "does not use TLS" in refused(OPTION, case(plain), plain)
