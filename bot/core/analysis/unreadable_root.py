"""A trusted root of the HTTP settings that is no certificate, where the gateway finds no root for the served chain.

Azure has taken such files (MicrosoftDocs/azure-docs, issue 91051). That we cannot read one proves nothing by itself;
together with the gateway's own word it does.
"""

from dataclasses import dataclass

from bot.core.analysis.health_message import MessageClass, classify
from bot.core.analysis.reported_code import reported_code, told_health
from bot.core.case.view import BackendView
from bot.core.model.certificate import Unreadable
from bot.core.model.observation import Handshake

_NO_ROOT: frozenset[MessageClass] = frozenset(
    {"root_unknown", "root_mismatch", "root_unreadable", "verify_failed"}
)
"""Messages by which the gateway says that it has no root for the chain."""


@dataclass(frozen=True, slots=True)
class UnreadableRoot:
    """The stored root of that name, why it cannot be read, and the class and text of the gateway's message."""

    name: str
    reason: str
    says: MessageClass
    message: str


def unreadable_root(view: BackendView, seen: Handshake) -> UnreadableRoot | None:
    """The first one; not those in Key Vault, which the gateway may read, and we may not."""
    message = _no_root_message(view, seen)
    if message is None:
        return None
    for it in view.gateway.roots(view.settings):
        found = it.certificate
        if isinstance(found, Unreadable) and not found.key_vault:
            return UnreadableRoot(it.name, found.reason, classify(message), message)
    return None


def _no_root_message(view: BackendView, seen: Handshake) -> str | None:
    """What the gateway says; it is about the chain that its health probe gets."""
    probe = view.of_probe
    probed, health = view.case.handshake(probe.attempt), told_health(probe)
    if probed is None or probed.chain != seen.chain or health is None:
        return None
    code = reported_code(probe)
    no_root = classify(health.message) in _NO_ROOT and code is None
    if health.state != "unhealthy" or not (no_root or (code and code.kind == "issuer_unknown")):
        return None
    return health.message
