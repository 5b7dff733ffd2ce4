"""A name that the gateway does not resolve: how it comes to, and what not to do until then."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.case.view import BackendView
from bot.core.model.network import GatewayNetwork
from bot.core.model.observation import NotConnected, NotTried, Outcome, Unresolved
from bot.core.model.unavailable import Unavailable
from bot.core.remedies.option import NotApplicable, Proposal
from bot.core.remedies.options.correct_dns import OPTION
from tests.core.make import APP, HOST, answered, case, document
from tests.core.naming import NAMED as DNS_NAMED
from tests.core.naming import NO_NAME, A, by_address
from tests.core.networks import around
from tests.core.plainly import plainly
from tests.core.remedies.options.trying import best, proposed, refused, trials

UNKNOWN = "Application Gateway could not create a probe for this backend."
NETWORK = "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v"


def named(server: str, **changes: Any) -> Any:
    """A gateway with this pool member, in the subnet of a network."""
    base = document(servers=(server,), **changes)
    (ip,) = base["properties"]["gatewayIPConfigurations"]
    ip["properties"]["subnet"]["id"] = f"{NETWORK}/subnets/gateway"
    return base


NAMED = named(HOST)


def steps(
    base: Any, outcome: Outcome, around: GatewayNetwork | Unavailable | None = None
) -> tuple[str, ...]:
    """What the option says is to be done, applicable or not."""
    made = case(base, outcome, message=UNKNOWN)
    seen = replace(made, network=around) if around else made
    found = OPTION.propose(BackendView(seen, seen.backends[0]), base)
    assert isinstance(found, Proposal | NotApplicable)
    return plainly(found.steps)


def test_where_the_name_resolves_here_it_is_recommended_with_the_record_to_make() -> None:
    made = case(NAMED, answered(APP), message=UNKNOWN)
    assert best(made, NAMED) == "correct_dns"
    found = proposed(OPTION, made, NAMED)
    assert found.summary.endswith("as it does here to 10.1.5.11")
    told = " ".join(found.steps)
    assert "a write makes it forget" in found.steps[0]
    assert f"nslookup {HOST}" in told
    assert "record-set a add-record" in told
    assert "-z appgwtestase.com -n test -a 10.1.5.11" in told
    assert f"-z appgwtestase.com -n gateway -v {NETWORK.lower()} -e false" in told
    assert "takes all sites of the gateway offline" in told
    assert "application-gateway stop" in told


def test_an_address_that_is_not_known_is_not_told() -> None:
    elsewhere = replace(answered(APP), address=f"{HOST} via 127.0.0.1:8443")
    made = case(NAMED, elsewhere, message=UNKNOWN)
    assert proposed(OPTION, made, NAMED).summary.endswith("as it does here")
    assert "add-record" not in " ".join(steps(NAMED, elsewhere))


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (
            around(dns=("10.9.0.5", "10.9.0.6")),
            f"nslookup {HOST} 10.9.0.5; nslookup {HOST} 10.9.0.6",
        ),
        (around(), "The network uses Azure's own DNS"),
    ],
)
def test_the_servers_of_the_network_are_named(network: GatewayNetwork, words: str) -> None:
    assert words in " ".join(steps(NAMED, answered(APP), network))


def test_servers_that_could_not_be_read_are_not_spoken_of() -> None:
    told = " ".join(steps(NAMED, answered(APP), Unavailable("the bot's identity lacks it")))
    assert "The network" not in told


def test_an_app_with_a_private_endpoint_has_a_zone_of_its_own() -> None:
    told = steps(named("shop.azurewebsites.net"), Unresolved("shop", "no such name"))
    assert any("-z privatelink.azurewebsites.net" in step for step in told)


@pytest.mark.parametrize("outcome", [Unresolved("tset", "no such name"), NotTried("outside")])
def test_where_it_means_nothing_here_either_only_the_steps_are_given(outcome: Outcome) -> None:
    base = named("tset.appgwtestase.com")
    reason = refused(OPTION, case(base, outcome, message=UNKNOWN), base)
    assert "cannot be told" in reason
    assert any(f"(is {HOST} meant?)" in step for step in steps(base, outcome))


def test_a_server_that_is_down_as_well_is_left_over() -> None:
    made = case(NAMED, NotConnected("refused", "10.1.5.11", "refused"), message=UNKNOWN)
    assert "would not be enough" in trials(made, NAMED)["correct_dns"].reason


def test_is_not_for_addresses_nor_for_a_gateway_that_finds_the_name() -> None:
    ip = document()
    assert "is an IP address" in refused(OPTION, case(ip, answered(APP), message=UNKNOWN), ip)
    assert "does not report" in refused(OPTION, case(NAMED, answered(APP)), NAMED)


def test_a_gateway_that_cannot_connect_may_lack_the_name() -> None:
    message = "Application Gateway could not connect to the backend."
    made = by_address({A: answered(APP)}, (A,), there=NO_NAME, message=message)
    assert best(made, DNS_NAMED) == "correct_dns"
    known = by_address({A: answered(APP)}, (A,), there=(A,), message=message)
    assert "does not report" in refused(OPTION, known, DNS_NAMED)
