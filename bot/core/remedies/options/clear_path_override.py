"""Let the HTTP settings pass on the path that clients ask for."""

from bot.core.analysis.bare_path import known_bare
from bot.core.arm.document import Document
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.remedies import edit_builder
from bot.core.remedies.edit_builder import SETTINGS
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Only where the same request without the override was answered."""
    settings = view.settings
    if not settings.path:
        return NotApplicable(f"{mark(settings.name)} does not override the path")
    if known_bare(view) is None:
        return NotApplicable("no request was seen that is answered without the path override")
    return Proposal(
        summary=f"let {mark(settings.name)} pass on the path that clients ask for instead of {mark(settings.path)}",
        edits=(edit_builder.set_value(document, SETTINGS, settings.name, "path", None),),
    )


OPTION = Option(
    id="clear_path_override",
    title="Clear the path override",
    automated=True,
    sources=("https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",),
    propose=propose,
)
