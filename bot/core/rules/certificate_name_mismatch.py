"""The certificate does not carry the name that the gateway asks for."""

from collections.abc import Iterator

from bot.core import commands
from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.finding import Evidence, Seen, Undecided
from bot.core.hostname import covers, names
from bot.core.looking import seen_or_doubt
from bot.core.rule import Rule, Said, each_backend


def check(case: Case, backend: Backend) -> Iterator[Said]:
    """The name is the SNI of the probe; without one there is nothing to compare with."""
    wanted = case.sent(backend).sni
    if wanted is None or not backend.settings.validate_sni:
        return
    seen = seen_or_doubt(case, backend)
    if isinstance(seen, Undecided):
        yield seen
    elif seen is not None and seen.leaf is not None and not covers(seen.leaf, wanted):
        carried = ", ".join(names(seen.leaf)) or "no name at all"
        yield Seen(
            f"{backend.server} serves a certificate for {carried}, but the gateway asks for {wanted}.",
            (
                Evidence(
                    f"with SNI {wanted} the certificate carries: {carried}",
                    commands.openssl(case.probe_attempt(backend)),
                ),
                Evidence(
                    f"the health probe asks for {wanted}",
                    commands.show_probe(case.gateway, backend),
                ),
            ),
            backend,
        )


RULE = Rule(
    id="certificate_name_mismatch",
    severity="error",
    symptom="The backend's certificate is for another name than the gateway asks for.",
    cause="v2 compares the certificate with the probe's host or the settings' host name, v1 with the pool"
    " member's name. If there is a subject alternative name, the common name does not count.",
    remedy="Set the host name of the probe or the settings to a name in the certificate.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_backend(check),
)
