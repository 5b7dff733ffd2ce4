"""The Azure edge: Resource Manager through azure-mgmt-network and plain GETs.

In: resource ids and documents. Out: documents as Azure sends them, values that `bot.core.arm` reads from them, and
`Problem` for what goes wrong. Nothing here judges.

Import it only where Azure is needed: with Microsoft's libraries it costs a quarter of a second and 67 MB.
"""

from bot.azure.manager import ResourceManager

__all__ = ["ResourceManager"]
