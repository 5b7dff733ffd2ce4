"""Leave the retired generation."""

from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.option import NotApplicable, Option, Proposal
from bot.core.reading import Document


def propose(case: Case, document: Document, backend: Backend) -> Proposal | NotApplicable:
    """Needed for every v1 gateway, but a project of its own: it ends no incident tonight."""
    if case.gateway.generation != "v1":
        return NotApplicable("it is a v2 gateway already")
    return NotApplicable(
        "v1 was retired on 2026-04-28, so it must be done; but it makes a new gateway, and there the host"
        " name and the issuing root have to be right as well: no remedy for tonight"
    )


OPTION = Option(
    id="migrate_to_v2",
    title="Migrate to v2",
    button="Migrate to v2",
    automated=False,
    sources=("https://learn.microsoft.com/azure/application-gateway/migrate-v1-v2",),
    propose=propose,
)
