"""A chain put in order, with the certificates that are there."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.model.certificate import Certificate
from bot.core.model.observation import Trust
from bot.core.remedies.edit_builder import certificate_text
from bot.core.remedies.options.complete_chain import OPTION
from tests.core.environments import networking, one, v3
from tests.core.make import (
    APP,
    HOST,
    NOW,
    ROOT,
    SERVER,
    answered,
    case,
    certificate,
    document,
    item,
    ref,
)
from tests.core.remedies.options.trying import (
    assumed_certificates,
    best,
    proposed,
    refused,
    trials,
    v2,
)

ISSUING = certificate("issuing", issuer=ROOT.subject, is_ca=True)
LEAF = certificate(HOST, issuer=ISSUING.subject)
OTHER = certificate("news.contoso.com", issuer="CN=elsewhere")
VERIFIED = (Trust(ROOT.sha256, 0, "ok"),)


def trusting(stored: Certificate = ROOT) -> Any:
    """A v2 gateway whose settings trust this root."""
    kept = item("trustedRootCertificates", "root", data=certificate_text(stored))
    return v2(
        trustedRootCertificates=[ref("trustedRootCertificates", "root")],
        top={"trustedRootCertificates": [kept]},
    )


def test_where_the_intermediate_is_missing_the_certificate_itself_stays() -> None:
    made = case(v2(), answered(LEAF))
    assert best(made, v2()) == "complete_chain"
    found = proposed(OPTION, made, v2())
    assert f"send the certificate of CN=issuing after CN={HOST}" in found.summary
    assert "Assumed here: the chain then ends in a CA" in found.summary
    (served,) = assumed_certificates(found)
    assert (served.certificate, served.issuers, found.edits) == (LEAF, (), ())
    steps = " ".join(found.steps)
    assert "CA Issuers" in found.steps[0]
    assert "cat site.pem intermediate.pem root.pem > bundle.pem" in steps
    assert "grep -E" in steps
    assert "If it ends in a private root" in steps


def test_out_of_order_it_is_sorted_and_nothing_is_supposed() -> None:
    base = trusting()
    made = case(base, answered(LEAF, ROOT, ISSUING, trust=VERIFIED))
    assert best(made, base) == "complete_chain"
    found = proposed(OPTION, made, base)
    assert "CN=issuing, then CN=private CA; they stay the same" in found.summary
    assert "Supposed" not in found.summary
    (served,) = assumed_certificates(found)
    assert (served.certificate, *served.issuers) == (LEAF, ISSUING, ROOT)
    assert "CA Issuers" not in " ".join(found.steps)


def test_with_the_leaf_behind_its_issuers_and_an_unknown_root_that_is_said_too() -> None:
    made = case(v2(), answered(ISSUING, LEAF, ROOT, trust=VERIFIED))
    assert best(made, v2()) == "complete_chain"
    found = proposed(OPTION, made, v2())
    assert "trust CN=private CA as a root; public CAs then no longer count" in found.summary
    assert found.certificates == (ROOT,)
    assert "Upload CN=private CA as well" in " ".join(found.steps)
    listed = trusting(replace(ROOT, sha256="c" * 64, subject="CN=another", der=b"another"))
    known = (replace(ROOT, sha256="c" * 64, subject="CN=another", der=b"another"),)
    seen = case(listed, answered(ISSUING, LEAF, ROOT, trust=VERIFIED), known=known)
    assert proposed(OPTION, seen, listed).summary.endswith("trust CN=private CA as a root")


def test_behind_the_certificate_of_another_site_the_names_say_where_it_ends() -> None:
    base = trusting()
    made = case(base, answered(OTHER, LEAF, ISSUING, ROOT))
    assert best(made, base) == "complete_chain"
    (served,) = assumed_certificates(proposed(OPTION, made, base))
    assert served.anchors == (ROOT.sha256,)


def test_what_openssl_saw_to_be_broken_is_not_supposed_to_be_whole() -> None:
    base = trusting()
    made = case(base, answered(ISSUING, LEAF, ROOT))
    assert "ends in no valid root" in refused(OPTION, made, base)


def test_another_fault_is_left_over() -> None:
    late = replace(LEAF, not_after=NOW - timedelta(days=1))
    made = case(v2(), answered(late))
    assert "has expired" in trials(made, v2())["complete_chain"].reason


def test_in_an_environment_the_certificate_is_uploaded_and_bound_again() -> None:
    made = replace(case(v2(), answered(LEAF)), environments=one(v3(), networking(SERVER)))
    assert "before 1 October 2023" in " ".join(proposed(OPTION, made, v2()).steps)
    app = v2(top={"backendAddressPools": [_pool("shop.azurewebsites.net")]})
    steps = proposed(OPTION, case(app, answered(LEAF)), app).steps
    assert any("the app in App Service again" in step for step in steps)


def _pool(name: str) -> Any:
    return item("backendAddressPools", "pool", backendAddresses=[{"fqdn": name}])


def test_is_not_for_v1_nor_for_a_whole_chain() -> None:
    assert "not the chain" in refused(OPTION, case(document(), answered(APP)), document())
    whole = case(v2(), answered(APP, public=0))
    assert "nothing is known to be missing" in refused(OPTION, whole, v2())
    unseen = case(v2())
    assert "could not be read" in refused(OPTION, unseen, v2())


def test_an_intermediate_with_the_old_key_is_replaced_by_the_one_that_issued() -> None:
    leaf = replace(LEAF, issuer_key_id="02")
    old = replace(ISSUING, public_key="old", key_id="01")
    trust = (Trust(ROOT.sha256, 20, "no", 0, leaf.sha256, related=True),)
    made = case(trusting(), answered(leaf, old, ROOT, trust=trust))
    assert best(made, trusting()) == "complete_chain"
    found = proposed(OPTION, made, trusting())
    assert f"send the certificate of CN=issuing after CN={HOST}" in found.summary
    (served,) = assumed_certificates(found)
    assert served.issuers == ()


def test_a_root_with_another_key_on_the_gateway_is_not_for_the_server_to_send() -> None:
    below = replace(ISSUING, issuer_key_id="01")
    stored = replace(ROOT, public_key="new", key_id="02")
    trust = (Trust(ROOT.sha256, 20, "no", 1, below.sha256, related=True),)
    made = case(trusting(), answered(LEAF, below, trust=trust), known=(stored,))
    assert "nothing is known to be missing" in refused(OPTION, made, trusting())
