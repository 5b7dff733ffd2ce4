"""Clients' requests at the health probe's own port, where the HTTP settings name another one."""

from dataclasses import replace

from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.case.view import BackendView
from bot.core.model.observation import Attempt


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


def status_at_probed_port(view: BackendView) -> int | None:
    """What the same request gets there, if it is answered."""
    attempt = at_probed_port(view)
    response = view.case.response(attempt) if attempt else None
    return response.status if response is not None and response.status < 400 else None
