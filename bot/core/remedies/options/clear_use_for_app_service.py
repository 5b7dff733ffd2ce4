"""Clear "Use for App Service": stop taking the host name from an IP member of the pool."""

from bot.core.arm.document import Document
from bot.core.arm.edit import Edit
from bot.core.case.attempts import candidate_names
from bot.core.case.view import BackendView
from bot.core.model.gateway import is_ip
from bot.core.model.marked import mark
from bot.core.remedies import edit_builder
from bot.core.remedies.edit_builder import PROBES, SETTINGS
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Clear both picks, and give the probe the host name that it then needs.

    The box leaves no trace of its own in ARM: it is read from `pickHostNameFromBackendAddress` and
    `pickHostNameFromBackendHttpSettings`.
    """
    settings = view.settings
    if not settings.pick_host_from_address:
        return NotApplicable(
            f"{mark(settings.name)} does not take its host name from the pool member"
        )
    if not is_ip(view.server):
        return NotApplicable(
            f"the pool member {mark(view.server)} is a name, so the box may stay checked"
        )
    name = next(iter(candidate_names(view.gateway, view.backend)), None)
    if name is None:
        return NotApplicable("no host name is known that could be used instead")
    edits: list[Edit] = [
        edit_builder.set_value(
            document, SETTINGS, settings.name, "pickHostNameFromBackendAddress", False
        )
    ]
    probe = view.gateway.probe_of(settings)
    if probe is not None and probe.pick_host_from_settings:
        picks = "pickHostNameFromBackendHttpSettings"
        edits.append(edit_builder.set_value(document, PROBES, probe.name, picks, False))
        edits.append(edit_builder.set_value(document, PROBES, probe.name, "host", name))
    asks = f", and let the health probe ask for {mark(name)}" if len(edits) > 1 else ""
    return Proposal(
        summary=f"let {mark(settings.name)} pass on the host name that clients ask for instead of the IP address"
        f" {mark(view.server)}{asks}",
        edits=tuple(edits),
    )


OPTION = Option(
    id="clear_use_for_app_service",
    title='Clear "Use for App Service"',
    automated=True,
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment",
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
    ),
    propose=propose,
)
