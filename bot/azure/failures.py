"""Exceptions of azure-core and the network, turned into `Problem`. The one place that knows both."""

import asyncio
import zlib
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
from azure.core.exceptions import (
    AzureError,
    ClientAuthenticationError,
    HttpResponseError,
    ServiceRequestError,
)

from bot.azure.errors import OWN, ArmError, Trouble, arm_error, quoted, retry_after, trouble
from bot.core.arm.document import NOT_JSON, TOO_DEEP, NotReadable, parse_json
from bot.core.problem import Problem

T = TypeVar("T")

FORESEEN = (AzureError, TimeoutError, ValueError, RecursionError, zlib.error)
"""What a call may raise. The last three: an answer that is not what it says it is, such as a proxy's page for JSON,
one that is nested without end, or one that only claims to be compressed."""

READ_WITHIN = 9.0
"""Seconds for one read, including its retries."""

WRITER = "the writing identity (AGW_WRITER_CLIENT_ID)"
"""Whose permission a write needs, where it has an identity of its own."""

_NETWORK = "Check the network, the proxy and AGW_ARM_URL."

_SIGNS_IN = (
    "the bot",
    "Set the AZURE_* variables, assign the bot a managed identity, or run `az login`.",
)
_WRITER_SIGNS_IN = "Assign that managed identity to where the bot runs, or federate it with the bot's service account."

# Raised before any byte of the request was sent.
_NOT_SENT = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
)


class ForeignAddress(AzureError):
    """A URL outside Resource Manager, so it gets no token. The message is only its host."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call to ARM: `doing` follows "could not", the permission that the call needs, and whose it has to be."""

    doing: str
    action: str
    who: str = OWN


class CallFailed(Problem):
    """A call to ARM that failed; `trouble` is only the reason."""

    def __init__(self, call: Call, trouble: Trouble) -> None:
        super().__init__(
            trouble.code,
            f"Could not {call.doing}: {trouble.reason}.",
            trouble.hint,
            wait=trouble.wait,
        )
        self.trouble = trouble


async def call_arm(question: Awaitable[T], call: Call, within: float = READ_WITHIN) -> T:
    """The answer to a question that changes nothing; CallFailed if there is none after `within` seconds."""
    try:
        async with asyncio.timeout(within):
            return await question
    except FORESEEN as error:
        raise CallFailed(call, explain_failure(error, call)) from error


def explain_failure(error: Exception, call: Call) -> Trouble:
    """Why a call failed; `error` is one of FORESEEN."""
    match error:
        case ForeignAddress():
            return Trouble("foreign_url", f"it is at {error.message}, which is not this Azure")
        # A refusal of ARM has a code. Without one, it is the credential that failed.
        case ClientAuthenticationError() if not _said(error).codes:
            who, hint = _SIGNS_IN if call.who == OWN else (call.who, _WRITER_SIGNS_IN)
            said = quoted(error.message).rstrip(".")
            return Trouble("signin", f"{who} cannot sign in to Azure: {said}", hint)
        case HttpResponseError(status_code=int(status)) if status >= 400:
            return trouble(status, _said(error), call.action, wait=_wait(error), who=call.who)
        case NotReadable():
            return Trouble("unreadable", f"the answer {error}", _NETWORK)
        case RecursionError():
            return Trouble("unreadable", f"the answer {TOO_DEEP}", _NETWORK)
        case zlib.error():
            return Trouble(
                "unreadable",
                "the answer says that it is compressed, but cannot be unpacked",
                _NETWORK,
            )
        case HttpResponseError() | ValueError():
            return Trouble("unreadable", f"the answer {NOT_JSON}", _NETWORK)
        case ServiceRequestError():
            because = quoted(str(error.inner_exception or error)).rstrip(".")
            return Trouble("unreachable", f"Azure cannot be reached: {because}", _NETWORK)
        case _:
            return Trouble("unreachable", "Azure does not answer", _NETWORK)


def explain_put_failure(error: Exception, call: Call) -> Trouble:
    """Why a PUT failed. `lost`: it may have been carried out anyway, so the gateway has to be read."""
    if _was_refused(error) or not _was_sent(error):
        return explain_failure(error, call)
    why = explain_failure(error, call).reason
    return Trouble(
        "lost",
        f"no response says how it ended, so it may have been carried out ({why})",
        "Check the gateway before doing anything else.",
    )


def _was_refused(error: Exception) -> bool:
    if isinstance(error, HttpResponseError) and error.status_code is not None:
        # 408 and every 5xx may come from something between us and the service that carried it out.
        return 400 <= error.status_code < 500 and error.status_code != 408
    return isinstance(error, ClientAuthenticationError | ForeignAddress)


def _was_sent(error: Exception) -> bool:
    return not isinstance(getattr(error, "inner_exception", None), _NOT_SENT)


def _wait(error: HttpResponseError) -> float | None:
    # azure-core's type of a response names fewer attributes than each response has.
    headers = getattr(error.response, "headers", {})
    return retry_after(headers, 0.0) if "Retry-After" in headers else None


def _said(error: HttpResponseError) -> ArmError:
    try:
        found = arm_error(parse_json(error.response.text())) if error.response else None
    except (
        ValueError,
        LookupError,
        zlib.error,
    ):  # Not JSON, not text, or not what it is packed in.
        found = None
    return found or ArmError()
