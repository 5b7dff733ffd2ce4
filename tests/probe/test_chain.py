"""The chain is shown exactly as the server sent it, and judged as it is."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.model.observation import PUBLIC, Handshake
from bot.lab.backends import Backends, BackendSpec
from bot.lab.backends.spec import Chain
from bot.lab.pki import EXPIRED, leaf, rsa_key
from bot.probe import NetworkProber
from tests.probe.asking import attempt, handshake, outcome
from tests.probe.conftest import Pki
from tests.probe.servers import over_tls, serving, tls_context


async def seen(chain: Chain) -> Handshake:
    async with Backends.open([BackendSpec("10.1.5.11", default=chain)]) as backends:
        return handshake(await outcome(attempt(path=None), backends.connect_to["10.1.5.11", 443]))


@pytest.mark.parametrize(
    "pick",
    [
        pytest.param(lambda pki: (pki.site, pki.issuing, pki.root), id="complete"),
        pytest.param(lambda pki: (pki.site, pki.issuing), id="without the root"),
        pytest.param(lambda pki: (pki.site,), id="without the intermediate"),
        pytest.param(lambda pki: (pki.issuing, pki.site), id="in the wrong order"),
        pytest.param(lambda pki: (pki.site, pki.root, pki.issuing), id="root in the middle"),
        pytest.param(lambda pki: (pki.site, pki.stranger), id="with a stranger"),
        pytest.param(lambda pki: (pki.site, pki.issuing, pki.issuing), id="with a repeat"),
    ],
)
async def test_the_chain_is_what_was_sent(pki: Pki, pick: Callable[[Pki], Chain]) -> None:
    chain = pick(pki)
    found = await seen(chain)
    assert [certificate.der for certificate in found.chain] == [issued.der for issued in chain]


async def test_a_self_signed_leaf_is_its_own_anchor() -> None:
    alone = leaf("shop.contoso.com")
    found = await seen((alone,))
    assert [(trust.anchor, trust.code) for trust in found.trust] == [
        (alone.sha256, 0),
        (PUBLIC, 18),
    ]


async def test_each_root_that_was_sent_is_tried_as_an_anchor(pki: Pki) -> None:
    found = await seen((pki.site, pki.issuing, pki.root, pki.stranger))
    assert [(trust.anchor, trust.code) for trust in found.trust] == [
        (pki.root.sha256, 0),
        (pki.stranger.sha256, 19),
        (PUBLIC, 19),
    ]


async def test_an_expired_certificate_is_shown_and_not_held_against_the_chain(pki: Pki) -> None:
    late = leaf("shop.contoso.com", issuer=pki.issuing, validity=EXPIRED)
    spec = BackendSpec("10.1.5.11", default=(late, pki.issuing, pki.root))
    async with Backends.open([spec]) as backends:
        prober = NetworkProber(backends.connect_to, loopback_only=True)
        (found,) = await prober.observe([attempt(path=None)], [], 10)
    shown = handshake(found.outcome)
    assert shown.leaf is not None
    assert shown.leaf.not_after == late.certificate.not_valid_after_utc
    trust = shown.trusted_by(pki.root.sha256)
    assert trust is not None
    assert (trust.code, trust.text) == (0, "ok")


async def test_weak_keys_are_looked_at_too(tmp_path: Path) -> None:
    weak = leaf("shop.contoso.com", key=rsa_key(1024))
    async with serving(over_tls(tls_context(tmp_path, (weak,)))) as server:
        found = handshake(await outcome(attempt(path=None), server.endpoint))
    assert [certificate.sha256 for certificate in found.chain] == [weak.sha256]
