"""One edit of every kind that options make, on one gateway, with names that need quoting."""

from typing import Any

from bot.core.arm.edit import Edit, Item, Value, sub_resource_id
from bot.core.arm.gateway_reader import read_gateway
from bot.core.model.gateway import Gateway
from bot.core.remedies import edit_builder
from bot.core.remedies.code.touched import TouchedEntry, touched
from tests.core.make import ILB, ROOT, SERVER, document, item

ODD = 'it\'s ${a} "b" %{c}'
BASE = document(trustedRootCertificates=[item("trustedRootCertificates", "old", data="")])
GATEWAY: Gateway = read_gateway(BASE, {})


def _value(collection: str, name: str, field: str, after: Any) -> Value:
    return edit_builder.set_value(BASE, collection, name, field, after)


EDITS: tuple[Edit, ...] = (
    *edit_builder.trust_certificate(
        BASE, GATEWAY.http_settings[0], "authenticationCertificates", (), ILB
    ),
    *edit_builder.trust_certificate(
        BASE, GATEWAY.http_settings[0], "trustedRootCertificates", (), ROOT
    ),
    Item(
        "add",
        "probes",
        "agw-https",
        {
            "protocol": "Https",
            "host": "shop.example",
            "path": ODD,
            "interval": 30,
            "timeout": 30,
            "unhealthyThreshold": 3,
            "pickHostNameFromBackendHttpSettings": False,
        },
    ),
    _value(
        edit_builder.SETTINGS,
        "https",
        "probe",
        {"id": sub_resource_id(BASE, "probes", "agw-https")},
    ),
    _value(edit_builder.SETTINGS, "https", "port", 8443),
    _value(edit_builder.SETTINGS, "https", "protocol", "Http"),
    _value(edit_builder.SETTINGS, "https", "requestTimeout", 60),
    _value(edit_builder.SETTINGS, "https", "hostName", "shop.example"),
    _value(edit_builder.SETTINGS, "https", "sniName", "shop.example"),
    _value(edit_builder.SETTINGS, "https", "pickHostNameFromBackendAddress", True),
    _value("probes", "probe", "match", {"statusCodes": ["200-399", "401"], "body": ODD}),
    _value("probes", "probe", "host", None),
    _value(
        edit_builder.POOLS,
        "pool",
        "backendAddresses",
        [{"fqdn": "shop.example"}, {"ipAddress": SERVER}],
    ),
    _value(
        edit_builder.ROUTING_RULES,
        "rule",
        "backendAddressPool",
        {"id": sub_resource_id(BASE, edit_builder.POOLS, "pool two")},
    ),
    edit_builder.set_value(BASE, edit_builder.ROUTING_RULES, "rule", "priority", 9),
)
PARTS: tuple[TouchedEntry, ...] = touched(EDITS, BASE)
