"""Pools whose members join through network interfaces, as in scale sets: the document has no addresses."""

from collections.abc import Sequence
from dataclasses import replace

from bot.lab.azure.build import part
from bot.lab.azure.options import Options
from bot.lab.backends import Refusing
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import OPTIONS, SUBSCRIPTION
from bot.lab.scenarios.shapes import (
    IP,
    ISSUING,
    OTHER_IP,
    PRIVATE_SITE,
    V1,
    members,
    one_site,
    scenario_of,
    web_server,
)
from bot.lab.values import Json

_SET = (
    f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Compute"
    "/virtualMachineScaleSets/vmss-web/virtualMachines"
)


def _interface(number: int) -> str:
    return f"{_SET}/{number}/networkInterfaces/nic/ipConfigurations/web"


def _scale_set(count: int, written: Sequence[str] = ()) -> Json:
    """A pool of the first `count` machines of the scale set, and of members listed by address."""
    joining = [{"id": _interface(number)} for number in range(count)]
    addresses = members("web", *written)["properties"]["backendAddresses"]
    return part("web", backendAddresses=addresses, backendIPConfigurations=joining)


def _at(*addresses: str) -> Options:
    return replace(
        OPTIONS, interfaces={_interface(number): each for number, each in enumerate(addresses)}
    )


INTERFACES: tuple[Scenario, ...] = (
    scenario_of(
        "scale-set-root-not-uploaded",
        "A scale set with certificates from a private CA whose root was never uploaded",
        "The gateway's document does not say where its machines are; backend health does.",
        gateway=one_site("scale-set-root-not-uploaded", pools=[_scale_set(2)]),
        backends=[web_server(PRIVATE_SITE.path, address=each) for each in (IP, OTHER_IP)],
        options=_at(IP, OTHER_IP),
        cause="root_not_trusted",
        option="upload_root_certificate",
        heals=True,
    ),
    scenario_of(
        "v1-scale-set-not-listed",
        "v1: a scale set whose certificate is not the one that is allow-listed",
        "The issuing CA was uploaded instead.",
        gateway=one_site("v1-scale-set-not-listed", V1, trusts=[ISSUING], pools=[_scale_set(1)]),
        backends=[web_server(PRIVATE_SITE.path)],
        options=_at(IP),
        cause="certificate_not_allow_listed",
        option="upload_ilb_certificate",
        heals=True,
    ),
    scenario_of(
        "scale-set-one-down",
        "One machine of a scale set is down, next to a server listed by its IP",
        "The pool has an IP, and a machine that joined through its network interface.",
        gateway=one_site("scale-set-one-down", secure=False, pools=[_scale_set(1, [IP])]),
        backends=[web_server(), web_server(address=OTHER_IP, behaviour=Refusing())],
        options=_at(OTHER_IP),
        cause="port_refused",
        option="remove_cause",
    ),
    scenario_of(
        "healthy-scale-set",
        "Healthy: a scale set",
        "Its machines are not in the gateway's document, and all of them answer.",
        gateway=one_site("healthy-scale-set", secure=False, pools=[_scale_set(2)]),
        backends=[web_server(), web_server(address=OTHER_IP)],
        options=_at(IP, OTHER_IP),
    ),
)
