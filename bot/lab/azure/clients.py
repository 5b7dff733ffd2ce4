"""What the gateway asks its servers on behalf of a client.

Host and SNI: https://learn.microsoft.com/azure/application-gateway/configuration-http-settings (host name override)
and "For live traffic" in https://learn.microsoft.com/azure/application-gateway/ssl-overview
"""

from collections.abc import Iterator, Mapping

from bot.lab.azure.document import part_by_id
from bot.lab.azure.targets import Target, routed_pairs, servers, target
from bot.lab.values import Json

_DEFAULT_REQUEST_TIMEOUT = 20
_NOT_LIMITED_HERE = 86400


def client_requests(
    document: Json, host: str, path: str, interfaces: Mapping[str, str] = {}
) -> Iterator[tuple[Target, float]]:
    """A client's request for `host` and `path` to each server that a rule leads to, and the seconds it may take."""
    for pool_id, settings_id in routed_pairs(document):
        settings = part_by_id(document, {"id": settings_id}) or {}
        for server in servers(document, pool_id, interfaces):
            picked = server if settings.get("pickHostNameFromBackendAddress") else None
            asked: Json = {
                "host": picked or settings.get("hostName") or host,
                "path": path,
                "timeout": _NOT_LIMITED_HERE,
            }
            allowed = float(settings.get("requestTimeout") or _DEFAULT_REQUEST_TIMEOUT)
            yield target(document, pool_id, settings, server, asked), allowed
