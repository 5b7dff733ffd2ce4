"""The Azure edge: Resource Manager, changed through azure-mgmt-network and read by plain requests.

In: resource ids and documents. Out: documents as Azure sends them, values that `bot.core.arm` reads from them, and
`Problem` for what goes wrong. Nothing here judges.

Import it only where Azure is needed: with azure-core and azure-identity it costs a quarter of a second and 20 MB.
azure-mgmt-network costs as much again, twice; it is imported when a gateway is changed.
"""

from bot.azure.manager import ResourceManager

__all__ = ["ResourceManager"]
