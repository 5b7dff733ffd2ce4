"""When another certificate on the backend is the remedy, and what it has to be."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.core.arm.document import Document
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.marked import plain
from bot.core.model.observation import Outcome, Trust
from bot.core.remedies.edit_builder import certificate_text
from bot.core.remedies.option import NotApplicable, Proposal
from bot.core.remedies.options.replace_backend_certificate import OPTION
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
    settings,
    v2_settings,
)
from tests.core.plainly import plainly
from tests.core.remedies.options.trying import assumed_certificates, best

PAST = NOW - timedelta(days=1)
OTHER = certificate("news.contoso.com")
ISSUING = certificate("issuing", issuer=ROOT.subject, is_ca=True)


def propose(base: Document, made: Case) -> Proposal | NotApplicable:
    return plainly(OPTION.propose(BackendView(made, made.backends[0]), base))


def v2(**changes: Any) -> Document:
    return document(
        tier="Standard_v2",
        **{"backendHttpSettingsCollection": [v2_settings()], **changes},
    )


def with_root(data: str) -> Document:
    trusted = v2_settings(trustedRootCertificates=[ref("trustedRootCertificates", "root")])
    stored = item("trustedRootCertificates", "root", data=data)
    return v2(backendHttpSettingsCollection=[trusted], trustedRootCertificates=[stored])


@pytest.mark.parametrize(
    ("chain", "words"),
    [
        ((OTHER,), "because the one there is for news.contoso.com"),
        (
            (replace(OTHER, not_after=PAST),),
            "is for news.contoso.com, and is out of date",
        ),
        (
            (replace(OTHER, issuer="CN=lacking"),),
            "is for news.contoso.com, and does not come with a complete chain in the right order",
        ),
        (
            (certificate(HOST, issuer=f"CN={HOST}", self_signed=True),),
            "is self-signed and not a CA",
        ),
        ((ISSUING, ROOT), "is that of a CA, not the server's own"),
    ],
)
def test_it_is_for_certificates_that_no_renewal_mends(
    chain: tuple[Certificate, ...], words: str
) -> None:
    base = v2()
    public = 20 if chain[0].issuer == "CN=lacking" else 0
    made = case(base, answered(*chain, public=public))
    assert best(made, base) == "replace_backend_certificate"
    found = propose(base, made)
    assert isinstance(found, Proposal)
    assert found.summary.startswith(
        f"install a certificate for {HOST} from a public CA on 10.1.5.11"
    )
    assert found.summary.endswith(words)
    (served,) = assumed_certificates(found)
    assert served.certificate.dns_names == (HOST,)
    assert served.certificate.issuer == "a public CA"
    assert (found.edits, found.certificates) == ((), ())
    assert ("First check" in found.steps[0]) is (chain[0] == ISSUING)


@pytest.mark.parametrize("public", [0, 20])
@pytest.mark.parametrize("leaf", [APP, replace(APP, not_after=PAST)])
def test_a_certificate_of_the_right_name_stays_or_is_renewed(
    public: int, leaf: Certificate
) -> None:
    base = v2()
    made = case(base, answered(leaf, ROOT, public=public))
    found = propose(base, made)
    assert isinstance(found, NotApplicable)
    said = f"the certificate that the health probe gets is the server's own, and for {HOST}"
    assert plain(found.reason) == said


def test_what_the_probe_gets_says_nothing_of_what_clients_get() -> None:
    base = document()
    seen: dict[str | None, Outcome] = {None: answered(APP), HOST: answered(OTHER)}
    found = propose(base, case(base, by_sni=seen))
    assert isinstance(found, NotApplicable)
    assert found.reason.endswith("is the server's own, and not compared with any name")


def test_behind_its_issuer_the_own_certificate_counts() -> None:
    base = v2()
    found = propose(base, case(base, answered(ISSUING, OTHER, public=0)))
    assert isinstance(found, Proposal)
    assert "news.contoso.com, and does not come with a complete chain" in found.summary


def test_where_roots_are_listed_the_new_one_comes_from_one_of_them() -> None:
    base = with_root(certificate_text(ROOT))
    found = propose(base, case(base, answered(OTHER)))
    assert isinstance(found, Proposal)
    (served,) = assumed_certificates(found)
    assert served.certificate.issuer == ROOT.subject
    assert f"from a CA whose chain ends in {ROOT.subject}" in found.steps[0]


def test_no_listed_root_is_valid_any_more() -> None:
    late = certificate("late", is_ca=True, self_signed=True, not_after=PAST)
    base = with_root(certificate_text(late))
    found = propose(base, case(base, answered(OTHER), known=(late,)))
    assert isinstance(found, NotApplicable)
    assert "none of the roots" in found.reason


def test_on_v1_the_new_one_has_to_be_uploaded_as_well() -> None:
    base = document(servers=(HOST,))
    made = case(base, answered(OTHER))
    assert best(made, base) == "replace_backend_certificate"
    found = propose(base, made)
    assert isinstance(found, Proposal)
    assert len(found.edits) == 2
    assert found.certificates == tuple(it.certificate for it in assumed_certificates(found))
    assert any("auth-cert create" in step for step in found.steps)


@pytest.mark.parametrize(
    ("alone", "words"),
    [
        (certificate("x", issuer="CN=x", self_signed=True), "for x"),
        (
            certificate("x", issuer="CN=x", self_signed=True, common_name=None, dns_names=()),
            "as CN=x",
        ),
    ],
)
def test_without_sni_it_keeps_the_names_that_it_has(alone: Certificate, words: str) -> None:
    base = v2(
        backendHttpSettingsCollection=[v2_settings(probe=None)],
        httpListeners=[item("httpListeners", "site", protocol="Https")],
    )
    found = propose(base, case(base, answered(alone)))
    assert isinstance(found, Proposal)
    assert f"install a certificate {words} from" in found.summary
    (served,) = assumed_certificates(found)
    assert served.certificate.dns_names == alone.dns_names


def test_it_needs_tls_and_a_look_at_it() -> None:
    plain = document(
        backendHttpSettingsCollection=[settings(protocol="Http")], probes=[probe(protocol="Http")]
    )
    assert propose(plain, case(plain)) == NotApplicable(
        "the gateway does not use TLS to this backend"
    )
    unseen = propose(document(), case(document()))
    assert isinstance(unseen, NotApplicable)
    assert "could not be read" in unseen.reason


@pytest.mark.parametrize(
    ("code", "about", "why", "step"),
    [
        (47, HOST, "has a name for which a CA above it may not issue", "may issue for its names"),
        (25, "issuing", "may have fewer CAs below it", "issued by a CA higher up"),
        (34, HOST, "has a critical extension", "without that extension"),
        (
            123,
            HOST,
            "is not accepted, for a reason that OpenSSL's documentation does not list",
            "openssl verify",
        ),
    ],
)
def test_what_openssl_refuses_in_a_certificate_takes_another_one(
    code: int, about: str, why: str, step: str
) -> None:
    leaf = certificate(HOST, issuer=ISSUING.subject)
    culprit = leaf if about == HOST else ISSUING
    trust = (Trust(ROOT.sha256, code, "no", 0, culprit.sha256, related=True),)
    base = with_root(certificate_text(ROOT))
    made = case(base, answered(leaf, ISSUING, trust=trust))
    assert best(made, base) == "replace_backend_certificate"
    found = propose(base, made)
    assert isinstance(found, Proposal)
    assert f"is not accepted: the certificate {culprit.subject} {why}" in found.summary
    assert why in found.steps[0]
    assert step in found.steps[0]


def test_roots_that_only_cannot_be_read_are_not_called_out_of_date() -> None:
    """MicrosoftDocs/azure-docs, issue 91051."""
    base = with_root("bm90IG9uZQ==")
    found = propose(base, case(base, answered(OTHER)))
    assert isinstance(found, NotApplicable)
    assert "is not known: root cannot be read here" in found.reason
    assert "out of date" not in found.reason
    assert "valid any more" not in found.reason
