"""When another certificate on the backend is the remedy, and what it has to be."""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.case import Case
from bot.core.certificate import Certificate
from bot.core.making import certificate_text
from bot.core.option import NotApplicable, Proposal
from bot.core.options.replace_backend_certificate import OPTION
from bot.core.reading import Document
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

OLD = certificate(HOST, not_after=NOW - timedelta(days=1))
OTHER = certificate("news.contoso.com")


def propose(base: Document, made: Case) -> Proposal | NotApplicable:
    return OPTION.propose(made, base, made.backends[0])


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
        ((OLD,), "is out of date"),
        ((OTHER,), f"is not for {HOST}"),
        (
            (certificate(HOST, issuer=f"CN={HOST}", self_signed=True),),
            "complete chain in the right order",
        ),
    ],
)
def test_it_is_for_certificates_that_are_wrong_by_themselves(
    chain: tuple[Certificate, ...], words: str
) -> None:
    base = v2()
    found = propose(base, case(base, answered(*chain, public=0)))
    assert isinstance(found, Proposal)
    assert words in found.summary
    (served,) = found.served
    assert served.certificate.dns_names == (HOST,)
    assert served.certificate.issuer == "a public CA"
    assert (found.edits, found.certificates) == ((), ())


@pytest.mark.parametrize("public", [0, 20])
def test_a_certificate_in_order_stays_whoever_issued_it(public: int) -> None:
    base = v2()
    made = case(base, answered(APP, ROOT, public=public))
    assert propose(base, made) == NotApplicable(
        "the certificate that it serves is in order by itself"
    )


def test_where_roots_are_listed_the_new_one_comes_from_one_of_them() -> None:
    base = with_root(certificate_text(ROOT))
    found = propose(base, case(base, answered(OLD)))
    assert isinstance(found, Proposal)
    (served,) = found.served
    assert served.certificate.issuer == ROOT.subject


def test_no_listed_root_is_valid_any_more() -> None:
    late = certificate("late", is_ca=True, self_signed=True, not_after=NOW - timedelta(days=1))
    base = with_root(certificate_text(late))
    found = propose(base, case(base, answered(OLD), known=(late,)))
    assert isinstance(found, NotApplicable)
    assert "none of the roots" in found.reason


def test_on_v1_the_new_one_has_to_be_uploaded_as_well() -> None:
    base = document()
    found = propose(base, case(base, answered(OLD)))
    assert isinstance(found, Proposal)
    assert len(found.edits) == 2
    assert found.certificates == tuple(it.certificate for it in found.served)
    assert any("upload" in step for step in found.steps)


@pytest.mark.parametrize("names", [("a.contoso.com",), ()])
def test_without_sni_it_keeps_the_names_that_it_has(names: tuple[str, ...]) -> None:
    nameless = certificate("x", not_after=OLD.not_after, common_name=None, dns_names=())
    late = certificate("a.contoso.com", not_after=OLD.not_after) if names else nameless
    base = document()
    found = propose(base, case(base, answered(late)))
    assert isinstance(found, Proposal)
    (served,) = found.served
    assert served.certificate.dns_names == names


def test_it_needs_tls_and_a_look_at_it() -> None:
    plain = document(
        backendHttpSettingsCollection=[settings(protocol="Http")], probes=[probe(protocol="Http")]
    )
    assert propose(plain, case(plain)) == NotApplicable("the backend is not spoken to over TLS")
    unseen = propose(document(), case(document()))
    assert isinstance(unseen, NotApplicable)
    assert "could not be read" in unseen.reason
