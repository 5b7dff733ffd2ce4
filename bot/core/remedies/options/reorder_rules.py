"""Let the rule of a hidden site come before the broader one that takes its requests."""

from bot.core.analysis.hidden_site import differing_answer
from bot.core.arm.document import Document
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.remedies import edit_builder
from bot.core.remedies.edit_builder import ROUTING_RULES
from bot.core.remedies.option import NotApplicable, Option, Proposal


def propose(view: BackendView, document: Document) -> Proposal | NotApplicable:
    """Exchange the two priorities; v1 has none, and goes by the order of the document."""
    own = differing_answer(view)
    if own is None or view.client is None:
        return NotApplicable("no site is known whose requests a broader rule takes")
    first, later = view.client.way.rule, own.rule
    if first.priority is None or later.priority is None:
        return NotApplicable(
            f"rules without priorities are tried in the order in which they were made: {mark(first.name)} would have"
            f" to be made anew after {mark(later.name)}",
            steps=(
                f"Delete rule {mark(first.name)} and make it anew, so that {mark(later.name)} comes before it.",
            ),
        )
    return Proposal(
        summary=f"try rule {mark(later.name)} before {mark(first.name)} (exchange their priorities"
        f" {later.priority} and {first.priority})",
        edits=(
            edit_builder.set_value(document, ROUTING_RULES, first.name, "priority", later.priority),
            edit_builder.set_value(document, ROUTING_RULES, later.name, "priority", first.priority),
        ),
    )


OPTION = Option(
    id="reorder_rules",
    title="Let the site's own rule come first",
    button="Reorder rules",
    automated=True,
    sources=("https://learn.microsoft.com/azure/application-gateway/multiple-site-overview",),
    propose=propose,
)
