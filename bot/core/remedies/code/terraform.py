"""Edits as blocks of `azurerm_application_gateway`: what to carry over into the configuration.

Names of blocks and arguments: hashicorp/terraform-provider-azurerm, website/docs/r/application_gateway.html.markdown.
The provider takes certificate data that is Base64 as it is (internal/services/network/application_gateway_resource.go).
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from bot.core.model.gateway import Gateway
from bot.core.remedies.code.touched import TouchedEntry, fqdns_of, ips_of, names_of
from bot.core.remedies.edit_builder import POOLS, PROBES, PROXY_SETTINGS, ROUTING_RULES, SETTINGS

BLOCKS = {
    "authenticationCertificates": "authentication_certificate",
    "trustedRootCertificates": "trusted_root_certificate",
    POOLS: "backend_address_pool",
    PROBES: "probe",
    SETTINGS: "backend_http_settings",
    # Since the provider's pull request 30376.
    PROXY_SETTINGS: "backend",
    ROUTING_RULES: "request_routing_rule",
}
ARGUMENTS = {
    "requestTimeout": "request_timeout",
    "unhealthyThreshold": "unhealthy_threshold",
    "pickHostNameFromBackendHttpSettings": "pick_host_name_from_backend_http_settings",
    "pickHostNameFromBackendAddress": "pick_host_name_from_backend_address",
    "hostName": "host_name",
    # Since version 4.75.0 of the provider (its pull request 31206).
    "sniName": "sni_name",
}

_ARGUMENT = re.compile(r"\w+ = ")


def text(gateway: Gateway, parts: tuple[TouchedEntry, ...]) -> str:
    """One resource with the blocks that change; everything else in it stays."""
    label = re.sub(r"[^A-Za-z0-9_]", "_", gateway.name)
    blocks = (line for part in parts for line in _block(part))
    return "\n".join(
        (
            f'resource "azurerm_application_gateway" "{label}" {{',
            "  # Only what changes is shown; all other arguments and blocks stay as they are.",
            *(f"  {line}" for line in blocks),
            "}",
        )
    )


def _block(part: TouchedEntry) -> Iterator[str]:
    yield f"{BLOCKS[part.collection]} {{"
    arguments = (line for field, value in part.values.items() for line in _argument(field, value))
    yield from (f"  {line}" for line in _aligned([f"name = {quoted(part.name)}", *arguments]))
    yield "}"


def _aligned(lines: list[str]) -> Iterator[str]:
    """As `terraform fmt` writes it: the equals signs of arguments that follow each other stand in one column."""
    for plain, run in groupby(lines, key=lambda line: bool(_ARGUMENT.match(line))):
        rows = list(run)
        width = max(len(line.split(" ", 1)[0]) for line in rows) if plain else 0
        for line in rows:
            name, _, rest = line.partition(" ")
            yield f"{name:<{width}} {rest}" if plain else line


def _argument(field: str, value: Any) -> Iterator[str]:
    match field:
        case "match":
            yield "match {"
            rows = [f"status_code = {_literal(value['statusCodes'])}"]
            body = [f"body = {quoted(value['body'])}"] if value.get("body") else []
            yield from (f"  {line}" for line in _aligned([*rows, *body]))
            yield "}"
        case "backendAddresses":
            yield f"fqdns = {_literal(fqdns_of(value))}"
            yield f"ip_addresses = {_literal(ips_of(value))}"
        case "authenticationCertificates":
            for name in names_of(value):
                yield f"authentication_certificate {{ name = {quoted(name)} }}"
        case "trustedRootCertificates":
            yield f"trusted_root_certificate_names = {_literal(names_of(value))}"
        case "backendAddressPool":
            yield f"backend_address_pool_name = {_literal(names_of([value])[0])}"
        case "probe":
            yield f"probe_name = {_literal(names_of([value])[0] if value else None)}"
        case _:
            yield f"{ARGUMENTS.get(field, field)} = {_literal(value)}"


def _literal(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case list():
            return f"[{', '.join(map(_literal, value))}]"
        case int():
            return str(value)
        case _:
            return quoted(str(value))


def quoted(value: str) -> str:
    """A string literal in which nothing is a template; what cannot be seen is written as its number.

    Source: https://developer.hashicorp.com/terraform/language/expressions/strings
    """
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    plain = escaped.replace("${", "$${").replace("%{", "%%{")
    shown = (ch if ch.isprintable() else f"\\U{ord(ch):08x}" for ch in plain)
    return f'"{"".join(shown)}"'
