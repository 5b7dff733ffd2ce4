"""The backend agrees on keys by a Diffie-Hellman group that newer clients refuse."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark

STRONG = 2048
"""Bits that OpenSSL wants at security level 2."""


def check(view: BackendView) -> Iterator[Match]:
    """The group that was agreed for the health probe; where the handshake fails for it, that is an error."""
    seen = view.of_probe.handshake
    if seen is None or seen.dh_bits is None or seen.dh_bits >= STRONG:
        return
    said = f"{seen.cipher} with a Diffie-Hellman group of {seen.dh_bits} bits"
    yield Match(
        f"{mark(view.server)} uses {said}: newer clients refuse that.",
        (Evidence(f"agreed: {said}", commands.shake_hands(view.probe_attempt)),),
        view.backend,
    )


RULE = Rule(
    id="weak_key_exchange",
    severity="warning",
    symptom="The backend's Diffie-Hellman group is short.",
    cause="OpenSSL forbids groups below 2048 bits at security level 2, its default since 3.2. The level of a gateway is"
    " not documented, and may rise.",
    remedy="Allow ECDHE cipher suites on the server, or give it a group of 2048 bits.",
    sources=(
        "https://docs.openssl.org/master/man3/SSL_CTX_set_security_level/",
        "https://weakdh.org/sysadmin.html",
    ),
    check=each_backend(check),
)
