"""What can go wrong in Azure, as values: an effect, and the requests that it affects.

azure.set_fault(forbidden("Microsoft.Network/applicationGateways/write"))
azure.set_fault(Fault(LoseAnswer(), action=WRITE, times=1))
azure.set_fault(Fault(Down()))
"""

from dataclasses import dataclass

from bot.lab.azure.document import GatewayId
from bot.lab.azure.errors import ArmError

READ = "Microsoft.Network/applicationGateways/read"
WRITE = "Microsoft.Network/applicationGateways/write"
BACKEND_HEALTH = "Microsoft.Network/applicationGateways/backendhealth/action"
HEALTH_ON_DEMAND = "Microsoft.Network/applicationGateways/getBackendHealthOnDemand/action"
START = "Microsoft.Network/applicationGateways/start/action"
STOP = "Microsoft.Network/applicationGateways/stop/action"
OPERATION_STATUS = "Microsoft.Network/locations/operations/read"
OPERATION_RESULT = "Microsoft.Network/locations/operationResults/read"
NETWORK = "Microsoft.Network/virtualNetworks/read"
SUBNET = "Microsoft.Network/virtualNetworks/subnets/read"
ENVIRONMENTS = "Microsoft.Web/hostingEnvironments/read"
VIRTUAL_IP = "Microsoft.Web/hostingEnvironments/capacities/read"
NETWORKING = "Microsoft.Web/hostingEnvironments/configurations/networking/Read"
WEB_CERTIFICATES = "Microsoft.Web/certificates/read"
METRICS = "Microsoft.Insights/metrics/read"
LOCKS = "Microsoft.Authorization/locks/read"
POLICY_CHECK = "Microsoft.PolicyInsights/checkPolicyRestrictions/action"
PERMISSIONS = "Microsoft.Authorization/permissions/read"
SUBSCRIPTIONS = "Microsoft.Resources/subscriptions/read"
RESOURCE_GROUPS = "Microsoft.Resources/subscriptions/resourceGroups/read"
ANY_ACTION = "*"

_CLIENT = "5a8d1b0e-3c53-4a57-9d5e-0c9f6f0f2a41"

NOT_AUTHORIZED = (
    f"The client '{_CLIENT}' with object id '{_CLIENT}' does not have authorization to "
    "perform action '{action}' over scope '{scope}' or the scope is invalid. If access was "
    "recently granted, please refresh your credentials."
)
"""With the action and the scope to be filled in."""


@dataclass(frozen=True, slots=True)
class Refuse:
    """Return this error; nothing is carried out. {action} and {scope} are filled in."""

    error: ArmError


@dataclass(frozen=True, slots=True)
class Wait:
    """Carry the request out, this many seconds late."""

    seconds: float


@dataclass(frozen=True, slots=True)
class LoseAnswer:
    """Carry the request out, then cut the connection instead of responding."""


@dataclass(frozen=True, slots=True)
class Down:
    """Cut the connection; nothing is carried out."""


@dataclass(frozen=True, slots=True)
class FailLater:
    """Accept the PUT; its operation, and the gateway, end as Failed with this error."""

    code: str = "InternalServerError"
    message: str = "An error occurred."


@dataclass(frozen=True, slots=True)
class NeverEnd:
    """Accept the request; its operation stays in progress."""


@dataclass(frozen=True, slots=True)
class Blind:
    """Backend health: every server Unknown, as if the instances could not be reached."""


@dataclass(frozen=True, slots=True)
class IgnoreIfMatch:
    """Carry the PUT out whatever its If-Match says: that gateways honour it is documented nowhere."""


@dataclass(frozen=True, slots=True)
class ShowOld:
    """Accept the PUT; when its operation has succeeded, so many reads still show the gateway as it was.

    https://github.com/pulumi/pulumi-azure-native/issues/3042
    """

    reads: int


