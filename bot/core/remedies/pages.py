"""A server whose health probe is put right gets clients again: has it a page for them?"""

from bot.core.analysis.client_outcome import client_outcome, probe_fails
from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis
from bot.core.case.probed_page import START_PAGE
from bot.core.case.view import view_of
from bot.core.model.marked import mark
from bot.core.model.status_ranges import in_ranges
from bot.core.remedies.trial import CannotTell
from bot.core.remedies.weak_chain import Member


def without_page(now: Case, then: Case, reported: Diagnosis) -> dict[Member, CannotTell]:
    """The servers that clients are kept from, and that would get them back without a page for any of them."""
    at_fault = {
        (it.match.backend.place, it.match.backend.server)
        for it in reported.errors
        if it.match.backend is not None
    }
    well = {(it.place, it.server) for it in now.backends} - at_fault
    # Clients get to those whose probe succeeds, whatever they find there.
    in_rotation = {
        (it.place, it.server) for it in now.backends if not probe_fails(view_of(now, it))
    }
    found: dict[Member, CannotTell] = {}
    for backend in then.backends:
        member = (backend.place, backend.server)
        if member in well:
            continue
        asked = view_of(then, backend).probe_request
        ends = [(it, client_outcome(view_of(then, backend, it))) for it in then.clients_of(backend)]
        no_page = [(it, end) for it, end in ends if end.word == "unknown_path"]
        lacking = {it.way.path for it, _ in no_page}
        # Where such an answer counts as healthy, somebody decided that.
        counted = any(in_ranges(it.status or 0, asked.match.status_codes) for _, it in no_page)
        # That the health probe's own page is there says nothing of the paths that are routed there; an API need not
        # have a start page.
        routed = member not in in_rotation and bool(lacking - {START_PAGE})
        own = {asked.path} - {START_PAGE} if routed else set()
        has_page = any(end.served and it.way.path not in own for it, end in ends)
        if no_page and not counted and not has_page:
            found[member] = CannotTell(
                f"no page is known that {mark(backend.server)} gives to clients: {no_page[0][1].because}"
            )
    return found


def still_without_page(then: Case, reported: Diagnosis) -> dict[Member, CannotTell]:
    """The servers that do not give clients the page that showed the fault, though no rule says any more why."""
    shown = {
        (client.backend.place, client.backend.server, client.way.host, client.way.path)
        for it in reported.errors
        if (client := it.match.client) is not None
    }
    found: dict[Member, CannotTell] = {}
    for client in then.clients:
        place, server = client.backend.place, client.backend.server
        if (place, server, client.way.host, client.way.path) not in shown:
            continue
        end = client_outcome(view_of(then, client.backend, client))
        if end.word == "unknown_path":
            because = f"clients of {mark(client.way.site)} may still get no page from {mark(server)}: {end.because}"
            found[place, server] = CannotTell(because)
    return found
