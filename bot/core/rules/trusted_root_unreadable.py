"""v2: what the settings trust as a root is no certificate, and the gateway finds no root for the served chain."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.chain_fault import ChainFault, chain_fault
from bot.core.analysis.guides import tls
from bot.core.analysis.health_message import MEANING
from bot.core.case.audiences import each_request
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """Only with the gateway's own word: what we cannot read, the gateway might."""
    fault = chain_fault(view)
    broken = fault.broken_root if isinstance(fault, ChainFault) else None
    if not isinstance(fault, ChainFault) or broken is None:
        return
    gateway, settings = view.gateway, mark(view.settings.name)
    yield Match(
        f"What {settings} trusts as the root {mark(broken.name)} cannot be read as a certificate"
        f" ({broken.reason}), and the gateway has no root for {mark(view.server)}: {MEANING[broken.says]}.",
        (
            Evidence(
                f"{mark(broken.name)}: {broken.reason}",
                commands.show_gateway(gateway, "trustedRootCertificates"),
            ),
            Evidence(f"the gateway says: {broken.message}", commands.show_health(gateway)),
            *fault.evidence,
        ),
        view.backend,
    )


RULE = Rule(
    id="trusted_root_unreadable",
    severity="error",
    symptom="A trusted root of the HTTP settings is not a certificate, and the gateway has no root for the backend"
    " (v2).",
    cause="The wrong kind of file was uploaded as the root (.pfx, .p7b, a private key), or the file was damaged.",
    remedy="Upload the self-signed root of the backend's chain again: Base-64 encoded X.509 (.CER), alone in its"
    " file.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/azure/application-gateway/certificates-for-backend-authentication",
        "https://github.com/MicrosoftDocs/azure-docs/issues/91051",
    ),
    check=each_request(check),
    guide=tls.REPLACE_ROOT,
)
