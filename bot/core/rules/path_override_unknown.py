"""The HTTP settings replace the path of clients' requests by one that the backend does not have."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.bare_path import known_bare
from bot.core.analysis.guides import site
from bot.core.case.audiences import each_client
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """Proven by the same request without the override, which the server does answer."""
    found = known_bare(view)
    if found is None or view.client is None:
        return
    way = view.client.way
    yield Match(
        f"Clients' requests for {mark(way.host + way.path)} reach {mark(view.server)} as"
        f" {mark(view.request.path)}, which it does not have: {mark(view.settings.name)} overrides the path.",
        (
            Evidence(
                f"path {mark(view.request.path)} is not found there",
                commands.curl(found.overridden),
            ),
            Evidence(
                f"path {mark(way.path)}, without the override: {found.status}",
                commands.curl(found.bare),
            ),
            Evidence(
                f"the override is {mark(view.settings.path or '')}",
                commands.show_settings(view.gateway, view.backend),
            ),
        ),
        view.backend,
    )


RULE = Rule(
    id="path_override_unknown",
    severity="error",
    symptom="Clients' requests reach a path that the backend does not have, and the health probe another one.",
    cause="*Override backend path* of the HTTP settings is misspelt or left over; the health probe has a path of its"
    " own and does not notice.",
    remedy="Clear the override in the HTTP settings, or correct it.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
        "https://github.com/aztfmod/terraform-azurerm-caf/issues/1058",
    ),
    check=each_client(check),
    guide=site.CORRECT_OVERRIDE,
)
