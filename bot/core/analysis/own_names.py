"""The names in a served certificate, where the gateway asks for none of them.

v2 compares the certificate with the SNI that it sends (learn.microsoft.com/azure/application-gateway/ssl-overview), so
such a server can be asked for a name of its own: that healed Azure/application-gateway-kubernetes-ingress, issues 678
and 1304, and MicrosoftDocs/azure-docs, issue 56453. Whether it also answers under that name has to be seen.
"""

from collections.abc import Iterator
from dataclasses import replace

from bot.core.analysis.probe_answer import NOT_KNOWN
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.certificate import Certificate
from bot.core.model.hostname import certificate_names, covers, fits
from bot.core.model.observation import Attempt
from bot.core.routing.gateway_request import fixed_sni, name_or_none

MOST_OWN_NAMES = 4
"""Names of one certificate that are tried; a certificate may have a hundred."""


@asked_once
def own_names(view: BackendView) -> tuple[str, ...]:
    """The names to ask for instead; none where the certificate fits, or where its names are sites of others here."""
    leaf = misfit(view)
    if leaf is None:
        return ()
    found = filter(None, map(name_or_none, certificate_names(leaf)))
    names = (it for it in found if not _is_other_site(view, it))
    return tuple(dict.fromkeys(names))[:MOST_OWN_NAMES]


def own_name_attempts(view: BackendView) -> Iterator[Attempt]:
    """The same request under each of them."""
    return (under(view.attempt, it) for it in own_names(view))


def under(attempt: Attempt, name: str) -> Attempt:
    """The same request with that name as SNI and Host."""
    return replace(attempt, sni=name, host=name)


def same_page(view: BackendView, name: str) -> bool:
    """Whether nothing shows that the server has another page under that name than under the one asked for.

    An error or a redirect shows nothing: it may well name the host, and whoever tries the name on paper judges it.
    """
    given = view.response
    own = view.case.response(under(view.attempt, name))
    if given is None or own is None:
        return True
    telling = given.status < 400 and own.status < 400 and min(given.status, own.status) < 300
    return given == own or not telling


@asked_once
def misfit(view: BackendView) -> Certificate | None:
    """The certificate that is served, if it is not for what the gateway asks for."""
    settings, attempt = view.settings, view.attempt
    # A fixed SNI stays, whatever the host.
    if not view.gateway.traits.sends_host_as_sni or fixed_sni(view.gateway, settings):
        return None
    seen = view.case.handshake(attempt)
    # A server that refuses the name may show by itself which one it has.
    shown = seen or view.case.handshake(replace(attempt, sni=None))
    if shown is None or shown.leaf is None:
        return None
    if attempt.sni is not None and seen is not None:
        wrong = settings.validate_sni and not covers(shown.leaf, attempt.sni)
    else:
        response = view.response
        wrong = seen is None or (response is not None and response.status in NOT_KNOWN)
    return shown.leaf if wrong else None


def _is_other_site(view: BackendView, name: str) -> bool:
    """Whether some listener takes that name for another backend: clients of this one would get that site."""
    own = {host.lower() for host in view.backend.hosts}
    hosts = (host for it in view.gateway.listeners for host in it.hosts)
    return any(host.lower() not in own and fits(host, name) for host in hosts)
