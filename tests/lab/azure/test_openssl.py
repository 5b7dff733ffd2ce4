"""The codes that the lab's gateway quotes, for chains that are wrong in one way each."""

from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from bot.lab.azure.messages import Symptom
from bot.lab.azure.openssl import Verdict, verify
from bot.lab.azure.targets import Trust
from bot.lab.azure.trust import Distrust, judge_certificates
from bot.lab.pki import EXPIRED, Issued, authority, damaged, leaf, rsa_key, signed_with

HOST = "app.example.com"
RSA = rsa_key()
ROOT = authority("Root", key=RSA)
ISSUING = authority("Issuing", issuer=ROOT, key=RSA)
OLDER = authority("Older Root")
CROSS_SIGNED = authority("Root", issuer=OLDER, key=ROOT.key, validity=EXPIRED)
SITE = leaf(HOST, issuer=ISSUING)
ELSEWHERE = authority(
    "Constrained",
    issuer=ROOT,
    extensions=[(x509.NameConstraints([x509.DNSName("example.net")], None), True)],
)
LIMITED = authority(
    "Limited", issuer=ROOT, extensions=[(x509.BasicConstraints(ca=True, path_length=0), True)]
)
BELOW = authority("Below", issuer=LIMITED)
CLIENTS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
SHA1_ISSUING = signed_with("sha1", authority("SHA-1", issuer=ROOT))


def codes(chain: tuple[Issued, ...], *roots: Issued) -> Verdict:
    presented = [it.certificate for it in chain]
    return verify(presented, [it.certificate for it in roots], datetime.now(UTC))


def judged(chain: tuple[Issued, ...], *roots: Issued) -> Distrust | None:
    trust = Trust(False, tuple(it.der for it in roots), HOST)
    presented = [it.certificate for it in chain]
    return judge_certificates(presented, trust, [], datetime.now(UTC))


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        (SITE, Verdict(0)),
        (leaf(HOST, issuer=ELSEWHERE), Verdict(47, 0)),
        (leaf(HOST, issuer=BELOW), Verdict(25, 2)),
        (leaf(HOST, issuer=ISSUING, extensions=[(CLIENTS, False)]), Verdict(26, 0)),
        (damaged(SITE), Verdict(7, 0)),
        (signed_with("md5", SITE), Verdict(68, 0)),
        (signed_with("sha1", SITE), Verdict(68, 0)),
        (leaf(HOST, issuer=SHA1_ISSUING), Verdict(68, 1)),
        (leaf(HOST, issuer=ISSUING, key=rsa_key(1024)), Verdict(0)),
    ],
)
def test_each_fault_has_its_code_and_depth(site: Issued, expected: Verdict) -> None:
    assert codes(site.path, ROOT) == expected
    said = judged(site.path, ROOT)
    expects = Distrust(Symptom.NOT_VERIFIED, expected.code) if expected.code else None
    assert said == expects


def test_what_is_trusted_completes_the_chain_and_what_no_way_needs_is_not_looked_at() -> None:
    assert judged((SITE,), ROOT, ISSUING) is None
    assert judged((SITE, ISSUING, CROSS_SIGNED), ROOT) is None
    assert judged((SITE,), ROOT) == Distrust(Symptom.INTERMEDIATE_MISSING)


def test_neither_an_intermediate_nor_another_key_is_the_root() -> None:
    unsigned = Distrust(Symptom.INTERMEDIATE_NOT_SIGNED_BY_ROOT)
    assert judged((SITE, ISSUING), ISSUING) == unsigned
    assert judged((SITE, ISSUING), CROSS_SIGNED) == unsigned
    assert judged((SITE, ISSUING), authority("Root")) == unsigned
    assert judged((SITE, authority("Issuing", issuer=ROOT), ROOT), ROOT) == Distrust(
        Symptom.INTERMEDIATE_MISSING
    )


def test_the_last_one_of_two_extensions_counts_and_key_identifiers_can_be_left_out() -> None:
    plain = authority("Plain", key_ids=False)
    kinds = {type(it.value) for it in plain.certificate.extensions}
    assert kinds == {x509.BasicConstraints}
    usage = leaf(HOST, extensions=[(CLIENTS, False)]).certificate.extensions
    assert list(usage.get_extension_for_class(x509.ExtendedKeyUsage).value) == [
        ExtendedKeyUsageOID.CLIENT_AUTH
    ]


def test_a_certificate_that_its_ca_took_back_is_refused_where_the_gateway_knows_of_it() -> None:
    presented = [it.certificate for it in SITE.path]
    roots, now = [ROOT.certificate], datetime.now(UTC)
    assert verify(presented, roots, now, {SITE.sha256}) == Verdict(23, 0)
    assert verify(presented, roots, now, {ISSUING.sha256}) == Verdict(23, 1)
    assert verify(presented, roots, now, {ELSEWHERE.sha256}) == Verdict(0)
    trust = Trust(False, (ROOT.der,), HOST)
    refused = judge_certificates(presented, trust, [], now, {SITE.sha256})
    assert refused == Distrust(Symptom.NOT_VERIFIED, 23)
