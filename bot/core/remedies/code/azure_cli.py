"""Edits as `az network application-gateway` commands, right as they stand in a POSIX shell.

Names of commands and options: Azure/azure-cli, src/azure-cli/azure/cli/command_modules/network/aaz/latest/network/
application_gateway and its custom.py. A value of `null` takes a property away.
"""

import re
from collections.abc import Iterator
from typing import Any

from bot.core.analysis import commands
from bot.core.arm.document import is_list, is_object
from bot.core.model.gateway import Gateway
from bot.core.remedies.code.touched import TouchedEntry, fqdns_of, ips_of, names_of
from bot.core.remedies.edit_builder import POOLS, PROBES, PROXY_SETTINGS, ROUTING_RULES, SETTINGS

CERTIFICATES = {
    "authenticationCertificates": "auth-cert",
    "trustedRootCertificates": "root-cert",
}
GROUPS = {
    POOLS: "address-pool",
    PROBES: "probe",
    SETTINGS: "http-settings",
    PROXY_SETTINGS: "settings",
    ROUTING_RULES: "rule",
}
FLAGS = {
    "protocol": "--protocol",
    "port": "--port",
    "host": "--host",
    "path": "--path",
    "interval": "--interval",
    "timeout": "--timeout",
    "requestTimeout": "--timeout",
    "unhealthyThreshold": "--threshold",
    "pickHostNameFromBackendHttpSettings": "--from-http-settings",
    "pickHostNameFromBackendAddress": "--host-name-from-backend-pool",
    "hostName": "--host-name",
    "sniName": "--sni-name",
    "priority": "--priority",
    "probe": "--probe",
    "authenticationCertificates": "--auth-certs",
    "trustedRootCertificates": "--root-certs",
    "backendAddresses": "--servers",
    "backendAddressPool": "--address-pool",
}

_READ_AS_MORE = re.compile(r"null|\?\?|['@-].*", re.DOTALL)


def text(gateway: Gateway, parts: tuple[TouchedEntry, ...]) -> str:
    """One command a line; each writes the gateway once, so the order matters."""
    return "\n".join(line for part in parts for line in _lines(gateway, part))


def _lines(gateway: Gateway, part: TouchedEntry) -> Iterator[str]:
    if part.collection in CERTIFICATES:
        file = f"{part.name}.cer"
        yield commands.save_base64(str(part.values["data"]), file)
        group = CERTIFICATES[part.collection]
        yield commands.change(gateway, group, "create", part.name, ("--cert-file", file))
        return
    action = "create" if part.added else "update"
    options = [word for field, value in part.values.items() for word in _option(field, value)]
    yield commands.change(gateway, GROUPS[part.collection], action, part.name, options)


def _option(field: str, value: Any) -> list[str]:
    if field == "match" and value:
        body = ["--match-body", _plain(value["body"])] if value.get("body") else []
        return ["--match-status-codes", *map(str, value["statusCodes"]), *body]
    return [FLAGS[field], *_words(field, value)]


def _words(field: str, value: Any) -> list[str]:
    if value is None:
        return ["null"]
    if field == "backendAddresses":
        return [*fqdns_of(value), *ips_of(value)]
    if is_list(value):
        # An option without a value is refused.
        return names_of(value) or ["null"]
    if is_object(value):
        return names_of([value])
    return [str(value).lower() if isinstance(value, bool) else _plain(str(value))]


def _plain(value: str) -> str:
    """A text that stays what it is: null, help, a file and an option are otherwise read out of it.

    In single quotes nothing is, and a quote is written as `'/` (Azure/azure-cli, azure-cli-core's aaz/_utils.py).
    """
    return f"'{value.replace(chr(39), chr(39) + '/')}'" if _READ_AS_MORE.fullmatch(value) else value