@dataclass(frozen=True, slots=True)
class CarryOutLater:
    """Answer 504, or cut the connection; carry the PUT out when the gateway has been read so many times."""

    reads: int
    cut: bool = False


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Accept the PUT; when it is in effect and was read so many times, somebody writes what was there before.

    https://github.com/Azure/application-gateway-kubernetes-ingress/issues/993
    """

    reads: int


@dataclass(frozen=True, slots=True)
class Last:
    """Accept the PUT; its operation ends when it has been asked for so many times."""

    looks: int


Effect = (
    Refuse
    | Wait
    | LoseAnswer
    | Down
    | FailLater
    | NeverEnd
    | Blind
    | IgnoreIfMatch
    | ShowOld
    | CarryOutLater
    | TakeBack
    | Last
)


@dataclass(frozen=True, slots=True)
class Fault:
    """An effect on requests that need `action`, of one gateway or all, in one subscription or all, `times` times or
    always."""

    effect: Effect
    action: str = ANY_ACTION
    gateway: str | None = None
    times: int | None = None
    subscription: str | None = None

    def strikes(self, action: str, gateway: GatewayId | None, subscription: str) -> bool:
        named = gateway is not None and gateway.name.lower() == (self.gateway or "").lower()
        there = self.subscription is None or self.subscription.lower() == subscription.lower()
        return self.action in (ANY_ACTION, action) and (self.gateway is None or named) and there


class Faults:
    """The faults that are set, and how often each still applies."""

    def __init__(self) -> None:
        self._left: dict[Fault, int | None] = {}

    def add(self, fault: Fault) -> None:
        self._left[fault] = fault.times

    def clear(self) -> None:
        self._left.clear()

    def strike(self, action: str, gateway: GatewayId | None, subscription: str) -> list[Effect]:
        """The effects on this request; each of them is counted."""
        effects: list[Effect] = []
        for fault, left in tuple(self._left.items()):
            if fault.strikes(action, gateway, subscription):
                effects.append(fault.effect)
                if left == 1:
                    del self._left[fault]
                elif left is not None:
                    self._left[fault] = left - 1
        return effects


def forbidden(
    action: str = ANY_ACTION, *, gateway: str | None = None, subscription: str | None = None
) -> Fault:
    """403 AuthorizationFailed: the caller lacks this action."""
    refusal = Refuse(ArmError(403, "AuthorizationFailed", NOT_AUTHORIZED))
    return Fault(refusal, action, gateway, subscription=subscription)


def linked_forbidden(gateway: str | None = None) -> Fault:
    """403 LinkedAuthorizationFailed on PUT: the caller may write, but not join the subnet.

    https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure
    """
    message = (
        f"The client '{_CLIENT}' with object id '{_CLIENT}' has permission to perform action "
        "'{action}' on scope '{scope}'; however, it does not have permission to perform "
        "action(s) 'Microsoft.Network/virtualNetworks/subnets/join/action' on the linked "
        "scope(s) of its gatewayIPConfigurations or the linked scope(s) are invalid."
    )
    return Fault(Refuse(ArmError(403, "LinkedAuthorizationFailed", message)), WRITE, gateway)


def scope_locked(action: str = WRITE, *, gateway: str | None = None) -> Fault:
    """409 ScopeLocked: a ReadOnly lock. It also stops the POST of backend health, see
    https://github.com/MicrosoftDocs/azure-docs/issues/77735
    """
    message = (
        "The scope '{scope}' cannot perform write operation because following scope(s) are "
        "locked: '{scope}'. Please remove the lock and try again."
    )
    return Fault(Refuse(ArmError(409, "ScopeLocked", message)), action, gateway)


def throttled(action: str = ANY_ACTION, *, retry_after: int = 1, times: int | None = 1) -> Fault:
    """429 with Retry-After, in seconds."""
    message = (
        "Number of requests for action '{action}' exceeded the limit. Please try again after "
        f"'{retry_after}' seconds."
    )
    error = ArmError(429, "TooManyRequests", message, retry_after=retry_after)
    return Fault(Refuse(error), action, times=times)


def server_error(action: str = ANY_ACTION, *, status: int = 500, times: int | None = None) -> Fault:
    """A 5xx that does nothing."""
    error = ArmError(status, "InternalServerError", "An error occurred.")
    return Fault(Refuse(error), action, times=times)
