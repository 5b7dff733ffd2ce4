"""The provisioning state of a gateway: what has become of the last change to it.

https://learn.microsoft.com/azure/networking/troubleshoot-failed-state
"""

from bot.core.arm.document import Document, properties_of, text_of
from bot.core.model.gateway import BUSY, FAILED


def is_busy(document: Document) -> bool:
    """Whether an operation is at work on the gateway, so that a change has to wait."""
    return _state(document) in BUSY


def has_failed(document: Document) -> bool:
    """Whether Azure calls the gateway's last operation failed."""
    return _state(document) == FAILED


def _state(document: Document) -> str:
    return (text_of(properties_of(document).get("provisioningState")) or "").lower()
