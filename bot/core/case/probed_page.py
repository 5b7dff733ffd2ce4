"""The page that the health probe asks for, asked for by clients: it need not be there for them.

A probe may have a host, a port or a path of its own, as for the management port of an application: that clients do not
find its page says nothing of the site where they get its other pages.
"""

from collections.abc import Iterator

from bot.core.case.case import Case
from bot.core.model.asked_once import asked_once
from bot.core.routing.client_request import ClientRequest

SIGN_IN_ASKED = 401
"""A page of the application: whoever signs in gets further."""

START_PAGE = "/"


def is_page(status: int) -> bool:
    """Whether somebody who gets this status has a page of the application, or is asked to sign in for one."""
    return status < 400 or status == SIGN_IN_ASKED


@asked_once
def is_for_the_probe_alone(case: Case, client: ClientRequest) -> bool:
    """Whether a client is told that the probe's page is not there or not for it, and gets another page of the site.

    Another server in the same place speaks for this one where this one was asked for no other page.
    """
    path = client.way.path
    if path == START_PAGE or path != case.probe_request(client.backend).path:
        return False
    given = case.response(client.attempt)
    if given is None or is_page(given.status) or given.status >= 500:
        return False
    others = [*_other_pages(case, client)]
    here = [well for server, well in others if server == client.backend.server]
    return any(here or [well for _, well in others])


def _other_pages(case: Case, client: ClientRequest) -> Iterator[tuple[str, bool]]:
    """What else clients of the same site were seen to ask for in the same place: where, and if they got it."""
    for it in case.clients:
        same = (it.way.site, it.backend.place) == (client.way.site, client.backend.place)
        answer = case.response(it.attempt) if same and it.way.path != client.way.path else None
        if answer is not None:
            yield it.backend.server, is_page(answer.status)
