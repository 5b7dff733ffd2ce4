"""v2: HTTP settings tell the gateway not to check the backend's certificate."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.gateway import HttpSettings
from bot.core.model.marked import mark


def check(case: Case) -> Iterator[Match]:
    """Said once for each HTTP settings of a live route that speaks HTTPS."""
    if not case.gateway.traits.has_tls_settings:
        return
    told: set[str] = set()
    for backend in case.backends:
        settings = backend.settings
        off = _switched_off(settings)
        if settings.protocol != "https" or settings.id in told or not off:
            continue
        told.add(settings.id)
        yield Match(
            f"{mark(settings.name)} does not check {' and '.join(off.values())} of its backends, so anyone on"
            " the network in between could answer in their place.",
            (
                Evidence(
                    f"{' and '.join(off)} of {mark(settings.name)}: false",
                    commands.show_settings(case.gateway, backend),
                ),
            ),
            part=settings.name,
        )


def _switched_off(settings: HttpSettings) -> dict[str, str]:
    """Property -> what it would check; the names are those of API version 2024-10-01."""
    switches = {
        "validateCertChainAndExpiry": (settings.validate_chain, "the certificate chain and dates"),
        "validateSNI": (settings.validate_sni, "the certificate's name"),
    }
    return {name: what for name, (on, what) in switches.items() if not on}


RULE = Rule(
    id="validation_switched_off",
    severity="warning",
    symptom="The HTTP settings do not validate the backend's certificate (v2).",
    cause="Validation was switched off, most likely to end an incident or for a test. That hides the fault and"
    " leaves no proof of who answers.",
    remedy="Fix chain and name, then set validateCertChainAndExpiry and validateSNI to true again.",
    sources=("https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",),
    check=check,
)
