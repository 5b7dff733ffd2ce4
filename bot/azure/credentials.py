"""Who the bot is to Azure: its own identity, and a second one if writing has one."""

import os
import time
from typing import Any

from azure.core.credentials import AccessToken
from azure.core.credentials_async import AsyncTokenCredential
from azure.identity.aio import (
    DefaultAzureCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

from bot.azure.endpoint import ArmEndpoint

READER_TOKEN, WRITER_TOKEN = "lab", "lab-writer"
"""What is sent instead of a token on plain http to loopback."""


def credential(endpoint: ArmEndpoint, client_id: str = "") -> AsyncTokenCredential:
    """The bot's own identity, as azure-identity finds it; or exactly the one with this client id.

    The second one is never looked for elsewhere: where it cannot be had, another identity, such as that of an `az
    login`, must not write in its place. Where a service account is federated, it is a workload identity
    (https://learn.microsoft.com/azure/aks/workload-identity-overview), else a managed identity.
    """
    if endpoint.is_plain:
        return _FixedToken(WRITER_TOKEN if client_id else READER_TOKEN)
    authority = {"authority": endpoint.authority} if endpoint.authority else {}
    if not client_id:
        return DefaultAzureCredential(**authority)
    if os.environ.get("AZURE_FEDERATED_TOKEN_FILE"):
        return WorkloadIdentityCredential(client_id=client_id, **authority)
    return ManagedIdentityCredential(client_id=client_id)


class _FixedToken(AsyncTokenCredential):
    """Takes the place of a credential on plain http to loopback, where no real token may be sent."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        return AccessToken(self._token, int(time.time()) + 3600)

    async def close(self) -> None:
        """Nothing is open."""

    async def __aexit__(self, *_: object) -> None:
        """Nothing is open."""
