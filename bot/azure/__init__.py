"""The Azure edge: Resource Manager through azure-mgmt-network, JSON in and JSON out.

Import it only where Azure is needed: with Microsoft's libraries it costs a quarter of a second and 67 MB.
"""

from bot.azure.manager import ResourceManager

__all__ = ["ResourceManager"]
