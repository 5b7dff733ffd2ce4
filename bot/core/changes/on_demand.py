"""A probe that a gateway can try before it is configured: the body of `getBackendHealthOnDemand`.

Only v2 knows it, it takes the certificates from the HTTP settings as they are stored, and neither the two switches
that turn TLS validation off nor `sniName` are honoured
(learn.microsoft.com/azure/application-gateway/configuration-http-settings). So it is asked only where a plan changes
nothing but the probe, and the settings validate and fix no SNI.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.core.arm import edit
from bot.core.arm.certificates_reader import Certificates
from bot.core.arm.document import Document
from bot.core.arm.edit import Item, Value
from bot.core.arm.gateway_reader import read_gateway
from bot.core.changes.plan import Plan
from bot.core.model.gateway import Gateway, HttpSettings, Probe
from bot.core.remedies.edit_builder import PROBES, SETTINGS

HARMLESS = frozenset({"probe", "pickHostNameFromBackendAddress"})
"""Properties of HTTP settings that a trial can imitate: which probe is used, and where its host comes from."""


@dataclass(frozen=True, slots=True)
class OnDemand:
    """One trial: which pool and HTTP settings it is about, and ARM's request body."""

    pool: str
    settings: str
    body: Any


def on_demand_trials(
    plan: Plan, document: Document, certificates: Certificates
) -> tuple[OnDemand, ...]:
    """The trials that show what the gateway itself makes of a plan; none where that cannot be tried.

    Raises:
        Conflict: the plan does not fit the document.
    """
    gateway = read_gateway(edit.apply(plan.edits, document), certificates)
    if not gateway.traits.tries_probes_on_demand or not all(map(_imitable, plan.edits)):
        return ()
    return tuple(_trials(plan, gateway))


def _imitable(one: edit.Edit) -> bool:
    match one:
        case Item(collection=collection) | Value(collection=collection) if collection == PROBES:
            return True
        case Value(collection=collection, field=field):
            return collection == SETTINGS and field in HARMLESS
    return False


def _trials(plan: Plan, gateway: Gateway) -> Iterator[OnDemand]:
    settings = {it.id: it for it in gateway.http_settings}
    for pool_id, settings_id in dict.fromkeys((pool, of) for pool, of, _ in plan.watched):
        found = settings.get(settings_id)
        probe = gateway.probe_of(found) if found is not None else None
        if found is not None and probe is not None and _honoured(found):
            yield OnDemand(pool_id, settings_id, _body(pool_id, found, probe))


def _honoured(settings: HttpSettings) -> bool:
    """Whether a trial treats a backend of these settings as the periodic probe does."""
    return settings.validate_chain and settings.validate_sni and settings.sni_name is None


def _body(pool_id: str, settings: HttpSettings, probe: Probe) -> dict[str, Any]:
    return {
        "protocol": probe.protocol.capitalize(),
        "host": probe.host,
        "path": probe.path,
        "timeout": probe.timeout,
        "pickHostNameFromBackendHttpSettings": probe.pick_host_from_settings,
        "match": {"statusCodes": list(probe.match.status_codes), "body": probe.match.body or ""},
        "backendAddressPool": {"id": pool_id},
        "backendHttpSettings": {"id": settings.id},
    }
