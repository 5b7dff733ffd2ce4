"""A gateway with a named pool member, and what is known of the name's addresses."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.core.analysis.addresses import with_chosen_addresses
from bot.core.arm.document import Json
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.observation import Lookup, NotTried, Observation, Outcome, Question, Unresolved
from tests.core.make import HOST, case, document
from tests.core.networks import around

DNS_SERVER = "10.9.0.5"
A, B, C = "10.4.0.10", "10.4.0.11", "203.0.113.10"
NAMED = document(servers=(HOST,))
NO_NAME = Unresolved(HOST, "no such name (NXDOMAIN)", "no_such_name")

Answer = tuple[str, ...] | Unresolved | NotTried


def lookup(answer: Answer, name: str = HOST) -> Lookup:
    """What the DNS server of the gateway's network said."""
    return Lookup(Question(name, DNS_SERVER), answer)


def by_address(
    outcomes: Mapping[str, Outcome],
    here: tuple[str, ...] = (),
    there: Answer | None = None,
    own: Outcome | None = None,
    base: Json = NAMED,
    **more: Any,
) -> Case:
    """What the probe met at each address; `own` by the name itself, which had the addresses `here`."""
    made = case(base, network=around(dns=(DNS_SERVER,)), **more)
    named = next(it for it in made.backends if it.server == HOST)
    asked = BackendView(made, named).probe_attempt
    first = outcomes[here[0]] if here else NO_NAME
    seen = Observation(asked, own or first, addresses=here)
    each = (Observation(replace(asked, server=it), end) for it, end in outcomes.items())
    said = () if there is None else (lookup(there),)
    return replace(made, observations=(seen, *each), lookups=said)


def judged(*given: Any, **more: Any) -> Case:
    """The same, with the address chosen that the rules are to judge."""
    return with_chosen_addresses(by_address(*given, **more))
