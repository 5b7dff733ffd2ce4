"""Let the rule of a hidden site come before the broader one that takes its requests."""

from bot.core.analysis.hidden_site import differing_answer
from bot.core.arm.document import Document
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.remedies import edit_builder
from bot.core.remedies.edit_builder import ROUTING_RULES
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """The next free priority before the broader rule; v1 has none, and goes by the order of the document."""
    own = differing_answer(view)
    if own is None or view.client is None:
        return NotApplicable("no site is known whose requests a broader rule takes")
    first, later = view.client.way.rule, own.rule
    free = _free_before(view, first.priority) if first.priority else None
    if free is None:
        return NotApplicable(
            f"there is no priority before that of {mark(first.name)} that could be given to {mark(later.name)}",
            steps=(f"Make {mark(first.name)} anew, so that {mark(later.name)} comes before it.",),
        )
    return Proposal(
        summary=f"try rule {mark(later.name)} before {mark(first.name)}: priority {free} instead of {later.priority}",
        edits=(edit_builder.set_value(document, ROUTING_RULES, later.name, "priority", free),),
    )


def _free_before(view: BackendView, priority: int) -> int | None:
    used = {it.priority for it in view.gateway.rules}
    return next((it for it in range(priority - 1, 0, -1) if it not in used), None)


OPTION = Option(
    id="reorder_rules",
    title="Let the site's own rule come first",
    automated=True,
    sources=("https://learn.microsoft.com/azure/application-gateway/multiple-site-overview",),
    propose=propose,
)
