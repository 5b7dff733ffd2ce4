"""Which locks forbid to change a gateway."""

from typing import Any

import pytest

from bot.core.arm.lock_reader import read_locks
from bot.core.model.lock import Lock
from bot.core.model.unavailable import Unavailable
from tests.core.make import ID

GROUP = "/subscriptions/s1/resourceGroups/rg-test"
KIND = "providers/Microsoft.Authorization/locks"


def entry(scope: str, level: Any = "ReadOnly", **more: Any) -> dict[str, Any]:
    made = {"id": f"{scope}/{KIND}/keep", "name": "keep", "properties": {"level": level}}
    return made | more


@pytest.mark.parametrize("scope", [ID, GROUP, GROUP.upper(), "/subscriptions/s1"])
def test_one_on_the_gateway_or_above_it_holds(scope: str) -> None:
    assert read_locks({"value": [entry(scope)]}, ID) == (
        Lock(f"{scope}/{KIND}/keep", "keep", scope),
    )


@pytest.mark.parametrize(
    "scope", [f"{ID}/sslCertificates/c", f"{GROUP}-2", "/subscriptions/s2", ID[:-1], ""]
)
def test_one_elsewhere_does_not(scope: str) -> None:
    assert read_locks({"value": [entry(scope)]}, ID) == ()


@pytest.mark.parametrize(
    "found",
    [
        entry(ID, "CanNotDelete"),
        entry(ID, None),
        entry(ID, 7),
        entry(ID, id=None),
        entry(ID, id="keep"),
        {},
        None,
        "ReadOnly",
    ],
)
def test_what_forbids_no_write_or_cannot_be_read_is_left_out(found: Any) -> None:
    assert read_locks({"value": [found, entry(GROUP)]}, ID) == read_locks(
        {"value": [entry(GROUP)]}, ID
    )


def test_without_a_name_the_id_has_it() -> None:
    (lock,) = read_locks({"value": [entry(ID, name=None)]}, ID)  # type: ignore[misc]
    assert lock.name == "keep"


@pytest.mark.parametrize("answer", [None, [], {}, {"value": None}, {"value": "ReadOnly"}])
def test_what_is_no_list_is_not_read(answer: Any) -> None:
    assert isinstance(read_locks(answer, ID), Unavailable)
