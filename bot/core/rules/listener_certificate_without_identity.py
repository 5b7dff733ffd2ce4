"""A listener's certificate is in Key Vault, and the gateway has no identity with which to fetch it."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import routing
from bot.core.analysis.unfetched_certificates import without_certificate
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.marked import mark, mark_all


def check(case: Case) -> Iterator[Match]:
    """Only where the last change failed: a gateway that fetched it before may still present that copy."""
    gateway = case.gateway
    users = without_certificate(gateway)
    if not users:
        return
    yield Match(
        f"The certificate of {mark_all(it.name for it in users)} is kept in Key Vault, and the gateway has no identity"
        " with which it could fetch it; its last change failed.",
        (
            Evidence(
                "these certificates have a keyVaultSecretId",
                commands.show_gateway(
                    gateway, "sslCertificates[].{name: name, secret: keyVaultSecretId}"
                ),
            ),
            Evidence(
                "the gateway has no managed identity", commands.show_gateway(gateway, "identity")
            ),
            Evidence(
                f"provisioningState is {mark(gateway.provisioning_state)}",
                commands.show_gateway(gateway, "provisioningState"),
            ),
        ),
        sites=tuple(dict.fromkeys(host for it in users for host in it.hosts)),
    )


RULE = Rule(
    id="listener_certificate_without_identity",
    severity="error",
    symptom="A listener's certificate is in Key Vault, the gateway has no identity, and its last change failed.",
    cause="A gateway fetches such a certificate with a user-assigned managed identity. Without one it cannot, and"
    " Azure disables the listeners that use it.",
    remedy="Assign a user-assigned managed identity to the gateway that may read the vault's secrets (role Key Vault"
    " Secrets User, or the access policy Get for secrets); then check that the provisioning state is Succeeded.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/key-vault-certs",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-key-vault-common-errors",
    ),
    check=check,
    guide=routing.GIVE_IDENTITY,
)
