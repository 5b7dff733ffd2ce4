"""What Azure would refuse, as far as that may be known before anything is sent: on paper, by locks, by Azure Policy."""

import asyncio

from bot.aside import aside
from bot.core.arm.document import Document
from bot.core.changes.remark import Remark
from bot.core.changes.remark_text import remark
from bot.core.model.unavailable import Unavailable
from bot.core.remedies.foreseen import foreseen
from bot.core.remedies.locked import place_of
from bot.workflow.ports import Azure

WITHIN = 5.0
"""Seconds for asking for locks, and Azure Policy; Azure itself will say what it refuses."""


async def refusal(
    azure: Azure, gateway_id: str, document: Document, planned: Document
) -> Remark | None:
    """Why Azure would refuse to write a gateway as planned; None where nothing is known to speak against it."""
    because = await aside(foreseen, planned)
    if because is not None:
        return remark("foreseen", because=because)
    locked, denied = await asyncio.gather(
        _locked(azure, gateway_id), _denied(azure, gateway_id, document, planned)
    )
    return locked or denied


async def _locked(azure: Azure, gateway_id: str) -> Remark | None:
    locks = await azure.locks(gateway_id, WITHIN)
    if isinstance(locks, Unavailable) or not locks:
        return None
    return remark("locked", lock=locks[0].name, place=place_of(locks[0]))


async def _denied(
    azure: Azure, gateway_id: str, document: Document, planned: Document
) -> Remark | None:
    """Let Azure Policy judge the planned document, where that may be asked.

    An assignment that denies the gateway as it is already says nothing: the gateway may be exempt from it
    (https://learn.microsoft.com/azure/governance/policy/concepts/exemption-structure).
    """
    denials = await _denials(azure, gateway_id, planned)
    if not denials:
        return None
    new = set(denials) - set(await _denials(azure, gateway_id, document))
    names = tuple(it for it in denials if it in new)
    return remark("policy_denies", names=", ".join(names)) if names else None


async def _denials(azure: Azure, gateway_id: str, planned: Document) -> tuple[str, ...]:
    found = await azure.policy_denials(gateway_id, planned, WITHIN)
    return () if isinstance(found, Unavailable) else found
