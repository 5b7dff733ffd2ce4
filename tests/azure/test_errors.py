"""What ARM's refusals mean, and that they say nothing that must stay secret."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.azure.errors import BY_CODE, QUOTED, ArmError, arm_error, quoted, trouble

READ = "Microsoft.Network/applicationGateways/read"
WRITE = "Microsoft.Network/applicationGateways/write"
SCOPE = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationGateways/w"
CLIENT = "The client 'c' with object id 'c'"


def test_a_missing_permission_is_named_with_its_scope() -> None:
    said = (
        f"{CLIENT} does not have authorization to perform action '{WRITE}' over scope '{SCOPE}' "
        "or the scope is invalid."
    )
    found = trouble(403, ArmError(("AuthorizationFailed",), said), READ)
    assert found.code == "forbidden"
    assert found.reason == f"the bot's identity lacks {WRITE} on {SCOPE}"
    assert "Network Contributor" in found.hint


def test_a_missing_permission_that_arm_does_not_name() -> None:
    found = trouble(403, ArmError(("AuthorizationFailed",), "No."), READ)
    assert found.reason == f"the bot's identity lacks {READ} on it"
    assert "role with this action on the gateway, such as Reader" in found.hint


def test_a_linked_permission_is_named_and_not_the_one_that_is_there() -> None:
    join, subnet = "Microsoft.Network/virtualNetworks/subnets/join/action", "/vnets/v/subnets/s"
    said = (
        f"{CLIENT} has permission to perform action '{WRITE}' on scope '{SCOPE}'; however, it does "
        f"not have permission to perform action(s) '{join}' on the linked scope(s) '{subnet}' "
        "(respectively) or the linked scope(s) are invalid."
    )
    found = trouble(403, ArmError(("LinkedAuthorizationFailed",), said), WRITE)
    assert found.reason == f"the bot's identity also needs {join} on {subnet}"


@pytest.mark.parametrize(
    ("action", "on"),
    [
        ("Microsoft.Network/virtualNetworks/subnets/join/action", "the gateway's subnet"),
        ("Microsoft.Network/publicIPAddresses/join/action", "the gateway's public IP address"),
        ("Microsoft.ManagedIdentity/userAssignedIdentities/assign/action", "managed identity"),
        ("Microsoft.Network/somethingElse/join/action", "on it"),
    ],
)
def test_a_linked_permission_is_granted_where_it_is_lacking(action: str, on: str) -> None:
    said = f"does not have permission to perform action(s) '{action}' on the linked scope(s) '/x'"
    found = trouble(403, ArmError(("LinkedAuthorizationFailed",), said), WRITE)
    assert on in found.hint
    assert "on the gateway," not in found.hint


def test_what_is_quoted_keeps_its_end_and_no_resource_id() -> None:
    vault = "https://kv-agw.vault.azure.net/secrets/listener"
    said = f"Problem with KeyVault Secrets of '{SCOPE}'. {'Details follow. ' * 40}{vault} https://aka.ms/agwkv"
    shown = quoted(said)
    assert vault in shown
    assert shown.endswith("https://aka.ms/agwkv")
    assert "'applicationGateways/w'" in shown
    assert len(shown) <= QUOTED


SIGN_IN = (
    "DefaultAzureCredential failed to retrieve a token from the included credentials.\nAttempted credentials:\n"
    "\tEnvironmentCredential: EnvironmentCredential authentication unavailable. Environment variables are not fully"
    " configured.\nVisit https://aka.ms/azsdk/python/identity/environmentcredential/troubleshoot to troubleshoot this"
    " issue.\n\tManagedIdentityCredential: no response from the IMDS endpoint.\n\tAzureCliCredential: Azure CLI not"
    " found on path\nTo mitigate this issue, please refer to the troubleshooting guidelines here at"
    " https://aka.ms/azsdk/python/identity/defaultazurecredential/troubleshoot."
)
"""What azure-identity says where nothing is set up; the link at its end is what helps."""


@pytest.mark.parametrize("further", range(12))
def test_what_is_quoted_is_cut_between_words(further: int) -> None:
    said = "x" * further + SIGN_IN
    shown = quoted(said)
    assert set(shown.split()) - {"[...]"} <= set(said.split())
    assert shown.endswith("/defaultazurecredential/troubleshoot.")
    assert QUOTED - 80 < len(shown) <= QUOTED


def test_one_endless_word_is_cut_all_the_same() -> None:
    shown = quoted("/x" * 1_000)
    assert QUOTED - 10 < len(shown) <= QUOTED


def test_a_linked_permission_that_arm_does_not_name() -> None:
    found = trouble(403, ArmError(("LinkedAccessCheckFailed",), "No."), WRITE)
    assert found.reason == "the bot's identity also needs more permissions on what it is linked to"


@pytest.mark.parametrize(
    ("status", "code", "ours"),
    [
        (409, "ScopeLocked", "locked"),
        (404, "ResourceNotFound", "not_found"),
        (404, "ResourceGroupNotFound", "not_found"),
        (404, "SubscriptionNotFound", "not_found"),
        (401, "InvalidAuthenticationToken", "signin"),
        (401, "InvalidAuthenticationTokenTenant", "signin"),
        (429, "TooManyRequests", "throttled"),
        (429, "SubscriptionRequestsThrottled", "throttled"),
        (429, "RetryableErrorDueToAnotherOperation", "busy"),
        (409, "AnotherOperationInProgress", "busy"),
        (412, "PreconditionFailed", "etag_mismatch"),
        (412, "", "etag_mismatch"),
        (400, "ApplicationGatewayFeatureCannotBeEnabledForSelectedSku", "invalid"),
        (400, "ApplicationGatewayKeyVaultSecretException", "invalid"),
        (400, "InvalidResourceReference", "invalid"),
        (400, "SomethingNew", "invalid"),
        (422, "SomethingNew", "invalid"),
        (409, "OperationNotAllowed", "not_allowed"),
        (409, "SomethingNew", "conflict"),
        (403, "SomethingNew", "forbidden"),
        (403, "RequestDisallowedByPolicy", "forbidden"),
        (409, "ReadOnlyDisabledSubscription", "disabled"),
        (409, "MissingSubscriptionRegistration", "not_registered"),
        (500, "InternalServerError", "azure_failed"),
        (503, "", "azure_failed"),
    ],
)
def test_codes(status: int, code: str, ours: str) -> None:
    assert trouble(status, ArmError((code,) if code else (), "Words."), WRITE).code == ours


@pytest.mark.parametrize("code", ["SomethingNew", "InvalidResourceReference"])
def test_arms_code_and_words_are_passed_on(code: str) -> None:
    found = trouble(400, ArmError((code,), "It is so."), WRITE)
    assert found.reason.endswith(f"({code}): It is so")


def test_braces_in_arms_words_do_no_harm() -> None:
    assert "{x} {0} {" in trouble(400, ArmError(("X",), "{x} {0} {"), WRITE).reason


@pytest.mark.parametrize("code", BY_CODE)
def test_every_entry_makes_a_sentence(code: str) -> None:
    found = trouble(400, ArmError((code,), "Words."), WRITE)
    for text in (found.reason, found.hint):
        assert "{" not in text
    assert not found.reason.endswith(".")
    assert not found.hint or found.hint.endswith(".")


def test_a_detail_tells_more_than_the_code_above_it() -> None:
    body = {
        "error": {
            "code": "BadRequest",
            "message": "It failed.",
            "details": [{"code": "InvalidResourceReference", "message": "This one."}],
        }
    }
    found = arm_error(body)
    assert found == ArmError(("InvalidResourceReference", "BadRequest"), "It failed. This one.")


@pytest.mark.parametrize("body", [None, [], "x", {}, {"error": None}, {"error": "invalid_client"}])
def test_no_error_is_none(body: Any) -> None:
    assert arm_error(body) is None


@pytest.mark.parametrize(
    "secret",
    [
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL20ifQ.c2lnbmF0dXJl",
        "MIIKcQIBAzCC" + "Ab+/" * 40 + "==",
    ],
)
def test_tokens_and_keys_are_cut_out(secret: str) -> None:
    found = quoted(f"The value {secret} is wrong.")
    assert found == "The value [...] is wrong."


@pytest.mark.parametrize("name", ["client_secret=", "password=", "&sig=", "Bearer ", "bearer "])
def test_what_is_called_a_secret_is_cut_out(name: str) -> None:
    assert "hunter2" not in quoted(f"Sent {name}hunter2 there.")


def test_ids_are_not_taken_for_keys() -> None:
    text = f"{SCOPE}/backendHttpSettingsCollection/{'a' * 80} 00000000-1111-2222-3333-444444444444"
    assert quoted(text) == text.replace(SCOPE, "applicationGateways/w")


_JSON = st.recursive(
    st.none() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["error", "code", "message", "details"]), inner)
    ),
    max_leaves=12,
)


@example({"code": "\n"}, 400)
@given(_JSON, st.integers(100, 599))
def test_no_error_is_too_strange(body: Any, status: int) -> None:
    found = arm_error({"error": body}) or ArmError()
    assert len(found.said) <= QUOTED
    assert "\n" not in trouble(status, found, WRITE).reason
