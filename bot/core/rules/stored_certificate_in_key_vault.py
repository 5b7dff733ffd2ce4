"""A trusted root is kept in Key Vault, so it cannot be compared here."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.certificates_in_use import certificates_in_use
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.certificate import Unreadable
from bot.core.model.marked import mark


def check(case: Case) -> Iterator[Match]:
    """Azure answers with the secret's address instead of the certificate."""
    for stored in certificates_in_use(case):
        found = stored.certificate
        if isinstance(found, Unreadable) and found.key_vault:
            yield Match(
                f"{mark(stored.name)} is kept in Key Vault, so the bot cannot compare it with what backends"
                " serve.",
                (
                    Evidence(
                        f"{mark(stored.name)} has a keyVaultSecretId and no data",
                        commands.show_gateway(case.gateway, "trustedRootCertificates"),
                    ),
                ),
                part=stored.name,
            )


RULE = Rule(
    id="stored_certificate_in_key_vault",
    severity="info",
    symptom="A certificate that the HTTP settings refer to is kept in Key Vault.",
    cause="The gateway fetches it from there itself. That is not a fault, but the chain cannot be judged here.",
    remedy="None is needed. To compare by hand, download the certificate from Key Vault and check its SHA-256.",
    sources=("https://learn.microsoft.com/azure/application-gateway/key-vault-certs",),
    check=check,
)
