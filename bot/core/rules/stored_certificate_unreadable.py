"""What is stored on the gateway as a certificate is not one."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.certificates_in_use import certificates_in_use
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.certificate import Unreadable
from bot.core.model.marked import mark


def check(case: Case) -> Iterator[Match]:
    """ARM accepts whatever it is given, even a PKCS#12 file, and answers with 200."""
    for stored in certificates_in_use(case):
        found = stored.certificate
        if isinstance(found, Unreadable) and not found.key_vault:
            yield Match(
                f"What is stored on the gateway as {mark(stored.name)} cannot be read as a certificate:"
                f" {found.reason}.",
                (
                    Evidence(
                        f"{mark(stored.name)}: {found.reason}",
                        commands.show_gateway(
                            case.gateway, "[authenticationCertificates, trustedRootCertificates]"
                        ),
                    ),
                ),
                part=stored.name,
            )


RULE = Rule(
    id="stored_certificate_unreadable",
    severity="warning",
    symptom="A certificate that the HTTP settings refer to cannot be read as one.",
    cause="The wrong kind of file was uploaded (.pfx, .p7b, a private key), or the file was damaged.",
    remedy="Export the public part as Base-64 encoded X.509 (.CER), one certificate without its chain, and upload"
    " it.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/certificates-for-backend-authentication",
    ),
    check=check,
)
