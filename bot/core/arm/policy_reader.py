"""Azure Policy's check of a document that is to be written -> the assignments that would deny it.

Shape: Azure/azure-rest-api-specs, specification/policyinsights/resource-manager/Microsoft.PolicyInsights/stable/
2022-03-01/examples/PolicyRestrictions_CheckAtResourceGroupScope.json. `contentEvaluationResult` "will indicate if the
partial content that was provided will be denied as-is":
https://learn.microsoft.com/javascript/api/@azure/arm-policyinsights/checkrestrictionsresultcontentevaluationresult
"""

from bot.core.arm.document import Document
from bot.core.arm.entry import root_entry
from bot.core.model.unavailable import Unavailable

_DENIED = "noncompliant"

_ASKED = ("name", "type", "location", "tags", "identity", "zones", "properties")
"""What a policy may look at of a resource; the etag is none of it."""


def policy_question(planned: Document, api_version: str) -> Document:
    """What is asked about a gateway as it would be written."""
    content = {key: planned[key] for key in _ASKED if key in planned}
    return {"resourceDetails": {"resourceContent": content, "apiVersion": api_version}}


def read_denials(answer: object) -> tuple[str, ...] | Unavailable:
    """The names of the policy assignments that would deny it; `Unavailable` if the answer is no such check."""
    root = root_entry(answer, "Azure Policy's check")
    checked = root.entry("contentEvaluationResult")
    if not checked.is_list("policyEvaluations"):
        return Unavailable("Azure's answer is no check of policies")
    denied = (
        it.entry("policyInfo").text("policyAssignmentId") or "one that it does not name"
        for it in checked.entries("policyEvaluations")
        if (it.text("evaluationResult") or "").lower() == _DENIED
    )
    return tuple(dict.fromkeys(it.rpartition("/")[2] for it in denied))
