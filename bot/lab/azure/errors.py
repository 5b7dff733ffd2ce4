"""Errors of Resource Manager: status, code and message.

The envelope is {"error": {"code", "message", "details"}}, see
https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors
"""

from dataclasses import dataclass

from bot.lab.values import Json


@dataclass(frozen=True, slots=True)
class ArmError:
    """What Resource Manager returns instead of carrying a request out. `retry_after` in seconds."""

    status: int
    code: str
    message: str
    details: tuple[tuple[str, str], ...] = ()
    retry_after: int | None = None

    def body(self) -> Json:
        details = [{"code": code, "message": message} for code, message in self.details]
        return {"error": {"code": self.code, "message": self.message, "details": details}}


class Refused(Exception):
    """Carries an `ArmError` from where a request fails to where the response is sent."""

    def __init__(self, error: ArmError) -> None:
        super().__init__(f"{error.status} {error.code}: {error.message}")
        self.error = error


def bad_request(code: str, message: str, *details: tuple[str, str]) -> Refused:
    return Refused(ArmError(400, code, message, details))


def resource_not_found(kind: str, name: str, group: str) -> Refused:
    # The sentence is from a recording in Azure/azure-cli, test_network_ag_address_pool.yaml.
    return Refused(
        ArmError(
            404,
            "ResourceNotFound",
            f"The Resource '{kind}/{name}' under resource group '{group}' was not found. "
            "For more details please go to https://aka.ms/ARMResourceNotFoundFix",
        )
    )


def etag_mismatch(given: str, current: str, resource: str) -> Refused:
    # Microsoft.Network's own wording: https://github.com/hashicorp/terraform-provider-azurerm/issues/13886
    detail = (
        f"Etag provided in if-match header {given} does not match etag {current} "
        f"of resource {resource} in NRP data store."
    )
    return Refused(
        ArmError(
            412,
            "PreconditionFailed",
            "Precondition failed.",
            (("PreconditionFailedEtagMismatch", detail),),
        )
    )


def gateway_timeout() -> Refused:
    """Something between the caller and the service gave up; what the service does with the request is not known."""
    return Refused(
        ArmError(504, "GatewayTimeout", "The gateway did not receive a response in time.")
    )


def another_operation() -> ArmError:
    # https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
    return ArmError(
        429,
        "RetryableErrorDueToAnotherOperation",
        "Operation PutApplicationGatewayOperation is in progress on this resource. "
        "Another operation on this or dependent resource holds the lock; retry later.",
        retry_after=1,
    )
