"""What the DNS servers of the gateway's network are asked, where Azure shows them: how do you see these names?

The bot may stand in another network, where the same name has another address or none (split horizon). Nothing is asked
where the network uses Azure's own DNS: that answers each machine by the network it stands in.
"""

from collections.abc import Iterator

from bot.core.case.attempts import candidate_names
from bot.core.case.case import Case
from bot.core.case.view import view_of
from bot.core.model.gateway import is_ip
from bot.core.model.network import GatewayNetwork
from bot.core.model.observation import Question
from bot.core.routing.gateway_request import name_or_none

MOST_NAMES = 4
MOST_SERVERS = 2
"""How many names are asked for, and of how many servers."""


def dns_questions(case: Case) -> tuple[Question, ...]:
    """A few questions; none if the servers are not known."""
    match case.network:
        case GatewayNetwork(dns_servers=tuple() as servers):
            names = tuple(dict.fromkeys(_names(case)))[:MOST_NAMES]
            asked = [it for it in servers if is_ip(it)][:MOST_SERVERS]
            return tuple(Question(name, server) for name in names for server in asked)
    return ()


def _names(case: Case) -> Iterator[str]:
    """The named members, then the names that could stand in a pool in place of an IP."""
    # A member that joins through a network interface is known by its id only.
    yield from (
        it.server for it in case.backends if name_or_none(it.server) and "/" not in it.server
    )
    for backend in case.backends:
        if is_ip(backend.server) and view_of(case, backend).probe_request.protocol == "https":
            yield from candidate_names(case.gateway, backend)[:1]
