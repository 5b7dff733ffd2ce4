"""Listeners whose certificate is in Key Vault, from where the gateway cannot fetch it, having no identity.

Azure disables them
(https://learn.microsoft.com/azure/application-gateway/application-gateway-key-vault-common-errors). That is certain
only where the last change failed: before that, a gateway may still present the copy that it once fetched.
"""

from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import Gateway, Listener


@asked_once
def without_certificate(gateway: Gateway) -> tuple[Listener, ...]:
    """The listeners that cannot present their certificate; none where the gateway has an identity, or did not fail."""
    if not gateway.has_failed or gateway.has_identity:
        return ()
    kept = set(gateway.key_vault_certificates)
    return tuple(it for it in gateway.listeners if it.certificate in kept)
