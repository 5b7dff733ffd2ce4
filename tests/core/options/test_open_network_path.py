"""The gateway does not get through to a server that we reach."""

import pytest

from bot.core.observation import NotConnected
from bot.core.option import NotApplicable
from bot.core.options.open_network_path import OPTION
from tests.core.answers import SLOW
from tests.core.make import APP, HOST, ILB, SERVER, answered, case, document
from tests.core.options.trying import best, proposed, refused, trials

BLOCKED = "Application Gateway could not connect to the backend. Check that the backend responds on the port"
UNKNOWN_NAME = "Application Gateway could not create a probe for this backend."
IP = document()
NAMED = document(servers=(HOST,))


@pytest.mark.parametrize(("message", "base"), [(BLOCKED, IP), (SLOW, IP), (UNKNOWN_NAME, NAMED)])
def test_where_we_get_through_opening_the_way_is_recommended(message: str, base: object) -> None:
    made = case(base, answered(APP), message=message)  # type: ignore[arg-type]
    assert best(made, base) == "open_network_path"


def test_the_steps_name_the_subnet_and_for_a_name_dns_first() -> None:
    steps = proposed(OPTION, case(IP, answered(APP), message=BLOCKED), IP).steps
    assert "az network vnet subnet show --ids /sub/net" in steps[0]
    named = proposed(OPTION, case(NAMED, answered(APP), message=UNKNOWN_NAME), NAMED).steps
    assert f"nslookup {HOST}" in named[0]


def test_what_else_is_wrong_is_left_over() -> None:
    found = trials(case(IP, answered(ILB), message=BLOCKED), IP)["open_network_path"]
    assert "not be enough" in found.reason


def test_where_we_do_not_get_through_either_only_the_steps_are_given() -> None:
    made = case(IP, NotConnected("timeout", SERVER, "silence"), message=BLOCKED)
    found = OPTION.propose(made, IP, made.backends[0])
    assert isinstance(found, NotApplicable)
    assert "cannot be told" in found.reason
    assert found.steps


def test_is_not_for_a_gateway_that_gets_through() -> None:
    assert "does not say" in refused(OPTION, case(IP, answered(APP), state="healthy"), IP)
