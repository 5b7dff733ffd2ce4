"""Migrate away from the retired generation."""

from bot.core.arm.document import Document
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.marked import mark_command
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Needed for every v1 gateway, but a project of its own: it does not end an incident tonight."""
    retired = view.gateway.traits.retired
    if retired is None:
        return NotApplicable("it is a v2 gateway already")
    return NotApplicable(
        f"v1 was retired on {retired}, so it must be done; but it creates a new gateway, where the host"
        " name and the issuing root have to be right as well: not a remedy for tonight",
        _steps(view.case),
    )


def _steps(case: Case) -> tuple[str, ...]:
    gateway = case.gateway
    install = (
        f"Connect-AzAccount; Set-AzContext -Subscription '{gateway.subscription}';"
        " Install-Script -Name AzureAppGWClone"
    )
    clone = (
        f"./AzureAppGWClone.ps1 -resourceId {gateway.id} -subnetAddressRange <free range>"
        f" -appgwName {gateway.name}-v2 -AppGWResourceGroupName {gateway.resource_group}"
    )
    return (
        "Reserve a subnet of the same virtual network for it; a v2 gateway cannot share one with a v1.",
        f"In PowerShell: {mark_command(install)}",
        f"Then: {mark_command(clone)}",
        "The script switches off the validation of backend certificates. Upload the issuing roots, set the host"
        " names, and switch it on again; diagnose the new gateway.",
        "Then move clients over: DNS, or a public IP of the Standard SKU; delete the old gateway last.",
    )


OPTION = Option(
    id="migrate_to_v2",
    title="Migrate to v2",
    automated=False,
    sources=("https://learn.microsoft.com/azure/application-gateway/migrate-v1-v2",),
    propose=propose,
)
