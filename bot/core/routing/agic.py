"""Does the Application Gateway Ingress Controller (AGIC) own a gateway?

It sets these tags on the gateway that it writes (Azure/application-gateway-kubernetes-ingress, pkg/tags).
"""

from bot.core.model.gateway import Gateway
from bot.core.model.marked import mark

TAGS = frozenset(
    {"managed-by-k8s-ingress", "ingress-for-aks-cluster-id", "last-updated-by-k8s-ingress"}
)
PREFIX = "k8s-ag-ingress"
"""How the names of sub-resources begin that its early versions made."""


def agic_marks(gateway: Gateway) -> tuple[str, ...]:
    """The tags and names that only AGIC sets, for a sentence; none means that it does not own the gateway."""
    tags = [f"tag {mark(key)}" for key, _ in gateway.tags if key.lower() in TAGS]
    parts = [
        *(rule.name for rule in gateway.rules),
        *(listener.name for listener in gateway.listeners),
        *(pool.name for pool in gateway.pools),
        *(settings.name for settings in gateway.http_settings),
    ]
    names = [name for name in parts if name.lower().startswith(PREFIX)]
    return (*tags, *map(mark, names[:3]))
