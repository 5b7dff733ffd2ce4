"""Let the gateway use the port and the protocol on which the backend answers."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.alternate_endpoint import AlternateEndpoint, answering_endpoint
from bot.core.arm.document import Document
from bot.core.arm.edit import Value
from bot.core.case.view import BackendView
from bot.core.model.marked import mark, mark_command
from bot.core.model.observation import NotConnected
from bot.core.remedies import edit_builder
from bot.core.remedies.edit_builder import PROBES, SETTINGS
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.routing.gateway_request import GatewayRequest


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """By hand: that something answers there does not prove that it is what the site's clients should get."""
    way = answering_endpoint(view)
    if way is None:
        return NotApplicable(
            "no other port or protocol is known on which the backend answers as expected"
        )
    sent = view.request
    return Proposal(
        summary=f"speak {way.protocol.upper()} to port {way.port} of {mark(view.server)} instead of"
        f" {sent.protocol.upper()} to port {sent.port}{_warning(sent, way)}",
        edits=_edits(view, document, way),
        steps=_steps(view, way),
    )


def _warning(sent: GatewayRequest, way: AlternateEndpoint) -> str:
    lost = sent.protocol == "https" and way.protocol == "http"
    return (
        "; traffic between gateway and backend is then no longer encrypted, so enable TLS on"
        " the server instead if you can"
        if lost
        else ""
    )


def _edits(view: BackendView, document: Document, way: AlternateEndpoint) -> tuple[Value, ...]:
    settings, sent = view.settings, view.request
    probe = view.gateway.probe_of(settings)
    wanted: list[tuple[str, str, str, object, object]] = []
    if probe is not None:
        wanted.append((PROBES, probe.name, "protocol", probe.protocol, way.protocol))
    if probe is not None and probe.port:
        wanted.append((PROBES, probe.name, "port", probe.port, way.port))
    # A probe with an endpoint of its own is corrected alone: it should test what clients are served.
    if (settings.protocol, settings.port) == (sent.protocol, sent.port):
        wanted.append((SETTINGS, settings.name, "protocol", settings.protocol, way.protocol))
        wanted.append((SETTINGS, settings.name, "port", settings.port, way.port))
    changed = tuple(
        edit_builder.set_value(document, collection, name, field, _as_arm(after))
        for collection, name, field, before, after in wanted
        if before != after
    )
    plain = any(
        (it.place, it.after) == (f"{SETTINGS}/{settings.name}/protocol", "Http") for it in changed
    )
    return (*changed, *(_without_trust(view, document) if plain else ()))


def _without_trust(view: BackendView, document: Document) -> Iterator[Value]:
    """Azure refuses settings that speak plain HTTP and name certificates to trust."""
    trust: str = view.gateway.traits.trust_collection
    settings = view.settings
    if edit_builder.raw_value(document, SETTINGS, settings.name, trust):
        yield edit_builder.set_value(document, SETTINGS, settings.name, trust, None)


def _as_arm(value: object) -> object:
    return value.capitalize() if isinstance(value, str) else value


def _steps(view: BackendView, way: AlternateEndpoint) -> tuple[str, ...]:
    # What answers there in another way is not down.
    down = isinstance(view.connection, NotConnected)
    instead = (
        f", or whether its service on port {view.request.port} is down: then start that instead"
    )
    return (
        f"Ask whoever runs {mark(view.server)} whether the site should answer {way.protocol.upper()} on port"
        f" {way.port}{instead if down else ''}.",
        f"See for yourself what answers there: {mark_command(commands.curl(way.attempt))}",
        "If it should, change the HTTP settings (and the probe) as the code for this option says, then"
        f" check again: {mark_command(commands.show_health(view.gateway))}",
    )


OPTION = Option(
    id="correct_port",
    title="Correct port or protocol in HTTP settings",
    automated=False,
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
    ),
    propose=propose,
)
