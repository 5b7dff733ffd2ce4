"""A certificate from somebody: what it must be, what is wrong with it in one sentence, and no claim about it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.changes.handed import handed_plan, is_handed_in
from bot.core.changes.plan import Plan
from bot.core.changes.planning import make_plan
from bot.core.changes.remark_text import in_words
from bot.core.model.certificate import Certificate
from bot.core.model.lock import Lock
from bot.core.model.marked import plain
from bot.core.model.observation import HandshakeFailed, NotTried, Outcome
from bot.core.remedies.handed_certificate import objection, unseen_backends, wanted
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import recommended, try_options
from bot.core.rules import RULES
from tests.core.make import (
    APP,
    ILB,
    NOT_ALLOW_LISTED,
    NOT_SEEN,
    NOW,
    ROOT,
    answered,
    case,
    certificate,
    document,
    incident,
    item,
    ref,
    root,
    v2_settings,
    what_if,
)

OUTSIDE = NotTried("outside")
UNKNOWN_CA = "The server certificate used by the backend is not signed by a well-known Certificate Authority (CA)."
DAY = timedelta(days=1)


def v1(outcome: Outcome = OUTSIDE, message: str | None = NOT_ALLOW_LISTED, **changes: Any) -> Case:
    return case(document(), outcome, message=message, **changes)


def v2_document(**changes: Any) -> Any:
    settings = v2_settings(**changes)
    roots = [item("trustedRootCertificates", "old", data="cm9vdA==")] if changes else []
    return document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[settings],
        trustedRootCertificates=roots,
    )


def v2(base: Any = None, **changes: Any) -> Case:
    return case(base or v2_document(), OUTSIDE, message=UNKNOWN_CA, **changes)


def against(made: Case, given: Certificate) -> str:
    return plain(objection(made, given) or "")


def planned(made: Case, base: Any, given: Certificate) -> Plan | str:
    found = handed_plan(what_if(made, base, given), diagnose(made, RULES), given)
    return plain(found) if isinstance(found, str) else found


@pytest.mark.parametrize(
    "outcome", [OUTSIDE, NOT_SEEN[1], HandshakeFailed("closed", "10.1.5.11", None, "it hung up")]
)
def test_one_is_wanted_where_the_gateway_refuses_what_we_could_not_see(outcome: Outcome) -> None:
    assert wanted(v1(outcome)) == "served"


@pytest.mark.parametrize(
    "made",
    [
        v1(answered(ILB)),
        v1(NOT_SEEN[2]),  # Before a write every name has to resolve.
        v1(message="Cannot connect to server."),
        v1(state="healthy"),
    ],
)
def test_none_is_wanted_where_we_see_it_or_the_gateway_says_something_else(made: Case) -> None:
    assert wanted(made) is None
    assert unseen_backends(made) == ()
    assert "diagnose again" in against(made, ILB)


def test_on_v2_it_is_the_root() -> None:
    assert wanted(v2()) == "root"


OLD = certificate("old.contoso.com", not_after=NOW - DAY)
EARLY = certificate("early.contoso.com", not_before=NOW + DAY)
SHORT = certificate("short.contoso.com", key_kind="RSA", key_bits=512)
INTERMEDIATE = certificate("Issuing CA", is_ca=True, issuer="CN=Root CA")
OWN_CA = root("self.contoso.com")
"""As `openssl req -x509` makes it for a site: it signed itself, and says that it is a CA."""


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (ROOT, "is the certificate of a CA: a v1 gateway compares the server's own one"),
        (root("Contoso Root. CA"), "is the certificate of a CA"),
        (INTERMEDIATE, "is the certificate of a CA"),
        (OLD, "expired on 2026-11-22"),
        (EARLY, "valid only from 2026-11-24"),
        (SHORT, "has a key of RSA 512 bits, which TLS no longer accepts"),
        (APP, "is already in https, so it is not the missing one"),
    ],
)
def test_what_a_v1_gateway_has_no_use_for(given: Certificate, why: str) -> None:
    assert why in against(v1(), given)


@pytest.mark.parametrize("given", [ILB, OWN_CA])
def test_what_a_v1_gateway_takes(given: Certificate) -> None:
    assert against(v1(), given) == ""


@pytest.mark.parametrize(
    ("given", "why"),
    [
        (ILB, "is a server's own certificate, not a CA's: a v2 gateway needs the root"),
        (INTERMEDIATE, "is an intermediate CA, issued by CN=Root CA"),
        (root("Old CA", not_after=NOW - DAY), "expired"),
    ],
)
def test_what_a_v2_gateway_has_no_use_for(given: Certificate, why: str) -> None:
    assert why in against(v2(), given)
    assert against(v2(), ROOT) == ""


def test_a_root_that_is_listed_already_is_not_the_one_that_is_missing() -> None:
    stored = item("trustedRootCertificates", "mine", data="cHJpdmF0ZSBDQQ==")
    base = document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[
            v2_settings(trustedRootCertificates=[ref("trustedRootCertificates", "mine")])
        ],
        trustedRootCertificates=[stored],
    )
    assert "is already in https" in against(v2(base), ROOT)


def test_the_plan_says_that_nobody_saw_it_and_claims_nothing() -> None:
    base, made = document(), v1()
    plan = planned(made, base, ILB)
    assert isinstance(plan, Plan)
    assert (plan.option, plan.title) == ("upload_ilb_certificate", "Upload ILB certificate")
    assert [it.sha256 for it in plan.certificates] == [ILB.sha256]
    assert plan.expects == ()
    assert plan.relief.heals == plan.relief.still_at_fault == plan.relief.breaks == ()
    assert [it.server for it in plan.relief.cannot_tell] == ["10.1.5.11"]
    assert is_handed_in(plan)
    (said,) = [plain(in_words(it)) for it in plan.notes]
    assert said.startswith("The certificate was handed in by a person. I could not reach 10.1.5.11")


def test_the_first_root_and_a_weak_key_are_told() -> None:
    base, weak = v2_document(), root("Weak CA", key_kind="RSA", key_bits=1024)
    plan = planned(v2(base), base, weak)
    assert isinstance(plan, Plan)
    assert plan.option == "upload_root_certificate"
    _, short, first = [plain(in_words(it)) for it in plan.notes]
    assert short == "It has a key of RSA 1024 bits: whether the gateway accepts that is not known."
    assert first.startswith("Public CAs then no longer count for https")
    listed = v2_document(trustedRootCertificates=[ref("trustedRootCertificates", "old")])
    other = planned(v2(listed), listed, ROOT)
    assert isinstance(other, Plan)
    assert [it.code for it in other.notes] == ["handed_in"]


def test_a_plan_from_our_own_look_is_not_called_handed_in() -> None:
    base, made = incident()
    found = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
    best = recommended(found)
    assert best is not None
    assert not is_handed_in(make_plan(what_if(made, base), best))


def test_where_it_cannot_be_written_nothing_is_offered() -> None:
    base = document()
    assert "server's own" in str(planned(v1(), base, ROOT))
    kept = Lock("/locks/l", "keep it", "/subscriptions/s1")
    assert "The lock keep it forbids any change" in str(planned(v1(locks=(kept,)), base, ILB))
    owned = document(top_tags={"managed-by-k8s-ingress": "1"})
    mine = case(owned, OUTSIDE, message=NOT_ALLOW_LISTED)
    assert "AGIC" in str(planned(mine, owned, ILB))
    full = document(
        authenticationCertificates=[
            item("authenticationCertificates", f"n{it}", data="") for it in range(100)
        ]
    )
    most = case(full, OUTSIDE, message=NOT_ALLOW_LISTED)
    assert "Azure would refuse to store it" in str(planned(most, full, ILB))
    gone = document(backendHttpSettingsCollection=[])
    assert "diagnose again" in str(planned(v1(), gone, ILB))


def test_it_is_told_of_the_backend_that_is_meant_and_of_no_other() -> None:
    pools = [
        item("backendAddressPools", "pool", backendAddresses=[{"ipAddress": "10.1.5.11"}]),
    ]
    base = document(backendAddressPools=pools)
    made = case(base, OUTSIDE, message=NOT_ALLOW_LISTED)
    stopped = replace(made, gateway=replace(made.gateway, operational_state="Stopped"))
    plan = planned(stopped, base, ILB)
    assert isinstance(plan, Plan)
    assert {it.server for it in plan.relief.cannot_tell} == {"10.1.5.11"}
