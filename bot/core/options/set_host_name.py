"""v2: let the health probe ask for a host name that the backend has a certificate for, so that SNI is sent."""

from bot.core import making
from bot.core.attempts import candidate_names
from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.edit import Edit, Item, sub_resource_id
from bot.core.gateway import Probe
from bot.core.hostname import covers
from bot.core.making import PROBES, SETTINGS
from bot.core.observation import Attempt
from bot.core.option import NotApplicable, Option, Proposal
from bot.core.reading import Document


def propose(case: Case, document: Document, backend: Backend) -> Proposal | NotApplicable:
    """Give the probe an explicit host; the settings are left alone, so live traffic keeps the client's host."""
    if case.gateway.generation != "v2":
        return NotApplicable("on v1 the host name is never sent as SNI, so it would change nothing")
    name = _fitting_name(case, backend)
    if name is None:
        return NotApplicable(
            "no host name of the listeners is one the backend has a certificate for"
        )
    if case.sent(backend).sni == name and case.sent(backend).host == name:
        return NotApplicable(f"the probe asks for {name} already")
    probe = case.gateway.probe_of(backend.settings)
    edits = (
        _new_probe(document, backend, name)
        if probe is None
        else _existing_probe(document, backend, probe, name)
    )
    return Proposal(
        summary=f"let the health probe of {backend.settings.name} ask for {name} (Host header and SNI)",
        edits=edits,
    )


def _fitting_name(case: Case, backend: Backend) -> str | None:
    names = candidate_names(case.gateway, backend)
    if case.sent(backend).protocol == "http":
        return next(iter(names), None)
    sent = case.sent(backend)
    for name in names:
        attempt = Attempt(backend.server, sent.port, True, name, name, sent.path)
        handshake = case.handshake(attempt)
        if handshake is not None and handshake.leaf is not None and covers(handshake.leaf, name):
            return name
    return None


def _existing_probe(
    document: Document, backend: Backend, probe: Probe, name: str
) -> tuple[Edit, ...]:
    picks = "pickHostNameFromBackendHttpSettings"
    edits: list[Edit] = []
    if probe.pick_host_from_settings:
        edits.append(making.set_value(document, PROBES, probe.name, picks, False))
    edits.append(making.set_value(document, PROBES, probe.name, "host", name))
    if backend.settings.pick_host_from_address:
        edits.append(
            making.set_value(
                document,
                SETTINGS,
                backend.settings.name,
                "pickHostNameFromBackendAddress",
                False,
            )
        )
    return tuple(edits)


def _new_probe(document: Document, backend: Backend, name: str) -> tuple[Edit, ...]:
    # The values of the default probe (application-gateway-probe-overview), with a host of its own.
    settings = backend.settings
    probe_name = f"agw-{settings.name}"[: making.MOST_NAME]
    properties = {
        "protocol": "Https" if settings.protocol == "https" else "Http",
        "host": name,
        "path": "/",
        "interval": 30,
        "timeout": 30,
        "unhealthyThreshold": 3,
        "pickHostNameFromBackendHttpSettings": False,
    }
    target = {"id": sub_resource_id(document, PROBES, probe_name)}
    edits: list[Edit] = [
        Item("add", PROBES, probe_name, properties),
        making.set_value(document, SETTINGS, settings.name, "probe", target),
    ]
    if settings.pick_host_from_address:
        picks = "pickHostNameFromBackendAddress"
        edits.append(making.set_value(document, SETTINGS, settings.name, picks, False))
    return tuple(edits)


OPTION = Option(
    id="set_host_name",
    title="Set the host name that the probe asks for",
    button="Set host name",
    automated=True,
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
    ),
    propose=propose,
)
