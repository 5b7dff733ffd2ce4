"""Servers that treat the gateway and the bot differently, and what Azure does not tell the bot."""

from dataclasses import replace
from random import Random

from bot.lab.azure import faults as azure
from bot.lab.azure.build import part
from bot.lab.azure.targets import is_ip
from bot.lab.backends import Answer, Denying
from tests.random_worlds.faults.network import HEALTH_HIDDEN, NETWORK, some_of
from tests.random_worlds.faults.registry import fault
from tests.random_worlds.sketch import App, Sketch

_GATEWAY, _BOT = "127.0.0.2", "127.0.0.1"


def _apart(sketch: Sketch) -> None:
    """The gateway connects from an address of its own."""
    sketch.options = replace(sketch.options, source=_GATEWAY)


@fault("gateway_address_denied", weight=5.5)
def gateway_not_admitted(sketch: Sketch, app: App, rng: Random) -> bool:
    """Access restrictions admit others, the bot among them."""
    _apart(sketch)
    found = some_of(sketch, app, rng)
    for endpoint in found:
        denying = Denying((_GATEWAY,), Answer(rng.choice((401, 403)), b"Forbidden\n"))
        sketch.change(endpoint, behaviour=denying)
    return bool(found)


@fault("gateway_disagrees", harmless=True, weight=2.5)
def bot_not_admitted(sketch: Sketch, app: App, rng: Random) -> bool:
    """The server admits the gateway's subnet only, and turns the bot away with an answer or a reset.

    Not where the gateway's health is not told either: then nobody knows.
    """
    if HEALTH_HIDDEN & set(sketch.done):
        return False
    _apart(sketch)
    found = some_of(sketch, app, rng)
    for endpoint in found:
        answer = rng.choice((Answer(403, b"Forbidden\n"), None))
        sketch.change(endpoint, behaviour=Denying((_BOT,), answer))
    return bool(found)


@fault(harmless=True)
def health_is_forbidden(sketch: Sketch, app: App, rng: Random) -> bool:
    """The bot's role lacks the action for backend health, or a lock stops it."""
    if "bot_not_admitted" in sketch.done:
        return False
    refused = rng.choice((azure.forbidden, azure.scope_locked))(azure.BACKEND_HEALTH)
    sketch.azure_faults.append(refused)
    return True


@fault(harmless=True)
def surroundings_are_forbidden(sketch: Sketch, app: App, rng: Random) -> bool:
    """Nothing but the gateway can be read."""
    actions = (azure.NETWORK, azure.SUBNET, azure.METRICS, azure.ENVIRONMENTS, azure.PERMISSIONS)
    sketch.azure_faults += [azure.forbidden(it) for it in actions]
    return True


@fault(harmless=True)
def azure_is_busy(sketch: Sketch, app: App, rng: Random) -> bool:
    """One request is turned away, and may be made again."""
    action = rng.choice((azure.READ, azure.BACKEND_HEALTH, azure.OPERATION_RESULT))
    sketch.azure_faults.append(azure.throttled(action, retry_after=0))
    return True


@fault(harmless=True, weight=1.5)
def members_of_a_scale_set(sketch: Sketch, app: App, rng: Random) -> bool:
    """Their network interfaces join the pool, so the document has no addresses."""
    if not all(map(is_ip, app.members)):
        return False
    name = f"{NETWORK}/networkInterfaces/nic-{app.name}"
    joined = {f"{name}-{each}/ipConfigurations/ip": each for each in app.members}
    sketch.options = replace(sketch.options, interfaces={**sketch.options.interfaces, **joined})
    members = [{"id": each} for each in joined]
    sketch.pools[app.name] = part(app.name, backendAddresses=[], backendIPConfigurations=members)
    return True
