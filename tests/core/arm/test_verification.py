"""Planned against actual, without what Azure writes itself."""

import base64
import copy
from typing import Any

import pytest

from bot.core.arm.verification import (
    MOST_TOLD,
    Difference,
    content_digest,
    differences,
    where,
)
from tests.core.make import document, item

PEM = "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n"


def test_what_azure_fills_in_is_no_difference() -> None:
    planned = document()
    actual = copy.deepcopy(planned)
    actual["etag"] = "other"
    actual["properties"]["provisioningState"] = "Updating"
    actual["properties"]["urlPathMaps"] = None
    actual["properties"]["probes"][0]["properties"]["backendHttpSettings"] = [{"id": "x"}]
    actual["properties"]["backendAddressPools"][0]["id"] = planned["properties"][
        "backendAddressPools"
    ][0]["id"].upper()
    assert differences(planned, actual) == ()


def test_another_value_a_missing_entry_and_a_new_one_are_named() -> None:
    planned = document()
    actual = copy.deepcopy(planned)
    actual["properties"]["probes"][0]["properties"]["host"] = "other.example"
    actual["properties"]["httpListeners"] = []
    actual["properties"]["backendAddressPools"][0]["properties"]["backendAddresses"][0] = {
        "ipAddress": "10.9.9.9"
    }
    found = {it.path: (it.planned, it.actual) for it in differences(planned, actual)}
    assert found["properties/probes/probe/properties/host"] == (
        "test.appgwtestase.com",
        "other.example",
    )
    assert found["properties/httpListeners"][1] == "nothing"
    assert found["properties/backendAddressPools/pool/properties/backendAddresses/0/ipAddress"] == (
        "10.1.5.11",
        "10.9.9.9",
    )


def test_the_same_certificate_in_another_encoding_is_no_difference() -> None:
    def stored(data: str) -> dict[str, object]:
        return document(
            authenticationCertificates=[item("authenticationCertificates", "a", data=data)]
        )

    der = base64.b64encode(b"ABC").decode()
    assert differences(stored(der), stored(base64.b64encode(PEM.encode()).decode())) == ()
    assert differences(stored(der), stored(PEM)) == ()
    assert differences(stored(der), stored("not base64")) != ()
    assert differences(stored(der), stored(base64.b64encode(b"ABD").decode())) != ()


def test_lists_of_other_lengths_and_long_values_are_shortened() -> None:
    planned = document(top_zones=["1", "2"], top_note="x" * 500)
    actual = document(top_zones=["1"], top_note="y")
    found = differences(planned, actual)
    assert Difference("zones", "['1', '2']", "['1']") in found
    assert max(len(it.planned) for it in found) == 120


@pytest.mark.parametrize("names", [("A", "a"), ("x", None), ("", "x"), (7, "x")])
def test_entries_that_cannot_be_told_apart_do_not_hide_each_other(names: Any) -> None:
    planned = {"properties": {"probes": [{"name": it, "n": n} for n, it in enumerate(names)]}}
    actual = copy.deepcopy(planned)
    actual["properties"]["probes"][0]["n"] = 7
    (found,) = differences(planned, actual)
    assert (found.planned, found.actual) == ("0", "7")


def test_the_digest_is_of_what_was_configured() -> None:
    base = document()
    stamped = copy.deepcopy(base) | {"etag": "other"}
    stamped["properties"]["provisioningState"] = "Updating"
    assert content_digest(stamped) == content_digest(base)
    assert content_digest(base | {"tags": {"a": "b"}}) != content_digest(base)


def test_differences_are_told_in_a_few_words() -> None:
    found = [Difference(f"tags/{it}", "nothing", "x") for it in range(MOST_TOLD + 2)]
    assert where(found[:1]) == "tags/0: expected nothing, is x"
    assert where(found).endswith("; and 2 more")
    assert where([]) == ""
