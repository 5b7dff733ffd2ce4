"""Long operations, as ARM tells of them."""

from typing import Any

import pytest
from multidict import CIMultiDict

from bot.azure.errors import LONGEST_WAIT, ArmError, arm_error, retry_after, trouble
from bot.azure.operations import accepted, operation_state
from bot.core.arm.operations import Accepted, OperationState
from tests.azure.real import recordings

SUPERSEDED = {
    "status": "Canceled",
    "error": {
        "code": "Canceled",
        "message": "Operation was canceled.",
        "details": [
            {
                "code": "CanceledAndSupersededDueToAnotherOperation",
                "message": "Operation A was canceled and superseded by operation B.",
            }
        ],
    },
}


WRITE = "Microsoft.Network/applicationGateways/write"


@pytest.mark.parametrize(
    ("status", "body", "state"),
    [
        (200, {"status": "InProgress"}, "running"),
        (200, {"status": "Updating"}, "running"),
        (200, {"status": "Succeeded"}, "succeeded"),
        (200, {"status": "FAILED"}, "failed"),
        (200, {"status": "Cancelled"}, "canceled"),
        (200, SUPERSEDED, "canceled"),
        (202, None, "running"),
        (200, {"name": "agw", "properties": {}}, "succeeded"),
        (200, {"error": {"code": "X", "message": "Y"}}, "failed"),
        (204, None, "succeeded"),
    ],
)
def test_states(status: int, body: Any, state: str) -> None:
    assert operation_state(status, {}, body).state == state


def test_the_narrowest_code_is_told() -> None:
    found = operation_state(200, {"Retry-After": "7"}, SUPERSEDED)
    assert found == OperationState(
        "canceled",
        7.0,
        "CanceledAndSupersededDueToAnotherOperation",
        "Operation was canceled. Operation A was canceled and superseded by operation B"
        " (CanceledAndSupersededDueToAnotherOperation)",
    )


def test_a_failure_that_comes_later_means_what_it_would_mean_at_once() -> None:
    error = {
        "code": "ApplicationGatewayKeyVaultSecretException",
        "message": "Problem occured while accessing and validating KeyVault Secrets.",
    }
    found = operation_state(200, {}, {"status": "Failed", "error": error})
    at_once = trouble(400, arm_error({"error": error}) or ArmError(), WRITE)
    assert (found.message, found.hint) == (at_once.reason, at_once.hint)
    assert "Fix its access to the vault first" in found.hint


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("999999", LONGEST_WAIT), ("10", 10.0), ("0", 0.0), ("", 3.0), ("-1", 3.0), ("soon", 3.0)],
)
def test_retry_after(text: str, seconds: float) -> None:
    assert retry_after({"Retry-After": text}, 3.0) == seconds


def test_the_status_address_goes_before_the_result_address() -> None:
    assert accepted({"Azure-AsyncOperation": "a", "Location": "b"}).operation_url == "a"
    assert accepted({"Location": "b", "x-ms-correlation-request-id": "c"}) == Accepted("b", "c")
    assert accepted({}) == Accepted(None, None)


@pytest.mark.parametrize("recorded", recordings("operations/P*.json"))
def test_recorded_answers_are_understood(recorded: Any) -> None:
    begun, *looks = recorded
    url = accepted(CIMultiDict(begun["headers"])).operation_url
    assert url is not None
    assert url.startswith("https://management.azure.com/subscriptions/")
    own = [look for look in looks if look["uri"] == url]
    states = [
        operation_state(each["status"], CIMultiDict(each["headers"]), each["body"]).state
        for each in own
    ]
    assert states[:-1] == ["running"] * (len(states) - 1)
    assert states[-1:] in ([], ["succeeded"])


@pytest.mark.parametrize("recorded", recordings("operations/error_*.json"))
def test_recorded_refusals_are_understood(recorded: Any) -> None:
    found = arm_error(recorded["body"])
    assert found is not None
    assert trouble(recorded["status"], found, "any/action").code == "not_found"
