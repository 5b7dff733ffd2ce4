"""The resource id of an application gateway, taken apart."""

import re
from dataclasses import dataclass

from bot.azure.errors import Trouble
from bot.azure.failures import Call, CallFailed

ACTION = "Microsoft.Network/applicationGateways"
"""What the actions on a gateway begin with."""

_ID = re.compile(
    r"/subscriptions/([-\w]+)/resourceGroups/([-\w.()]*[-\w()])"
    r"/providers/Microsoft\.Network/applicationGateways/([-\w.]*\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class GatewayId:
    """The parts of a gateway's resource id that calls are made of."""

    subscription: str
    group: str
    name: str


def gateway_id_of(text: str) -> GatewayId:
    """What a resource id names; CallFailed for one that is not of an application gateway."""
    found = _ID.fullmatch(text)
    if found is None:
        wrong = Trouble("not_found", f"{text!r} is not an application gateway's resource id")
        raise CallFailed(Call("find the gateway", f"{ACTION}/read"), wrong)
    return GatewayId(found[1], found[2], found[3])
