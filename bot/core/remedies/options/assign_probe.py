"""Let HTTP settings use a health probe that the gateway has already, and that nothing refers to yet."""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.arm.document import Document
from bot.core.arm.edit import sub_resource_id
from bot.core.case.case import NOT_MADE
from bot.core.case.view import BackendView
from bot.core.model.gateway import Probe
from bot.core.model.hostname import fits
from bot.core.model.marked import mark
from bot.core.model.observation import Answered, Attempt, Response
from bot.core.model.status_ranges import in_ranges
from bot.core.remedies import edit_builder
from bot.core.remedies.edit_builder import PROBES, SETTINGS
from bot.core.remedies.option import NotApplicable, Option, Proposal
from bot.core.routing.gateway_request import GatewayRequest, probe_request


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """The first probe that the backend answers as it expects, or whose request nobody has made yet."""
    if view.gateway.probe_of(view.settings) is not None:
        return NotApplicable("the HTTP settings have a health probe of their own")
    found = next(_fitting(view), None)
    if found is None:
        return NotApplicable("the gateway has no unused health probe that fits these HTTP settings")
    probe, asked = found
    settings = view.settings.name
    target = {"id": sub_resource_id(document, PROBES, probe.name)}
    return Proposal(
        summary=f"let {mark(settings)} use the health probe {mark(probe.name)}, which the gateway has already"
        " and nothing refers to, instead of the default probe",
        edits=(edit_builder.set_value(document, SETTINGS, settings, "probe", target),),
        asks=(asked,),
    )


def _fitting(view: BackendView) -> Iterator[tuple[Probe, Attempt]]:
    used = {it.probe for it in view.gateway.http_settings}
    for probe in view.gateway.probes:
        sent = _request(view, probe)
        if probe.id in used or sent.protocol != view.settings.protocol or not _is_ours(view, sent):
            continue
        match view.case.outcome(attempt := sent.to(view.server)):
            case Answered(http=Response(status=status)) if in_ranges(
                status, sent.match.status_codes
            ):
                yield probe, attempt
            case outcome if outcome == NOT_MADE:
                yield probe, attempt


def _request(view: BackendView, probe: Probe) -> GatewayRequest:
    """What that probe would send to this backend."""
    settings = replace(view.settings, probe=probe.id)
    return probe_request(view.gateway, replace(view.backend, settings=settings))


def _is_ours(view: BackendView, sent: GatewayRequest) -> bool:
    """Whether it asks for a site of these settings: a probe for another one says nothing about them."""
    own = (*view.backend.hosts, view.settings.host_name, view.server)
    return any(fits(host, sent.host) for host in own if host)


OPTION = Option(
    id="assign_probe",
    title="Assign the existing health probe",
    automated=True,
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
    ),
    propose=propose,
)
