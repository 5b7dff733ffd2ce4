"""OpenSSL's codes for each way a chain may end, checked against the openssl command as a witness."""

import asyncio
import re
import shutil
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Sequence
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from OpenSSL import crypto

from bot.core.model.observation import PUBLIC, Handshake, Trust, together
from bot.core.problem import Problem
from bot.lab.pki import EXPIRED, Issued, authority, damaged, leaf
from bot.probe import NetworkProber
from bot.probe.trust import Anchors, PublicRoots
from bot.probe.x509 import read_der
from tests.probe.asking import attempt
from tests.probe.conftest import Pki

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl command")


def judge(chain: Sequence[Issued], anchor: Issued, public: PublicRoots | None = None) -> Trust:
    """The answer for one given anchor."""
    anchors = Anchors([read_der(anchor.der)], (public or PublicRoots()).store)
    found = anchors.judge([read_der(issued.der) for issued in chain])
    return next(trust for trust in found if trust.anchor == anchor.sha256)


def cases() -> dict[str, tuple[Sequence[Issued], Issued, int]]:
    """What was sent, the anchor, and OpenSSL's number (openssl/x509_vfy.h)."""
    root, stranger = authority("Root"), authority("Stranger")
    issuing = authority("Issuing", issuer=root)
    site = leaf("shop.contoso.com", issuer=issuing)
    late = leaf("shop.contoso.com", issuer=issuing, validity=EXPIRED)
    old_root = authority("Old Root", validity=EXPIRED)
    alone = leaf("alone.contoso.com")
    names = x509.NameConstraints([x509.DNSName("fabrikam.com")], None)
    elsewhere = authority("Fabrikam", issuer=root, extensions=[(names, True)])
    clients = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    for_clients = leaf("shop.contoso.com", issuer=issuing, extensions=[(clients, False)])
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00")
    critical = leaf("shop.contoso.com", issuer=issuing, extensions=[(unknown, True)])
    return {
        "a name that is not permitted": (
            leaf("shop.contoso.com", issuer=elsewhere).path,
            root,
            47,
        ),
        "for clients only": (for_clients.path, root, 26),
        "an unknown critical extension": (critical.path, root, 34),
        "a damaged signature": (damaged(site).path, root, 7),
        "complete": ((site, issuing, root), root, 0),
        "the root is not sent": ((site, issuing), root, 0),
        "the order does not matter": ((site, root, issuing), root, 0),
        "expired leaf": ((late, issuing), root, 0),
        "expired root": ((leaf("a.b", issuer=old_root),), old_root, 0),
        "self-signed, and that is the anchor": ((alone,), alone, 0),
        "self-signed, and no anchor": ((alone,), root, 18),
        "ends in another root": ((site, issuing, root), stranger, 19),
        "the intermediate is missing": ((site,), root, 20),
        "ends nowhere": ((site, issuing), stranger, 20),
        "same name, other key": ((site, issuing), authority("Root"), 20),
        "an intermediate is no anchor": ((site, issuing), issuing, 2),
        "issued by a certificate that is no CA": ((leaf("a.b", issuer=alone),), alone, 79),
        "the leaf is no anchor": ((site, issuing), site, 20),
    }


CASES = cases()


@pytest.mark.parametrize("name", CASES)
def test_the_code_is_openssls(name: str) -> None:
    chain, anchor, code = CASES[name]
    found = judge(chain, anchor)
    assert found.code == code
    assert (found.text == "ok") == (code == 0)


@needs_openssl
@pytest.mark.parametrize("name", CASES)
async def test_the_openssl_command_says_the_same(name: str, tmp_path: Path) -> None:
    chain, anchor, code = CASES[name]
    sent, trusted, first = (tmp_path / name for name in ("sent", "trusted", "leaf"))
    sent.write_bytes(b"".join(issued.pem for issued in chain))
    trusted.write_bytes(anchor.pem)
    first.write_bytes(chain[0].pem)
    only = ("-no_check_time", "-no-CApath", "-no-CAstore", "-CAfile", str(trusted))
    command = (
        "openssl",
        "verify",
        "-purpose",
        "sslserver",
        *only,
        "-untrusted",
        str(sent),
        str(first),
    )
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT)
    output, _ = await process.communicate()
    said = re.search(rb"error (\d+) at", output)
    assert (int(said[1]) if said else 0) == code


def test_an_extra_file_makes_a_root_public(pki: Pki, tmp_path: Path) -> None:
    extra = tmp_path / "roots.pem"
    extra.write_bytes(pki.root.pem + pki.stranger.pem)
    chain = [read_der(issued.der) for issued in (pki.site, pki.issuing)]
    for public, code in ((PublicRoots(), 20), (PublicRoots(extra), 0)):
        (found,) = Anchors([], public.store).judge(chain)
        assert (found.anchor, found.code) == (PUBLIC, code)


@pytest.mark.parametrize("content", [None, b"not a certificate"])
async def test_a_bad_file_of_roots_is_a_problem(tmp_path: Path, content: bytes | None) -> None:
    extra = tmp_path / "roots.pem"
    if content is not None:
        extra.write_bytes(content)
    prober = NetworkProber({}, loopback_only=True, extra_public_roots=extra)
    with pytest.raises(Problem) as caught:
        await prober.observe([attempt()], [], 1)
    assert caught.value.code == "bad_public_roots"
    assert str(extra) in caught.value.message


