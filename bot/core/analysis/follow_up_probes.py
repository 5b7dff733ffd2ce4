"""Connections that the first look gives a reason for: they tell apart causes that look alike at first.

Most backends need none of them, so they are not made from the start (`bot.core.case.attempts` has those that are): a
probe has to be polite. Each look says what it wants to see; what has been seen is not tried again.
"""

from collections.abc import Callable, Iterator
from itertools import chain

from bot.core.analysis.addresses import looks_at_addresses, probes_of_addresses
from bot.core.analysis.alternate_endpoint import alternate_endpoints
from bot.core.analysis.bare_path import bare_attempt
from bot.core.analysis.hidden_site import own_answers
from bot.core.analysis.known_host import known_host_attempts
from bot.core.analysis.large_client_hello import (
    large_client_hello,
    suspicion,
    untold_on_paper,
)
from bot.core.analysis.misplaced_host import candidate_pools
from bot.core.analysis.old_tls import old_tls_attempt
from bot.core.analysis.own_names import own_name_attempts
from bot.core.analysis.probed_port import at_probed_port, probes_page_here
from bot.core.analysis.proxy_header import proxied_attempt
from bot.core.analysis.redirects import own_page_attempt, redirected_astray
from bot.core.analysis.reported_health import reported_health
from bot.core.analysis.rewritten_request import original_attempts
from bot.core.analysis.tls12_probe import tls12_attempt
from bot.core.analysis.tls_instead import tls_instead
from bot.core.case.attempts import first_of, probe_attempts
from bot.core.case.audiences import was_seen
from bot.core.case.case import NOT_MADE, Case
from bot.core.case.likeness import heard, kinds
from bot.core.case.view import BackendView, view_of
from bot.core.model.observation import Attempt

MOST_FURTHER = 60
"""In one round: a quarter of what the first look may take."""

Look = Callable[[BackendView], Iterator[Attempt]]


def _gets_through(view: BackendView) -> bool:
    """Whether the gateway itself says that a connection like this one stands: the probe's, or a client's like it."""
    probe, own = view.probe_attempt, view.attempt
    alike = (own.handshake, own.tls) == (probe.handshake, probe.tls)
    return alike and reported_health(view.of_probe) == "healthy"


def _alternate_endpoints(view: BackendView) -> Iterator[Attempt]:
    # Where the gateway gets through, a port that refuses us says something only about our own path.
    told = redirected_astray(view) is not None or at_probed_port(view) is not None
    if told or not _gets_through(view):
        yield from (way.attempt for way in alternate_endpoints(view))


def _misplaced_hosts(view: BackendView) -> Iterator[Attempt]:
    for it in candidate_pools(view):
        yield from (it.attempt, it.control)


def _large_client_hellos(view: BackendView) -> Iterator[Attempt]:
    if suspicion(view) is not None:
        yield large_client_hello(view)


def _tls12(view: BackendView) -> Iterator[Attempt]:
    older = tls12_attempt(view)
    # What the gateway calls healthy speaks TLS 1.2 with it.
    if older is not None and reported_health(view) != "healthy":
        yield older


def _bare_paths(view: BackendView) -> Iterator[Attempt]:
    bare = bare_attempt(view)
    if bare is not None:
        yield bare


def _other_tls(view: BackendView) -> Iterator[Attempt]:
    # What the gateway calls healthy speaks with it as it is set.
    if not _gets_through(view):
        yield from filter(None, (tls_instead(view), old_tls_attempt(view)))


def _proxied(view: BackendView) -> Iterator[Attempt]:
    attempt = proxied_attempt(view)
    if attempt is not None and not _gets_through(view):
        yield attempt


LOOKS: tuple[Look, ...] = (
    looks_at_addresses,
    _alternate_endpoints,
    _misplaced_hosts,
    _large_client_hellos,
    _tls12,
    _other_tls,
    _proxied,
    own_name_attempts,
)


def _own_answers(view: BackendView) -> Iterator[Attempt]:
    return (it.attempt for it in own_answers(view))


def _own_pages(view: BackendView) -> Iterator[Attempt]:
    onward = own_page_attempt(view)
    if onward is not None:
        yield onward


def _without_rewrites(view: BackendView) -> Iterator[Attempt]:
    yield from original_attempts(view)
    if view.client is not None and view.client.changed_by is not None:
        yield from filter(None, (probes_page_here(view),))


CLIENT_LOOKS: tuple[Look, ...] = (
    _alternate_endpoints,
    _bare_paths,
    _own_answers,
    _own_pages,
    _without_rewrites,
    _other_tls,
    _proxied,
    known_host_attempts,
    own_name_attempts,
)
"""What tells causes apart where only clients' requests meet them."""


def _large_on_paper(view: BackendView) -> Iterator[Attempt]:
    if suspicion(view) is not None or untold_on_paper(view):
        yield large_client_hello(view)


PAPER_LOOKS: tuple[Look, ...] = (probes_of_addresses, _large_on_paper, _tls12)
"""What a new probe may still meet, although one connection like it was answered."""

PROXY_LOOKS: tuple[Look, ...] = (looks_at_addresses, _tls12, _proxied)
"""Of a backend of the TCP/TLS proxy: nothing that sends a request."""

ROUNDS = 2
"""What is seen at the addresses of a name decides which of them is examined fully."""


def further_attempts(case: Case) -> tuple[Attempt, ...]:
    """What to try next, none twice."""

    def of_probe(view: BackendView) -> Iterator[Attempt]:
        return _wanted(LOOKS, view)

    clients = (
        view_of(case, it.backend, it)
        for client in case.clients
        for it in client.every_reading
        if it.can_be_made and was_seen(view_of(case, it.backend), it)
    )
    # Where a backend calls for nothing, those that are like it do not either.
    wanted = chain(
        heard(kinds(case), of_probe), (it for view in clients for it in _wanted(CLIENT_LOOKS, view))
    )
    return first_of(MOST_FURTHER, map(case.resolve_alias, wanted))


def _wanted(looks: tuple[Look, ...], view: BackendView) -> Iterator[Attempt]:
    """What has not been seen yet of what the looks ask for."""
    for look in looks if not view.settings.layer4 else PROXY_LOOKS:
        yield from (it for it in look(view) if view.case.outcome(it) == NOT_MADE)


def attempts_on_paper(now: Case, then: Case) -> Iterator[Attempt]:
    """What to try before a probe that only a change would bring counts as answered."""
    known = set(probe_attempts(now))
    for view in (view_of(then, it) for it in then.backends):
        if view.probe_attempt not in known:
            wanted = (it for look in PAPER_LOOKS for it in look(view))
            yield from (
                it for it in map(then.resolve_alias, wanted) if then.outcome(it) == NOT_MADE
            )
