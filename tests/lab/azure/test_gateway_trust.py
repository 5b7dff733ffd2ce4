"""Which certificates a gateway accepts, and which sentence it says of the others."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from bot.lab.azure.messages import Symptom
from bot.lab.azure.targets import Trust
from bot.lab.azure.trust import covers, judge_certificates
from bot.lab.pki import EXPIRED, NOT_YET_VALID, Issued, Validity, authority, leaf

HOST = "app.example.com"
PUBLIC = authority("Public Root")
PUBLIC_ISSUING = authority("Public Issuing", issuer=PUBLIC)
ROOT = authority("Private Root")
ISSUING = authority("Private Issuing", issuer=ROOT)
OTHER_ROOT = authority("Other Root")
STALE_ISSUING = authority("Stale Issuing", issuer=ROOT, validity=Validity(-800, -1))
NO_CA = leaf("not-a-ca.example.com", issuer=ROOT)

SITE = leaf(HOST, issuer=ISSUING)
DIRECT = leaf(HOST, issuer=ROOT)
PUBLIC_SITE = leaf(HOST, issuer=PUBLIC_ISSUING)
ALONE = leaf(HOST)
SELF_CA = authority(HOST)


def symptom(presented: Sequence[Issued], trust: Trust) -> Symptom | None:
    chain = [issued.certificate for issued in presented]
    distrust = judge_certificates(chain, trust, [PUBLIC.certificate], datetime.now(UTC))
    return distrust.symptom if distrust else None


def v2(*roots: Issued, name: str | None = HOST, check_chain: bool = True) -> Trust:
    return Trust(False, tuple(root.der for root in roots), name, check_chain)


def v1(*allowed: Issued, name: str | None = None) -> Trust:
    return Trust(True, tuple(each.der for each in allowed), name)


@pytest.mark.parametrize(
    ("presented", "trust", "expected"),
    [
        pytest.param(SITE.path, v2(ROOT), None, id="leaf to root"),
        pytest.param((SITE, ISSUING), v2(ROOT), None, id="the root need not be sent"),
        pytest.param((DIRECT,), v2(ROOT), None, id="issued by the root itself"),
        pytest.param(PUBLIC_SITE.path, v2(), None, id="well-known CA"),
        pytest.param((SELF_CA,), v2(SELF_CA, name=None), None, id="self-signed CA, uploaded"),
        pytest.param((SITE,), v2(ROOT), Symptom.INTERMEDIATE_MISSING, id="leaf alone"),
        pytest.param((ALONE,), v2(ALONE), Symptom.INTERMEDIATE_MISSING, id="self-signed, uploaded"),
        pytest.param((ALONE,), v2(), Symptom.INTERMEDIATE_MISSING, id="self-signed, no CA"),
        pytest.param((SITE, ROOT), v2(ROOT), Symptom.INTERMEDIATE_MISSING, id="a gap"),
        pytest.param((ISSUING, SITE), v2(ROOT), Symptom.LEAF_NOT_FIRST, id="wrong order"),
        pytest.param((ISSUING, ROOT), v2(ROOT), Symptom.LEAF_MISSING, id="no leaf"),
        pytest.param(SITE.path, v2(), Symptom.UNKNOWN_CA, id="private CA, nothing uploaded"),
        pytest.param(
            (SITE, ISSUING), v2(), Symptom.INTERMEDIATE_UNKNOWN_CA, id="the same without root"
        ),
        pytest.param(SITE.path, v2(OTHER_ROOT), Symptom.ROOT_MISMATCH, id="another root"),
        pytest.param(
            (SITE, ISSUING),
            v2(OTHER_ROOT),
            Symptom.INTERMEDIATE_NOT_SIGNED_BY_ROOT,
            id="same, no root sent",
        ),
        pytest.param(
            PUBLIC_SITE.path,
            v2(ROOT),
            Symptom.ROOT_MISMATCH,
            id="an uploaded root shuts out public CAs",
        ),
        pytest.param(
            leaf(HOST, issuer=NO_CA).path,
            v2(ROOT),
            Symptom.NOT_VERIFIED,
            id="intermediate is no CA",
        ),
        pytest.param(
            leaf(HOST, issuer=ISSUING, validity=EXPIRED).path,
            v2(ROOT),
            Symptom.EXPIRED,
            id="expired",
        ),
        pytest.param(
            leaf(HOST, issuer=ISSUING, validity=NOT_YET_VALID).path,
            v2(ROOT),
            Symptom.EXPIRED,
            id="not yet valid",
        ),
        pytest.param(
            leaf(HOST, issuer=STALE_ISSUING).path, v2(ROOT), Symptom.EXPIRED, id="expired issuer"
        ),
        pytest.param(SITE.path, v2(ROOT, name="b.example.com"), Symptom.NAME_V2, id="another name"),
        pytest.param(SITE.path, v2(ROOT, name=None), None, id="no name to compare"),
        pytest.param((ALONE,), v2(check_chain=False), None, id="chain and expiry not checked"),
        pytest.param(
            (ALONE,), v2(name="b", check_chain=False), Symptom.NAME_V2, id="the name still is"
        ),
    ],
)
def test_v2(presented: Sequence[Issued], trust: Trust, expected: Symptom | None) -> None:
    assert symptom(presented, trust) is expected


PLATFORM = leaf("*.azurewebsites.net", issuer=PUBLIC_ISSUING)
STALE = leaf(HOST, issuer=ISSUING, validity=EXPIRED)


@pytest.mark.parametrize(
    ("presented", "trust", "expected"),
    [
        pytest.param((SITE,), v1(SITE), None, id="allow-listed"),
        pytest.param((ALONE,), v1(SITE, ALONE), None, id="one of several, self-signed"),
        pytest.param(
            SITE.path, v1(ROOT, ISSUING), Symptom.NOT_ALLOW_LISTED, id="its issuers are not it"
        ),
        pytest.param(
            (DIRECT,), v1(SITE), Symptom.NOT_ALLOW_LISTED, id="another one of the same name"
        ),
        pytest.param(PUBLIC_SITE.path, v1(), Symptom.NOT_ALLOW_LISTED, id="own name, public CA"),
        pytest.param(PLATFORM.path, v1(), None, id="App Service is trusted by default"),
        pytest.param((STALE,), v1(STALE), Symptom.EXPIRED, id="allow-listed and expired"),
        pytest.param(
            (SITE,), v1(SITE, name="b.example.com"), Symptom.NAME_V1, id="pool FQDN is another"
        ),
        pytest.param((SITE,), v1(SITE, name=HOST), None, id="pool FQDN is the name"),
    ],
)
def test_v1(presented: Sequence[Issued], trust: Trust, expected: Symptom | None) -> None:
    assert symptom(presented, trust) is expected


@pytest.mark.parametrize(
    ("names", "common_name", "host", "expected"),
    [
        (["app.example.com"], "x", "APP.example.com.", True),
        (["*.example.com"], "x", "app.example.com", True),
        (["*.example.com"], "x", "a.app.example.com", False),
        (["*.example.com"], "x", "example.com", False),
        (["other.example.com"], "app.example.com", "app.example.com", False),
        ([], "app.example.com", "app.example.com", True),
        ([], "*.example.com", "app.example.com", True),
    ],
)
def test_names(names: list[str], common_name: str, host: str, expected: bool) -> None:
    assert covers(leaf(common_name, dns_names=names).certificate, host) is expected


@pytest.mark.parametrize("which", Symptom)
def test_every_sentence_can_be_said_in_both_eras(which: Symptom) -> None:
    blanks = {"expected": "200-399", "received": 404, "code": 20}
    for sentence in (which.say("allow-listed", **blanks), which.say("whitelisted", **blanks)):
        assert "{" not in sentence
        assert "None" not in sentence


def test_the_two_eras_of_the_allow_list() -> None:
    assert "isn't allow-listed" in Symptom.NOT_ALLOW_LISTED.say("allow-listed")
    assert "is not whitelisted" in Symptom.NOT_ALLOW_LISTED.say("whitelisted")
