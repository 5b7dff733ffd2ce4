"""Azure Policy: assignments with the effect deny, and the check of a document that is not written yet.

Shape: Azure/azure-rest-api-specs, specification/policyinsights/resource-manager/Microsoft.PolicyInsights/stable/
2022-03-01/examples/PolicyRestrictions_CheckAtResourceGroupScope.json; what a PUT that is denied gets:
https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/error-policy-requestdisallowedbypolicy
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.lab.azure.calls import Call, Reply, reply
from bot.lab.azure.errors import ArmError, Refused
from bot.lab.values import Json


@dataclass(frozen=True, slots=True)
class DenyPolicy:
    """An assignment at a scope, and which documents of gateways it denies."""

    scope: str
    name: str
    denies: Callable[[Json], bool]

    @property
    def id(self) -> str:
        return f"{self.scope}/providers/Microsoft.Authorization/policyAssignments/{self.name}"

    def holds(self, resource: str) -> bool:
        """Whether the assignment is at or above this resource or group."""
        return f"{resource}/".lower().startswith(f"{self.scope}/".lower())


class Policies:
    """Answers which assignments would deny a document."""

    def __init__(self, policies: Sequence[DenyPolicy]) -> None:
        self._policies = tuple(policies)

    async def check(self, call: Call) -> Reply:
        body = call.body if isinstance(call.body, dict) else {}
        content = body["resourceDetails"]["resourceContent"]
        group = f"/subscriptions/{call.words['subscription']}/resourceGroups/{call.words['group']}"
        found = [
            {
                "policyInfo": {
                    "policyDefinitionId": f"{it.id}-definition",
                    "policyAssignmentId": it.id,
                },
                "evaluationResult": "NonCompliant",
                "evaluationDetails": {"evaluatedExpressions": []},
            }
            for it in self._policies
            if it.holds(group) and it.denies(content)
        ]
        result = {"fieldRestrictions": [], "contentEvaluationResult": {"policyEvaluations": found}}
        return reply(200, result)


def enforce(policies: Sequence[DenyPolicy], gateway_id: str, document: Json) -> None:
    """Refuse a document that an assignment denies."""
    for it in policies:
        if it.holds(gateway_id) and it.denies(document):
            name = gateway_id.rpartition("/")[2]
            message = (
                f"Resource '{name}' was disallowed by policy. Policy identifiers:"
                f""" '[{{"policyAssignment":{{"name":"{it.name}","id":"{it.id}"}}}}]'."""
            )
            raise Refused(ArmError(403, "RequestDisallowedByPolicy", message))
