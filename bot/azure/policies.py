"""Whether Azure Policy would deny a document, by one plain POST that changes nothing."""

from bot.aside import aside
from bot.azure.connection import Connection
from bot.azure.failures import Call, CallFailed, call_arm
from bot.core.arm.document import GATEWAY_API_VERSION, Document
from bot.core.arm.policy_reader import policy_question, read_denials
from bot.core.model.unavailable import Unavailable

# https://learn.microsoft.com/rest/api/policyinsights/policy-restrictions/check-at-resource-group-scope
API_VERSION = "2022-03-01"

POLICY_CHECK = Call(
    "let Azure Policy check the change", "Microsoft.PolicyInsights/checkPolicyRestrictions/action"
)


async def denied_by(
    connection: Connection, gateway_id: str, planned: Document
) -> tuple[str, ...] | Unavailable:
    """The policy assignments that would deny the gateway as planned; management groups' are among them."""
    group = gateway_id[: gateway_id.lower().index("/providers/")]
    path = f"{group}/providers/Microsoft.PolicyInsights/checkPolicyRestrictions?api-version={API_VERSION}"
    question = await aside(policy_question, planned, GATEWAY_API_VERSION)
    try:
        found = await call_arm(connection.begin(path, question), POLICY_CHECK)
    except CallFailed as failed:
        return Unavailable(failed.trouble.reason)
    return await found.read_by(read_denials)
