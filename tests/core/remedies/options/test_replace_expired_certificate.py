"""v1: a certificate was renewed, and the allow-list still holds the expired one."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.model.certificate import Certificate
from bot.core.remedies.edit_builder import certificate_text
from bot.core.remedies.options.replace_expired_certificate import OPTION
from tests.core.make import (
    APP,
    ILB,
    NOW,
    answered,
    case,
    document,
    item,
    ref,
    settings,
)
from tests.core.remedies.options.trying import best, carried_out, refused, v2

EXPIRED = replace(APP, sha256="e" * 64, der=b"expired", not_after=NOW - timedelta(days=1))
RENEWED = replace(APP, sha256="a" * 64, der=b"renewed")


def listing(*stored: Certificate) -> Any:
    """A gateway whose settings allow-list these certificates, by the names c0, c1 and so on."""
    kind = "authenticationCertificates"
    names = [f"c{number}" for number in range(len(stored))]
    made = zip(names, stored, strict=True)
    return document(
        authenticationCertificates=[
            item(kind, name, data=certificate_text(it)) for name, it in made
        ],
        backendHttpSettingsCollection=[
            settings(authenticationCertificates=[ref(kind, name) for name in names])
        ],
    )


def test_the_new_one_comes_and_the_expired_one_goes_in_one_plan() -> None:
    base = listing(EXPIRED, ILB)
    made = case(base, answered(RENEWED), known=(EXPIRED,))
    assert best(made, base) == "replace_expired_certificate"
    plan, changed = carried_out("replace_expired_certificate", made, base)
    listed = changed["backendHttpSettingsCollection"][0]["properties"]["authenticationCertificates"]
    assert [it["id"].rpartition("/")[2] for it in listed] == [
        "c1",
        "agw-test.appgwtestase.com-aaaaaaaa",
    ]
    assert len(changed["authenticationCertificates"]) == 3
    assert plan.lines[-1].before == "c0, c1"
    assert [it.sha256 for it in plan.certificates] == [RENEWED.sha256]
    assert [it.sha256 for it in plan.expects] == [RENEWED.sha256]


def test_a_renewed_one_that_the_gateway_has_already_is_only_referred_to() -> None:
    base = listing(EXPIRED, RENEWED)
    setting = base["properties"]["backendHttpSettingsCollection"][0]["properties"]
    del setting["authenticationCertificates"][1]
    made = case(base, answered(RENEWED), known=(EXPIRED, RENEWED))
    plan, _ = carried_out("replace_expired_certificate", made, base)
    assert [(it.before, it.after) for it in plan.lines] == [("c0", "c1")]


def test_without_an_expired_one_nothing_is_taken_away() -> None:
    base = listing(APP)
    assert "may stay" in refused(OPTION, case(base, answered(RENEWED)), base)
    assert best(case(base, answered(RENEWED)), base) == "upload_ilb_certificate"


def test_is_not_for_another_name_an_expired_successor_or_v2() -> None:
    base = listing(EXPIRED)
    other = case(base, answered(ILB), known=(EXPIRED,))
    assert "no renewal of an allow-listed certificate" in refused(OPTION, other, base)
    late = replace(RENEWED, not_after=NOW - timedelta(hours=1))
    stale = case(base, answered(late), known=(EXPIRED,))
    assert "itself out of date" in refused(OPTION, stale, base)
    assert "v2 gateway" in refused(OPTION, case(v2(), answered(APP)), v2())