def test_the_same_anchor_is_tried_once(pki: Pki) -> None:
    root = read_der(pki.root.der)
    chain = [read_der(issued.der) for issued in pki.site.path]
    found = Anchors([root, root], PublicRoots().store).judge(chain)
    assert [trust.anchor for trust in found] == [root.sha256, PUBLIC]


def test_no_chain_no_answer(pki: Pki) -> None:
    assert Anchors([read_der(pki.root.der)], PublicRoots().store).judge([]) == ()


def answers(chain: Sequence[Issued], *anchors: Issued) -> Handshake:
    """The session in which that chain was sent, with the answers for these anchors."""
    served = tuple(read_der(it.der) for it in chain)
    given = [read_der(it.der) for it in anchors]
    trust = Anchors(given, PublicRoots().store).judge(served)
    return Handshake("TLSv1.3", "AES", served, trust)


def test_an_answer_names_the_certificate_at_its_depth(pki: Pki) -> None:
    found = judge((pki.site, pki.issuing), pki.stranger)
    assert (found.depth, found.certificate) == (1, pki.issuing.sha256)
    good = judge((pki.site, pki.issuing), pki.root)
    assert good.path == (pki.site.sha256, pki.issuing.sha256, pki.root.sha256)


def test_root_and_intermediate_are_trusted_together_though_neither_suffices(pki: Pki) -> None:
    seen = answers((pki.site,), pki.root, pki.issuing, pki.stranger)
    trusted = seen.trusted_by_all(it.sha256 for it in (pki.stranger, pki.root, pki.issuing))
    assert trusted is not None
    assert (trusted.code, trusted.anchor) == (
        0,
        together((pki.root.sha256, pki.issuing.sha256)),
    )
    assert {it.anchor for it in seen.trust if it.code == 0} == {trusted.anchor}


def test_only_those_count_as_related_that_the_names_lead_to(pki: Pki) -> None:
    seen = answers((pki.site, pki.issuing, pki.stranger), pki.root)
    related = {it.anchor: it.related for it in seen.trust if it.anchor != PUBLIC}
    assert related == {pki.root.sha256: True, pki.stranger.sha256: False}


def test_an_anchor_of_the_servers_own_name_is_related(pki: Pki) -> None:
    seen = answers((authority("Contoso Root CA", issuer=pki.stranger),), pki.root)
    assert {it.anchor: it.related for it in seen.trust if it.anchor != PUBLIC} == {
        pki.root.sha256: True
    }


def test_of_two_certificates_of_one_root_the_valid_one_is_taken(pki: Pki) -> None:
    older = authority("Older Root")
    late = authority("Root", issuer=older, key=pki.root.key, validity=EXPIRED)
    same = authority("Root", key=pki.root.key)
    issuing = authority("Issuing", issuer=same)
    seen = answers((leaf("a.b", issuer=issuing), issuing, late), same, older)
    trusted = seen.trusted_by_all((same.sha256, older.sha256))
    assert trusted is not None
    assert trusted.path[-1] == same.sha256
    only_late = seen.trusted_by(older.sha256)
    assert only_late is not None
    assert (only_late.code, only_late.path[-2:]) == (0, (late.sha256, older.sha256))


def test_many_related_roots_are_tried_alone_and_all_together() -> None:
    roots = [authority("One Name") for _ in range(6)]
    seen = answers((leaf("a.b", issuer=roots[3]),), *roots)
    joint = [it for it in seen.trust if "+" in it.anchor]
    assert [it.anchor for it in joint] == [together(it.sha256 for it in roots)]
    assert joint[0].code == 0


def test_a_chain_is_verified_once_in_a_run_and_anew_in_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root, stranger = authority("Root"), authority("Stranger")
    chain = [read_der(it.der) for it in (leaf("shop.contoso.com", issuer=root), root)]
    other = [read_der(leaf("other.contoso.com", issuer=root).der)]
    public = PublicRoots().store
    one = Anchors([read_der(root.der)], public)
    found = one.judge(chain)
    assert one.judge(list(chain)) is found
    assert one.judge(other) != found
    assert Anchors([read_der(stranger.der)], public).judge(chain) != found
    again = Anchors([read_der(root.der)], public).judge(chain)
    assert again == found
    assert again is not found
    monkeypatch.setattr("bot.probe.trust.MOST_REMEMBERED", 0)
    full = Anchors([read_der(root.der)], public)
    assert full.judge(chain) == found
    assert full.judge(chain) is not full.judge(chain)


@pytest.mark.parametrize("held", [False, True], ids=["read anew", "as OpenSSL has it"])
def test_what_is_remembered_of_issuers_changes_no_answer(pki: Pki, *, held: bool) -> None:
    public = PublicRoots().store
    given = [read_der(it.der) for it in (pki.root, pki.stranger, authority("Contoso Root CA"))]
    namesake = leaf("Contoso Root CA", issuer=pki.issuing)
    alone = leaf("alone.contoso.com")
    own = [pki.site, leaf("two.contoso.com", issuer=pki.issuing), namesake, alone, pki.issuing]
    own += [authority("Contoso Root CA"), pki.root, leaf("x.contoso.com", issuer=pki.stranger)]
    above: list[tuple[Issued, ...]] = [(), (pki.issuing,), (pki.issuing, pki.root), (alone,)]
    one = Anchors(given, public)
    for issuers in above:
        for first in own:
            chain = [read_der(it.der) for it in (first, *issuers)]
            shown = crypto.load_certificate(crypto.FILETYPE_ASN1, first.der) if held else None
            assert one.judge(chain, shown) == Anchors(given, public).judge(chain)
