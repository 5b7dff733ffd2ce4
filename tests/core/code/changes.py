"""One edit of every kind that options make, on one gateway, with names that need quoting."""

from typing import Any

from bot.core import making
from bot.core.code.touched import Part, touched
from bot.core.edit import Edit, Item, Value, sub_resource_id
from bot.core.gateway import Gateway
from bot.core.reading import read_gateway
from tests.core.make import ILB, ROOT, SERVER, document, item

ODD = 'it\'s ${a} "b" %{c}'
BASE = document(trustedRootCertificates=[item("trustedRootCertificates", "old", data="")])
GATEWAY: Gateway = read_gateway(BASE, {})


def _value(collection: str, name: str, field: str, after: Any) -> Value:
    return making.set_value(BASE, collection, name, field, after)


EDITS: tuple[Edit, ...] = (
    *making.allow(BASE, GATEWAY.http_settings[0], "authenticationCertificates", (), ILB),
    *making.allow(BASE, GATEWAY.http_settings[0], "trustedRootCertificates", (), ROOT),
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
    _value(making.SETTINGS, "https", "probe", {"id": sub_resource_id(BASE, "probes", "agw-https")}),
    _value(making.SETTINGS, "https", "port", 8443),
    _value(making.SETTINGS, "https", "protocol", "Http"),
    _value(making.SETTINGS, "https", "requestTimeout", 60),
    _value(making.SETTINGS, "https", "hostName", "shop.example"),
    _value(making.SETTINGS, "https", "sniName", "shop.example"),
    _value(making.SETTINGS, "https", "pickHostNameFromBackendAddress", True),
    _value("probes", "probe", "match", {"statusCodes": ["200-399", "401"], "body": ODD}),
    _value("probes", "probe", "host", None),
    _value(
        making.POOLS,
        "pool",
        "backendAddresses",
        [{"fqdn": "shop.example"}, {"ipAddress": SERVER}],
    ),
    _value(
        making.RULES,
        "rule",
        "backendAddressPool",
        {"id": sub_resource_id(BASE, making.POOLS, "pool two")},
    ),
)
PARTS: tuple[Part, ...] = touched(EDITS, BASE)
