"""An Azure in a box: Resource Manager over HTTP on loopback, and gateways that really probe and serve.

In: gateway documents, backends, DNS zones and `Options`. Out: ARM's answers, backend health, and a record of requests.

    async with Backends.open(scenario.backends) as backends:
        async with AzureLab.open(scenario.gateways, backends, scenario.dns) as azure:
            azure.url                              http://127.0.0.1:40123
            azure.gateway("agw-test")              the document as a GET would answer it
            await azure.wait_health("agw-test", any_unhealthy)
            await azure.clients_see("agw-test")    what clients of every site get
            azure.set_fault(linked_forbidden())
            [request for request in azure.requests if request.method == "PUT"]

It is an independent witness: its gateways judge backends, and take clients to them, by their own reading of
Microsoft's documentation, without any code of the bot.
"""

from bot.lab.azure.clients import ClientExchange, ClientResponse, MemberExchange
from bot.lab.azure.document import GatewayId
from bot.lab.azure.environments import HostingEnvironment
from bot.lab.azure.faults import (
    Blind,
    CarryOutLater,
    Down,
    FailLater,
    Fault,
    IgnoreIfMatch,
    Last,
    LoseAnswer,
    NeverEnd,
    Refuse,
    ShowOld,
    TakeBack,
    Wait,
    forbidden,
    linked_forbidden,
    scope_locked,
    server_error,
    throttled,
)
from bot.lab.azure.http import Recorded
from bot.lab.azure.lab import AzureEvent, AzureLab, all_healthy, any_unhealthy
from bot.lab.azure.options import Options
from bot.lab.azure.reports import ServerHealth

__all__ = [
    "AzureEvent",
    "AzureLab",
    "Blind",
    "CarryOutLater",
    "ClientExchange",
    "ClientResponse",
    "Down",
    "FailLater",
    "Fault",
    "GatewayId",
    "HostingEnvironment",
    "IgnoreIfMatch",
    "Last",
    "LoseAnswer",
    "MemberExchange",
    "NeverEnd",
    "Options",
    "Recorded",
    "Refuse",
    "ServerHealth",
    "ShowOld",
    "TakeBack",
    "Wait",
    "all_healthy",
    "any_unhealthy",
    "forbidden",
    "linked_forbidden",
    "scope_locked",
    "server_error",
    "throttled",
]
