"""What ARM's errors mean: why, as a sentence for a person, and what to do. Pure.

Sources: https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors and
https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-application-gateway-deployment-scaling-deletion-failures
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.core.arm.document import Document, mapping_of, mappings_of, object_of, text_of

QUOTED = 400
"""How many characters of ARM's own message are quoted: its beginning, and its end with the secret or the help link."""

_CUT = " [...] "
_TAIL = 180
"""How many of them are its end."""

LONGEST_WAIT = 300.0
"""The most seconds of a Retry-After; ARM's quotas fill up again within an hour, its own locks within minutes."""

# A resource id is up to 300 characters, and what tells is its last words.
_RESOURCE_ID = re.compile(
    r"/subscriptions/[-\w]+/resourceGroups/[-\w.()]+/providers/[\w.]+/(?=\w)", re.I
)

# Anything that looks like a token, a key or a certificate is removed from a message, whoever put it there.
_SECRET = re.compile(
    r"eyJ[\w-]{8,}(\.[\w-]*)*"
    r"|(?<![\w./-])[A-Za-z0-9+][A-Za-z0-9+/]{99,}={0,2}"  # Not a resource id: those begin with /.
    r"|(?i:(?<=secret=)|(?<=password=)|(?<=sig=)|(?<=bearer ))\S+"
)
_MISSING = re.compile(r"perform action '([^']+)' over scope '([^']+)'")
_MISSING_LINKED = re.compile(
    r"perform action(?:\(s\))? '([^']+)' on the linked scope(?:\(s\))? ?(?:'([^']+)')?"
)


