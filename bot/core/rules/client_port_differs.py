"""Clients' requests go to another port than the health probe, where the site is not."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import site
from bot.core.analysis.probed_port import found_at_probed_port
from bot.core.case.audiences import each_client
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """Proven by the same request at the probe's port, which is answered."""
    found = found_at_probed_port(view)
    if found is None or view.client is None:
        return
    sent, absent, probed = view.request, found.absent, found.there
    changed = (
        f"Host {mark(probed.host)}" if probed.host != sent.host else "",
        f"path {mark(probed.path or '')}" if probed.path != sent.path else "",
    )
    asked = f" for {' and '.join(filter(None, changed))}" if any(changed) else ""
    yield Match(
        f"{mark(view.server)} does not have {mark(view.client.way.site)} on port {sent.port}, where"
        f" {mark(view.settings.name)} sends clients, but on port {probed.port}, which the health probe asks{asked}.",
        (
            Evidence(
                f"port {sent.port}, Host {mark(absent.host)}, path {mark(absent.path or '')}: not found",
                commands.curl(absent),
            ),
            Evidence(
                f"the same on port {probed.port}: {found.status}",
                commands.curl(probed),
            ),
            Evidence(
                f"the port of {mark(view.settings.name)} is {sent.port}",
                commands.show_settings(view.gateway, view.backend),
            ),
        ),
        view.backend,
    )


RULE = Rule(
    id="client_port_differs",
    severity="error",
    symptom="Clients' requests go to a port on which the site is not; the health probe asks another port.",
    cause="The probe has a port of its own, and the port of the HTTP settings leads to another service of the server.",
    remedy="Set the port of the HTTP settings to the one on which the site is.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
    ),
    check=each_client(check),
    guide=site.CORRECT_PORT,
)
