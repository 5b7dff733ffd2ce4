"""The health probe's page, which need not be there for clients."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis.client_outcome import client_outcome
from bot.core.case.case import Case
from bot.core.case.probed_page import is_for_the_probe_alone
from bot.core.model.observation import NoResponse
from tests.core.clients import SECOND, errors, http, looked_at, plain, view_of, views
from tests.core.make import HOST, SERVER, item

OWN_HOST = "app.internal"


def gateway(*servers: str, probed: str = "/health", **settings: Any) -> Any:
    """The health probe has a host of its own; clients ask for its page and for `/`."""
    members = [{"ipAddress": it} for it in servers or (SERVER,)]
    pools = [item("backendAddressPools", "pool", backendAddresses=members)]
    made = http(top={"backendAddressPools": pools}, **settings)
    made["properties"]["probes"][0]["properties"] |= {"host": OWN_HOST, "path": probed}
    return made


def seen(probed: Any, start_page: Any, made: Any = None) -> Case:
    """What clients get for the probe's page and for `/`."""

    def page(it: Any) -> Any:
        if it.host == OWN_HOST:
            return 200
        return start_page if it.path == "/" else probed

    return looked_at(gateway() if made is None else made, plain(page))


def alone(made: Case, path: str = "/health") -> bool:
    client = view_of(made, path).client
    assert client is not None
    return is_for_the_probe_alone(made, client)


@pytest.mark.parametrize("probed", [400, 403, 404, 421])
@pytest.mark.parametrize("start_page", [200, 302, 401])
def test_a_site_with_another_page_is_not_at_fault(probed: int, start_page: int) -> None:
    made = seen(probed, start_page)
    assert alone(made)
    assert errors(made) == []
    found = client_outcome(view_of(made, "/health"))
    assert (found.word, found.served, found.status) == ("unknown_path", None, probed)
    assert "it is the health probe's page" in found.because


@pytest.mark.parametrize("start_page", [404, 403, 500, NoResponse("closed", "it closed")])
def test_a_site_that_has_no_other_page_either_is(start_page: Any) -> None:
    made = seen(404, start_page)
    assert not alone(made)
    assert "live_host_unknown" in {it.rule for it in errors(made)}


@pytest.mark.parametrize("probed", [200, 302, 401, 500, NoResponse("closed", "it closed")])
def test_what_is_there_or_fails_otherwise_is_judged_as_any_page(probed: Any) -> None:
    assert not alone(seen(probed, 200))


def test_the_start_page_is_for_clients_though_the_probe_asks_for_it() -> None:
    assert not alone(seen(404, 404, gateway(probed="/")), "/")


def test_no_other_page_is_the_probes() -> None:
    assert not alone(seen(404, 404), "/")


def test_each_server_speaks_for_itself_where_it_was_asked_for_more() -> None:
    def page(it: Any) -> Any:
        if it.host == OWN_HOST or (it.server, it.path) == (SECOND, "/"):
            return 200
        return 404

    made = looked_at(gateway(SERVER, SECOND), plain(page))
    told = {
        it.server: is_for_the_probe_alone(made, it.client)
        for it in views(made)
        if it.client and it.client.way.path == "/health"
    }
    assert told == {SERVER: False, SECOND: True}


def test_another_server_speaks_for_one_that_was_asked_for_the_probes_page_alone() -> None:
    made = looked_at(
        gateway(SERVER, SECOND),
        plain(lambda it: 404 if it.host == HOST and it.path != "/" else 200),
    )
    only = tuple(
        it for it in made.observations if (it.attempt.server, it.attempt.path) != (SERVER, "/")
    )
    left = replace(made, observations=only)
    told = {
        it.server: is_for_the_probe_alone(left, it.client)
        for it in views(left)
        if it.client and it.client.way.path == "/health"
    }
    assert told == {SERVER: True, SECOND: True}