@dataclass(frozen=True, slots=True)
class ArmError:
    """The error in a response: its codes from the most to the least specific, and its message, cut and cleaned."""

    codes: tuple[str, ...] = ()
    said: str = ""

    @property
    def code(self) -> str:
        return self.codes[0] if self.codes else ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why something failed. `reason` is a clause without a full stop, `hint` a sentence or empty.

    `wait` is how many seconds Azure asks to wait, if it does.
    """

    code: str
    reason: str
    hint: str = ""
    wait: float | None = None

    @property
    def clause(self) -> str:
        """Reason and hint as one clause, for use within a sentence."""
        return f"{self.reason} ({self.hint.rstrip('.')})" if self.hint else self.reason


OWN = "the bot's identity"
"""Whose permissions are meant, unless writing has an identity of its own."""

_GRANT = "Assign it a role with this action on the gateway, such as {role}; this takes effect after some minutes."
_GRANT_LINKED = (
    "Assign it a role with this action on {linked}, such as {role}: a role on the gateway is not enough."
    " This takes effect after some minutes."
)
_SIGN_IN = "Check the AZURE_* variables, the managed identity or `az login`, whichever the bot signs in with."
_GONE = "Search for it by name; it may have been moved or deleted."
_BUSY = Trouble(
    "busy",
    "another operation on the gateway, or on something it depends on, is in progress ({code})",
    "Wait until it has finished, and try again.",
)
_THROTTLED = Trouble(
    "throttled",
    "Azure received too many requests from this identity ({code})",
    "Wait a minute, and try again.",
)
_FORBIDDEN = Trouble("forbidden", "{who} lacks {action} on {scope}", _GRANT)
_LINKED = Trouble("forbidden", "{who} also needs {action} on {scope}", _GRANT_LINKED)
_INVALID = Trouble("invalid", "Azure refuses it as not valid ({code}): {said}")
_NOT_SIGNED_IN = Trouble(
    "signin", "Azure does not accept the bot's sign-in ({code}): {said}", _SIGN_IN
)
_ETAG = Trouble(
    "etag_mismatch", "somebody else changed the gateway after it was read", "Diagnose it again."
)
_UNREGISTERED = Trouble(
    "not_registered",
    "the subscription is not registered for Microsoft.Network, so it has no gateways",
)

# What a write joins: https://learn.microsoft.com/azure/application-gateway/configuration-infrastructure, "Permissions"
_LINKS: Mapping[str, str] = {
    "subnets/join/action": "the gateway's subnet",
    "publicipaddresses/join/action": "the gateway's public IP address",
    "applicationgatewaywebapplicationfirewallpolicies/join/action": "the WAF policy",
    "userassignedidentities/assign/action": "the gateway's managed identity",
}

BY_CODE: Mapping[str, Trouble] = {
    "AuthorizationFailed": _FORBIDDEN,
    "LinkedAuthorizationFailed": _LINKED,
    "LinkedAccessCheckFailed": _LINKED,
    "RequestDisallowedByPolicy": Trouble(
        "forbidden", "an Azure Policy forbids it: {said}", "Ask whoever manages the policy."
    ),
    # A ReadOnly lock blocks every POST, including the one that requests backend health:
    # https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
    "ScopeLocked": Trouble(
        "locked", "a lock forbids it: {said}", "An owner of the resource group can remove the lock."
    ),
    "ReadOnlyDisabledSubscription": Trouble(
        "disabled",
        "the subscription is disabled, so nothing in it can be changed",
        "Enable it again.",
    ),
    "ResourceNotFound": Trouble("not_found", "there is no such gateway", _GONE),
    "ResourceGroupNotFound": Trouble("not_found", "there is no such resource group", _GONE),
    "SubscriptionNotFound": Trouble(
        "not_found",
        "{who} cannot see this subscription",
        "Check AGW_SUBSCRIPTIONS and the tenant that the bot signs in to.",
    ),
    "InvalidAuthenticationTokenTenant": Trouble(
        "signin",
        "the bot signs in to a different tenant from the subscription's",
        "Set AZURE_TENANT_ID to the subscription's tenant.",
    ),
    "MissingSubscriptionRegistration": _UNREGISTERED,
    "ResourceProviderNotRegistered": _UNREGISTERED,
    # A short-lived lock, not a quota, although it also comes as 429:
    # https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
    "RetryableErrorDueToAnotherOperation": _BUSY,
    "AnotherOperationInProgress": _BUSY,
    "PreconditionFailed": _ETAG,
    "PreconditionFailedEtagMismatch": _ETAG,
    "ApplicationGatewayFeatureCannotBeEnabledForSelectedSku": Trouble(
        "invalid", "a gateway of this SKU cannot have it ({code}): {said}"
    ),
    "ApplicationGatewayKeyVaultSecretException": Trouble(
        "invalid",
        "the gateway cannot fetch one of its certificates from Key Vault ({code}): {said}",
        "Fix its access to the vault first: every update of the gateway fetches these certificates again.",
    ),
    "InvalidResourceReference": Trouble(
        "invalid",
        "it refers to something that does not exist ({code}): {said}",
        "Diagnose it again.",
    ),
    "OperationNotAllowed": Trouble("not_allowed", "Azure does not allow it now: {said}"),
}

BY_STATUS: Mapping[int, Trouble] = {
    400: _INVALID,
    401: _NOT_SIGNED_IN,
    403: Trouble(
        "forbidden", "Azure does not allow it ({code}): {said}", "Look at the bot's roles."
    ),
    404: Trouble("not_found", "Azure does not know it ({code}): {said}", _GONE),
    409: Trouble("conflict", "it conflicts with the gateway's state ({code}): {said}"),
    412: _ETAG,
    429: _THROTTLED,
}
_SAID = Trouble("azure_failed", "{said} ({code})")
_SAID_ALONE = Trouble("azure_failed", "{said}")
_FAILED = Trouble(
    "azure_failed",
    "Azure itself failed ({code}): {said}",
    "Try again in a minute; https://azure.status.microsoft lists outages.",
)


def arm_error(body: object) -> ArmError | None:
    """The error in a response, whatever its status; None if there is none."""
    error = object_of(mapping_of(body).get("error"))
    if error is None:
        return None
    levels = tuple(_levels(error))
    codes = (text_of(it.get("code")) for it in reversed(levels))
    said = (text_of(it.get("message")) for it in levels)
    return ArmError(tuple(filter(None, codes)), " ".join(filter(None, said)))


def trouble(
    status: int,
    error: ArmError,
    action: str,
    otherwise: Trouble = _INVALID,
    wait: float | None = None,
    who: str = OWN,
) -> Trouble:
    """What an error means to somebody who attempted `action` (the name of a permission) as `who`.

    `otherwise` is meant where neither code nor status is known.
    """
    known = next((BY_CODE[code] for code in error.codes if code in BY_CODE), None)
    found = known or BY_STATUS.get(status) or (_FAILED if status >= 500 else otherwise)
    missing = (_MISSING_LINKED if found is _LINKED else _MISSING).search(error.said)
    lacked = (missing and missing[1]) or ("more permissions" if found is _LINKED else action)
    words = {
        "code": quoted(error.code) or str(status),
        "said": quoted(error.said).rstrip(".") or "it gives no reason",
        "action": lacked,
        "who": who,
        "linked": next((it for end, it in _LINKS.items() if lacked.lower().endswith(end)), "it"),
        "scope": (missing and missing[2]) or ("what it is linked to" if found is _LINKED else "it"),
        # Reader is */read; everything else the bot does is in Network Contributor:
        # https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
        "role": "Reader" if lacked.endswith("/read") else "Network Contributor",
    }
    return Trouble(found.code, found.reason.format(**words), found.hint.format(**words), wait)


def operation_trouble(error: ArmError) -> Trouble:
    """What the error of a long-running write means: the same as in an answer to it."""
    otherwise = _SAID if error.code else _SAID_ALONE
    return trouble(200, error, "Microsoft.Network/applicationGateways/write", otherwise)


def quoted(text: str) -> str:
    """A message from outside, on one line, without secrets, no longer than QUOTED, and with its end; cut at words."""
    short = _RESOURCE_ID.sub("", _SECRET.sub("[...]", text))
    clean = " ".join(short.split())
    if len(clean) <= QUOTED:
        return clean
    return f"{_beginning(clean, QUOTED - len(_CUT) - _TAIL)}{_CUT}{_beginning(clean[::-1], _TAIL)[::-1]}"


def _beginning(text: str, most: int) -> str:
    """So many characters or some fewer, in whole words; a word that takes most of them is cut."""
    kept = text[:most]
    whole = kept if text[most] == " " else kept.rpartition(" ")[0]
    return (whole if len(whole) > most / 2 else kept).rstrip()


def retry_after(headers: Mapping[str, str], otherwise: float) -> float:
    """Seconds to wait before Azure is asked again. ARM sends whole seconds; anything else counts as missing.

    No more than LONGEST_WAIT: what somebody else sends does not decide how long a person waits.
    """
    text = headers.get("Retry-After", "")
    return min(float(text), LONGEST_WAIT) if text.isascii() and text.isdigit() else otherwise


def _levels(error: Document) -> Iterator[Document]:
    """The error, its first detail, the first detail of that and so on: from the least to the most specific."""
    for _ in range(5):
        yield error
        inner = next(mappings_of(error.get("details")), None)
        if inner is None:
            return
        error = inner
