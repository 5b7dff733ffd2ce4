"""Clients' requests at the health probe's own port, where the HTTP settings name another one."""

from dataclasses import dataclass, replace

from bot.core.analysis.client_requests import under_probes_host
from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.case.view import BackendView
from bot.core.model.observation import Attempt


@dataclass(frozen=True, slots=True)
class FoundThere:
    """A request that finds nothing at the port of the HTTP settings, and the same at the probe's, which is answered."""

    absent: Attempt
    there: Attempt
    status: int


def at_probed_port(view: BackendView) -> Attempt | None:
    """The same request at the probe's port; None where that is the same, or the clients' port knows the page."""
    probe = view.probe_request
    same = (probe.protocol, probe.port) == (view.request.protocol, view.request.port)
    if view.client is None or same:
        return None
    if view.response is None or view.response.status not in NOT_KNOWN:
        return None
    tls = probe.protocol == "https"
    sni = view.request.sni if tls else None
    return replace(view.attempt, port=probe.port, tls=tls, sni=sni)


def probes_page_here(view: BackendView) -> Attempt | None:
    """The health probe's page at the clients' port; None where clients do not ask for that, or it cannot matter.

    A path override or a rewrite rule may make another one of it, which is at neither port.
    """
    if view.client is None or at_probed_port(view) is None:
        return None
    if view.client.way.path != view.probe_request.path:
        return None
    return replace(under_probes_host(view, view.attempt), path=view.probe_request.path)


def found_at_probed_port(view: BackendView) -> FoundThere | None:
    """The proof that the port is wrong; None if there is none.

    Where the host of clients' requests is wrong too, only the health probe's host shows it: the same comparison is made
    under that one. Where their path is as well, only the very request of the health probe does.
    """
    there = at_probed_port(view)
    if there is None:
        return None
    probe = view.probe_request
    absent = under_probes_host(view, view.attempt)
    under_probes = replace(there, host=probe.host, sni=probe.sni if there.tls else None)
    pairs = [(view.attempt, there), (absent, under_probes)]
    own_page = probes_page_here(view)
    if own_page is not None:
        pairs.append((own_page, view.probe_attempt))
    return next(filter(None, (_compared(view, *pair) for pair in pairs)), None)


def _compared(view: BackendView, absent: Attempt, there: Attempt) -> FoundThere | None:
    here, answer = view.case.response(absent), view.case.response(there)
    if here is None or answer is None or here.status not in NOT_KNOWN or answer.status >= 400:
        return None
    return FoundThere(absent, there, answer.status)
