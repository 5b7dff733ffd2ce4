"""HTTP settings are probed with the default probe."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.marked import mark


def check(case: Case) -> Iterator[Match]:
    """Only where no host name is involved: elsewhere the default probe asks for the wrong one."""
    told: set[str] = set()
    for backend in case.backends:
        settings = backend.settings
        if case.gateway.probe_of(settings) or backend.hosts or settings.id in told:
            continue
        told.add(settings.id)
        yield Match(
            f"{mark(settings.name)} has no health probe of its own: the default probe asks for"
            f" {settings.protocol}://127.0.0.1:{settings.port}/ every 30 s.",
            (
                Evidence(
                    f"{mark(settings.name)} refers to no probe",
                    commands.show_settings(case.gateway, backend),
                ),
            ),
            part=settings.name,
        )


RULE = Rule(
    id="settings_without_probe",
    severity="info",
    symptom="HTTP settings have no custom health probe.",
    cause="None was created; the default probe then asks for the start page, which may be healthy while the"
    " application is not.",
    remedy="Create a custom probe for a page that shows whether the application works.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
    ),
    check=check,
)
