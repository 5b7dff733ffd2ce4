"""v2: an explicit SNI for live traffic (`sniName`, since API version 2024-10-01)."""

from bot.core import making
from bot.core.attempts import candidate_names
from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.making import SETTINGS
from bot.core.option import NotApplicable, Option, Proposal
from bot.core.reading import Document


def propose(case: Case, document: Document, backend: Backend) -> Proposal | NotApplicable:
    """Set `sniName` to the first name in play; what the health probe sends stays as it is."""
    if case.gateway.generation != "v2":
        return NotApplicable("a v1 gateway knows no sniName")
    if backend.settings.protocol != "https":
        return NotApplicable("the backend is not spoken to over TLS")
    name = next(iter(candidate_names(case.gateway, backend)), None)
    if name is None:
        return NotApplicable("no host name is in play that could be sent")
    if backend.settings.sni_name == name:
        return NotApplicable(f"sniName is {name} already")
    return Proposal(
        summary=f"send SNI {name} on live traffic of {backend.settings.name}",
        edits=(making.set_value(document, SETTINGS, backend.settings.name, "sniName", name),),
    )


OPTION = Option(
    id="set_sni_name",
    title="Set an explicit SNI in HTTP settings",
    button="Set SNI name",
    automated=True,
    sources=("https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",),
    propose=propose,
)
