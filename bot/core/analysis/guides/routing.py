"""The gateway itself, or one of its parts that leads nowhere, or elsewhere."""

from collections.abc import Iterator

from bot.core.analysis import commands, server_commands
from bot.core.analysis.guides.common import CLUSTER, GATEWAY
from bot.core.case.case import Case
from bot.core.case.finding import Match
from bot.core.case.guide import Guide, Step, of_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.routing.agic import agic_marks


def _start(case: Case, match: Match) -> Iterator[Step]:
    gateway = case.gateway
    yield Step(GATEWAY, "Find out who stopped it, and why:", commands.show_activity(gateway))
    yield Step(GATEWAY, "Start it:", commands.start(gateway))
    text = "It is done when this prints Running:"
    yield Step(GATEWAY, text, commands.show_gateway(gateway, "operationalState"), checks=True)


def _write_again(case: Case, match: Match) -> Iterator[Step]:
    """https://learn.microsoft.com/azure/networking/troubleshoot-failed-state"""
    gateway = case.gateway
    yield Step(
        GATEWAY,
        "Read why the last update failed, and remove that cause if it is still there:",
        commands.show_activity(gateway),
    )
    yield Step(
        GATEWAY,
        "Read the gateway and write it back unchanged, which is Microsoft's cure (in PowerShell:"
        " Get-AzApplicationGateway, piped into Set-AzApplicationGateway). Use a current version: an old one may drop"
        " settings that it does not know. Long-lived connections may drop meanwhile:",
        commands.write_again(gateway),
    )
    text = "It is done when this prints Succeeded; if the write fails, its error says why:"
    yield Step(GATEWAY, text, commands.show_gateway(gateway, "provisioningState"), checks=True)


def _rule(case: Case, match: Match) -> Iterator[Step]:
    gateway, name = case.gateway, match.part or "RULE"
    yield Step(GATEWAY, "See which pools there are:", _names(case, "backendAddressPools"))
    yield Step(GATEWAY, "And which HTTP settings:", _names(case, "backendHttpSettingsCollection"))
    new = ("--address-pool", "POOL", "--http-settings", "HTTP_SETTINGS")
    text = f"Let {mark(name)} lead to those that belong to its site:"
    yield Step(GATEWAY, text, commands.change(gateway, "rule", "update", name, new))
    text = (
        f"It is done when {mark(name)} has a pool and HTTP settings here, a path map or a redirect:"
    )
    yield Step(GATEWAY, text, commands.show_gateway(gateway, "requestRoutingRules"), checks=True)


def _path_map(case: Case, match: Match) -> Iterator[Step]:
    gateway = case.gateway
    path_map, _, entry = (match.part or "PATH_MAP/ENTRY").partition("/")
    kinds = {it.name: it.kind for it in gateway.path_maps}
    advanced = kinds.get(path_map) == "advanced routing map"
    collection = "advancedRoutingMaps" if advanced else "urlPathMaps"
    yield Step(GATEWAY, "See which pools there are:", _names(case, "backendAddressPools"))
    yield Step(GATEWAY, "And which HTTP settings:", _names(case, "backendHttpSettingsCollection"))
    yield Step(
        GATEWAY,
        f"Give entry {mark(entry)} of {mark(path_map)} those that belong to its paths (portal: Rules, the rule, Backend"
        " targets). The map as it is:",
        commands.show_gateway(gateway, collection),
    )
    text = f"It is done when {mark(entry)} has a pool and HTTP settings, or a redirect, here:"
    yield Step(GATEWAY, text, commands.show_gateway(gateway, collection), checks=True)


def _fill(case: Case, match: Match) -> Iterator[Step]:
    gateway, pool = case.gateway, match.part or "POOL"
    if agic_marks(gateway):
        text = "AGIC fills the pool: see whether the service behind it has pods that are ready:"
        yield Step(CLUSTER, text, "kubectl get endpointslices -A")
    yield Step(GATEWAY, "Find out who emptied it, and why:", commands.show_activity(gateway))
    new = ("--servers", "ADDRESS_OR_NAME")
    text = (
        f"Put the site's servers into {mark(pool)} (a scale set joins in its own network settings):"
    )
    yield Step(GATEWAY, text, commands.change(gateway, "address-pool", "update", pool, new))
    text = f"It is done when {mark(pool)} has members here:"
    yield Step(GATEWAY, text, commands.show_gateway(gateway, "backendAddressPools"), checks=True)


def _names(case: Case, collection: str) -> str:
    return commands.show_gateway(case.gateway, f"{collection}[].name")


def _other_pool(view: BackendView) -> Iterator[Step]:
    gateway = view.gateway
    yield Step(
        GATEWAY,
        "Ask whoever runs the site which servers it has. The pools:",
        _names(view.case, "backendAddressPools"),
    )
    for route in view.backend.routes[:1]:
        name = route.rule.name
        text = f"Let {mark(name)} lead to the pool that has them (or the entry of its path map):"
        new = ("--address-pool", "POOL")
        yield Step(GATEWAY, text, commands.change(gateway, "rule", "update", name, new))
    text = "It is done when the rule shows that pool:"
    yield Step(GATEWAY, text, commands.show_gateway(gateway, "requestRoutingRules"), checks=True)


def _identity(case: Case, match: Match) -> Iterator[Step]:
    gateway = case.gateway
    secrets = commands.show_gateway(gateway, "sslCertificates[].keyVaultSecretId")
    yield Step(GATEWAY, "See in which vaults the certificates are:", secrets)
    # learn.microsoft.com/azure/application-gateway/key-vault-certs
    yield Step(
        "Whoever runs the vault",
        "Let a user-assigned managed identity read the vault's secrets (with access policies: Get for secrets):",
        'az role assignment create --assignee IDENTITY_CLIENT_ID --role "Key Vault Secrets User" --scope VAULT_ID',
    )
    text = "Assign that identity to the gateway:"
    yield Step(GATEWAY, text, server_commands.assign_identity(gateway))
    text = "It is done when this prints Succeeded:"
    yield Step(GATEWAY, text, commands.show_gateway(gateway, "provisioningState"), checks=True)


GIVE_IDENTITY = Guide("Give the gateway an identity that may read the vault", _identity)
WRITE_AGAIN = Guide("Write the gateway again, unchanged", _write_again)
START_GATEWAY = Guide("Start the gateway", _start)
COMPLETE_RULE = Guide("Give the routing rule a pool and HTTP settings", _rule)
COMPLETE_PATH_MAP = Guide("Give every path a pool and HTTP settings", _path_map)
FILL_POOL = Guide("Put the site's servers into the pool", _fill)
USE_OTHER_POOL = of_backend("Send the site to the pool that knows it", _other_pool)
