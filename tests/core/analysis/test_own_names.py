"""The names of a certificate that nobody asks for: which of them are tried, and where."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis.follow_up_probes import further_attempts
from bot.core.analysis.own_names import own_names, same_page, under
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.observation import Attempt, Outcome, Response
from tests.core.clients import looked_at, views
from tests.core.make import (
    APP,
    HOST,
    SERVER,
    answered,
    case,
    certificate,
    document,
    item,
    probe,
    v2_settings,
)
from tests.core.rules.handshakes import SILENT

OWN = "app.corp.example"
THEIRS = certificate(OWN)
BY_ADDRESS = {"host": None, "pickHostNameFromBackendHttpSettings": True}


def gateway(probing: Mapping[str, Any] = {}, **changes: Any) -> Any:
    return document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[v2_settings(**changes)],
        probes=[probe(**probing)],
    )


def names(outcome: Outcome, base: Any = None) -> tuple[str, ...]:
    made = case(gateway() if base is None else base, outcome)
    return own_names(BackendView(made, made.backends[0]))


def serving(*sans: str) -> Outcome:
    return answered(certificate("several", *sans), public=0)


def test_a_certificate_for_what_is_not_asked_has_names_to_ask_for() -> None:
    assert names(serving(OWN, "*.corp.example", "old.corp.example")) == (OWN, "old.corp.example")
    assert len(names(serving(*(f"app{number}.corp.example" for number in range(100))))) == 4


@pytest.mark.parametrize(
    ("outcome", "base"),
    [
        (answered(APP), gateway()),
        (answered(THEIRS), document()),
        (answered(THEIRS), gateway(sniName=HOST)),
        (answered(THEIRS), gateway(validateSNI=False)),
        (answered(THEIRS), gateway(BY_ADDRESS, pickHostNameFromBackendAddress=True)),
        (answered(), gateway()),
        (SILENT, gateway()),
    ],
)
def test_there_is_nothing_to_ask_where_it_fits_is_not_compared_or_was_not_seen(
    outcome: Outcome, base: Any
) -> None:
    assert names(outcome, base) == ()


def test_without_sni_the_names_count_where_the_host_is_not_known() -> None:
    by_address = gateway(BY_ADDRESS, pickHostNameFromBackendAddress=True)
    assert names(answered(THEIRS, status=404), by_address) == (OWN,)
    assert names(answered(THEIRS, status=None), by_address) == ()


def test_a_server_that_refuses_the_name_shows_its_own_without_one() -> None:
    made = case(gateway(), by_sni={HOST: SILENT, None: answered(THEIRS)})
    assert own_names(BackendView(made, made.backends[0])) == (OWN,)


@pytest.mark.parametrize(
    ("listening", "found"),
    [
        ([OWN], ()),
        (["*.corp.example"], ()),
        (["*.other.example"], (OWN,)),
    ],
)
def test_a_name_of_another_site_is_not_asked_for(
    listening: list[str], found: tuple[str, ...]
) -> None:
    base = gateway()
    other = item("httpListeners", "other", protocol="Https", hostNames=listening)
    base["properties"]["httpListeners"].append(other)
    assert names(answered(THEIRS), base) == found


def test_a_wider_listener_of_the_same_backend_is_no_other_site() -> None:
    base = gateway()
    base["properties"]["httpListeners"][0]["properties"] |= {
        "hostName": None,
        "hostNames": ["*.Example"],
    }
    assert names(answered(THEIRS), base) == (OWN,)


def asked_for(served: Certificate) -> set[tuple[str | None, str, str | None]]:
    """SNI, Host and path of what is asked once more under a name of the certificate."""
    base = gateway({"path": "/health"})
    made = looked_at(base, lambda _: answered(served, public=0), rounds=0)
    return {(it.sni, it.host, it.path) for it in further_attempts(made) if it.sni == OWN}


def test_the_probes_page_and_those_of_clients_are_asked_for_under_it() -> None:
    assert asked_for(THEIRS) == {(OWN, OWN, "/health"), (OWN, OWN, "/")}
    assert asked_for(APP) == set()


SHOP = Response(200, None, "the shop")


@pytest.mark.parametrize(
    ("given", "own", "same"),
    [
        (SHOP, SHOP, True),
        (SHOP, Response(200, None, "the back office"), False),
        (Response(404, None, ""), SHOP, True),
        (SHOP, Response(404, None, ""), True),
        (Response(302, "https://a.example/", ""), Response(302, f"https://{OWN}/", ""), True),
        (SHOP, Response(302, "/sign-in", ""), False),
        (SHOP, SILENT, True),
        (SILENT, SHOP, True),
    ],
)
def test_another_page_shows_only_where_both_were_seen(given: Any, own: Any, same: bool) -> None:
    def page(asked: Attempt) -> Any:
        return own if asked.sni == OWN else given

    made = looked_at(gateway(), page)
    extra = looked_at(gateway({"host": OWN}), page)
    (view,) = views(replace(made, observations=(*made.observations, *extra.observations)))
    assert under(view.attempt, OWN) == Attempt(SERVER, 443, True, OWN, OWN, "/")
    assert same_page(view, OWN) is same
