"""What Azure Policy says of a document that is to be written."""

from typing import Any

import pytest

from bot.core.arm.policy_reader import policy_question, read_denials
from bot.core.model.unavailable import Unavailable
from tests.core.make import document


def evaluation(result: Any = "NonCompliant", assignment: Any = "/subscriptions/s/x/no-v1") -> Any:
    return {"policyInfo": {"policyAssignmentId": assignment}, "evaluationResult": result}


def checked(*evaluations: Any) -> dict[str, Any]:
    return {
        "fieldRestrictions": [],
        "contentEvaluationResult": {"policyEvaluations": list(evaluations)},
    }


def test_an_assignment_that_would_deny_it_is_named_once() -> None:
    assert read_denials(checked(evaluation(), evaluation())) == ("no-v1",)


@pytest.mark.parametrize("result", ["Compliant", "Unknown", None, 7])
def test_what_is_compliant_is_not_denied(result: Any) -> None:
    assert read_denials(checked(evaluation(result))) == ()


def test_nothing_is_denied_where_no_policy_speaks() -> None:
    assert read_denials(checked()) == ()


def test_one_without_a_name_denies_as_well() -> None:
    assert read_denials(checked(evaluation(assignment=None))) == ("one that it does not name",)


@pytest.mark.parametrize("answer", [None, [], {}, {"contentEvaluationResult": {}}, "text"])
def test_what_is_no_check_is_not_known(answer: Any) -> None:
    assert read_denials(answer) == Unavailable("Azure's answer is no check of policies")


def test_what_is_asked_is_the_gateway_without_what_azure_adds() -> None:
    base = {**document(), "type": "Microsoft.Network/applicationGateways"}
    question = policy_question(base, "2026-03-01")["resourceDetails"]
    assert question["apiVersion"] == "2026-03-01"
    content = question["resourceContent"]
    assert content["properties"] == base["properties"]
    assert content["type"] == "Microsoft.Network/applicationGateways"
    assert "etag" not in content
