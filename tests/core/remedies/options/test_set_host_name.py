"""The host name that is asked for: by the probe on v1 too, and by clients' requests."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.arm import edit
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.observation import Attempt, Observation, Outcome, Response
from bot.core.remedies.options.set_host_name import OPTION
from bot.core.routing.gateway_request import client_request
from tests.core.answers import NO_PROBE, replied, reply
from tests.core.clients import also_on_paper, looked_at
from tests.core.make import (
    APP,
    HOST,
    ILB,
    SERVER,
    answered,
    case,
    certificate,
    document,
    item,
    probe,
    v2_settings,
)
from tests.core.remedies.options.trying import best, carried_out, proposed, refused, trials, v2
from tests.core.rules.handshakes import SILENT

SHOP = "shop.example"
BOTH = certificate("both", HOST, SHOP)


def site(*names: str) -> dict[str, Any]:
    """One listener for these host names."""
    return {"httpListeners": [item("httpListeners", "site", protocol="Https", hostNames=[*names])]}


def with_live(made: Case, outcome: Outcome) -> Case:
    """What clients of the first listener are answered."""
    backend = made.backends[0]
    attempt = client_request(made.gateway, backend, backend.hosts[0]).to(backend.server)
    return replace(made, observations=(*made.observations, Observation(attempt, outcome)))


def clients_fail(base: Any, live: Outcome) -> Case:
    """The probe is answered, under the certificate for both names, and clients are not."""
    return with_live(case(base, answered(BOTH, public=0), state="healthy"), live)


def test_on_v1_the_default_probe_gets_the_name_that_is_answered() -> None:
    made = replied(reply(404), NO_PROBE, under={HOST: 200})
    assert "(Host header)" in trials(made, NO_PROBE)["set_host_name"].reason
    assert "on v1" in refused(OPTION, replied(reply(404), NO_PROBE, under={HOST: 404}), NO_PROBE)


def test_of_two_names_with_a_certificate_the_one_that_is_answered_is_taken() -> None:
    base = v2(probes=[probe(host="10.1.5.11")], top=site(HOST, SHOP))
    outcomes: dict[str | None, Outcome] = {
        None: answered(ILB, public=0, status=404),
        HOST: answered(BOTH, public=0, status=404),
        SHOP: answered(BOTH, public=0),
    }
    made = case(base, by_sni=outcomes)
    assert f"ask for {SHOP} " in proposed(OPTION, made, base).summary


def test_the_settings_get_the_probes_host_where_only_clients_fail() -> None:
    base = v2(top=site(SHOP))
    made = clients_fail(base, answered(BOTH, public=0, status=404))
    assert best(made, base) == "set_host_name"
    _, changed = carried_out("set_host_name", made, base)
    assert changed["backendHttpSettingsCollection"][0]["properties"]["hostName"] == HOST
    assert changed["probes"] == base["properties"]["probes"]


def test_on_v1_too() -> None:
    base = document(**site(SHOP))
    made = with_live(case(base, answered(APP), state="healthy"), answered(APP, status=404))
    assert best(made, base) == "set_host_name"


@pytest.mark.parametrize("live", [answered(ILB), SILENT])
def test_a_certificate_or_a_handshake_that_fails_clients_counts_too(live: Outcome) -> None:
    base = v2(top=site(SHOP))
    assert f"with the host name {HOST}" in proposed(OPTION, clients_fail(base, live), base).summary


@pytest.mark.parametrize("before", [{}, {"hostName": HOST}])
def test_a_pick_from_the_members_address_is_cleared_with_it(before: dict[str, Any]) -> None:
    base = v2(pickHostNameFromBackendAddress=True, **before)
    made = clients_fail(base, answered(APP, status=404))
    _, changed = carried_out("set_host_name", made, base)
    setting = changed["backendHttpSettingsCollection"][0]["properties"]
    assert (setting["hostName"], setting["pickHostNameFromBackendAddress"]) == (HOST, False)


def test_is_not_for_clients_that_are_answered_or_ask_for_another_page() -> None:
    base = v2(top=site(SHOP))
    made = clients_fail(base, answered(BOTH, public=0))
    assert "already" in refused(OPTION, made, base)
    health = v2(probes=[probe(path="/health")], top=site(SHOP))
    made = clients_fail(health, answered(BOTH, public=0, status=404))
    assert "already" in refused(OPTION, made, health)


def test_where_an_sni_is_fixed_the_host_is_set_without_it() -> None:
    base = v2(probes=[probe(host="old.example")], top=site(SHOP), sniName=HOST)
    made = case(base, answered(APP, public=0, status=404))
    good = Observation(
        replace(BackendView(made, made.backends[0]).probe_attempt, host=SHOP),
        answered(APP, public=0),
    )
    summary = proposed(OPTION, replace(made, observations=(*made.observations, good)), base).summary
    assert f"ask for {SHOP} (Host header)" in summary


def test_over_plain_http_no_sni_is_spoken_of() -> None:
    base = v2(probes=[probe(host="old.example", protocol="Http")], protocol="Http")
    made = case(base, answered(tls=False, status=404))
    good = Observation(
        replace(BackendView(made, made.backends[0]).probe_attempt, host=HOST), answered(tls=False)
    )
    summary = proposed(OPTION, replace(made, observations=(*made.observations, good)), base).summary
    assert summary.endswith(f"ask for {HOST} (Host header)")


def test_is_not_for_a_probe_without_a_name_or_one_that_asks_for_it() -> None:
    nameless = v2(probes=[probe(host="10.1.5.11")], top=site(SHOP))
    made = clients_fail(nameless, answered(BOTH, public=0, status=404))
    assert "not a name" in refused(OPTION, made, nameless)
    base = v2(top=site(SHOP), sniName=SHOP)
    made = case(base, answered(BOTH, public=0, status=500))
    assert "already asks for test.appgwtestase.com" in refused(OPTION, made, base)


def test_the_settings_host_is_mended_where_probe_and_clients_share_it() -> None:
    picking = probe(host=None, pickHostNameFromBackendHttpSettings=True)
    base = v2(probes=[picking], hostName="old.example")
    good = answered(APP, public=0)
    made = case(base, by_sni={"old.example": answered(ILB, public=0), HOST: good})
    summary = proposed(OPTION, made, base).summary
    assert summary.startswith("let the health probe and clients' requests of https ask for")
    _, changed = carried_out("set_host_name", made, base)
    assert changed["backendHttpSettingsCollection"][0]["properties"]["hostName"] == HOST
    assert changed["probes"] == base["properties"]["probes"]


def picking_app(**changes: Any) -> Any:
    """App Service by its own name in the pool, without a custom probe."""
    base = v2(probes=[], top={"backendAddressPools": [BY_NAME], **site(SHOP)}, **changes)
    del base["properties"]["backendHttpSettingsCollection"][0]["properties"]["probe"]
    return base


def test_a_name_that_is_picked_from_the_member_stays_picked_for_clients() -> None:
    base = picking_app(pickHostNameFromBackendAddress=True)
    _, changed = carried_out("set_host_name", unknown_to_the_probe(base), base)
    setting = changed["backendHttpSettingsCollection"][0]["properties"]
    assert setting["pickHostNameFromBackendAddress"] is True
    assert "hostName" not in setting
    assert changed["probes"][0]["properties"]["host"] == HOST


def test_probe_and_clients_get_the_name_where_both_are_turned_down() -> None:
    base = picking_app()
    made = with_live(unknown_to_the_probe(base), answered(APP, public=0, status=404))
    assert "redirects and cookies" in proposed(OPTION, made, base).summary
    _, changed = carried_out("set_host_name", made, base)
    assert changed["backendHttpSettingsCollection"][0]["properties"]["hostName"] == HOST
    assert changed["probes"][0]["properties"]["host"] == HOST


BY_NAME = item("backendAddressPools", "pool", backendAddresses=[{"fqdn": HOST}])


def unknown_to_the_probe(base: Any) -> Case:
    """127.0.0.1 is answered with 404, the member's own name as it should be."""
    made = case(base, answered(APP, public=0, status=404))
    named = replace(BackendView(made, made.backends[0]).probe_attempt, host=HOST)
    seen = Observation(named, answered(APP, public=0))
    return replace(made, observations=(*made.observations, seen))


def test_no_site_is_shown_to_clients_of_another_one() -> None:
    base = v2(top=site(SHOP, HOST))
    made = clients_fail(base, answered(BOTH, public=0, status=404))
    assert "a site of its own" in refused(OPTION, made, base)


MISSPELT = "tset.appgwtestase.com"


def misspelt(status: int) -> tuple[Any, Case]:
    """No custom probe, and a typing error in the host name; the certificate is for the right one."""
    base = v2(hostName=MISSPELT, probes=[])
    del base["properties"]["backendHttpSettingsCollection"][0]["properties"]["probe"]
    well = answered(APP, public=0)
    made = case(base, by_sni={MISSPELT: answered(APP, public=0, status=status), HOST: well})
    # What the default probe would send once the name is right.
    after = Observation(Attempt(SERVER, 443, True, HOST, "127.0.0.1", "/"), well)
    return base, with_live(replace(made, observations=(*made.observations, after)), well)


def test_a_misspelt_name_is_corrected_and_nothing_else() -> None:
    """No certificate for the misspelt name is wanted, and no probe of its own is needed."""
    base, made = misspelt(200)
    assert best(made, base) == "set_host_name"
    plan, changed = carried_out("set_host_name", made, base)
    assert [(it.before, it.after) for it in plan.lines] == [(MISSPELT, HOST)]
    assert changed["probes"] == []
    assert f"ask for {HOST} instead of {MISSPELT}" in proposed(OPTION, made, base).summary


def test_a_default_probe_that_is_turned_down_too_gets_a_host_of_its_own() -> None:
    base, made = misspelt(404)
    plan = proposed(OPTION, made, base)
    assert [it.place for it in plan.edits][:2] == [
        "probes/agw-https",
        "backendHttpSettingsCollection/https/probe",
    ]


def test_a_default_probe_has_no_host_for_clients_that_are_turned_down() -> None:
    """The certificate is for both names, so the default probe, which has it as SNI, does not notice."""
    base, _ = misspelt(200)
    both = answered(certificate("both", MISSPELT, HOST), public=0)

    def page(asked: Attempt) -> Outcome:
        return replace(both, http=Response(404 if asked.host == MISSPELT else 200, None, ""))

    made = looked_at(base, page)
    assert "not a name" in refused(OPTION, made, base)


def test_a_named_members_clients_are_given_the_name_too_where_microsofts_pages_disagree() -> None:
    """The certificate is the site's; by one of the two readings clients' requests carry the member's name as SNI."""
    named = document(
        tier="Standard_v2",
        servers=("web01.corp.example",),
        backendHttpSettingsCollection=[v2_settings(probe=None)],
        probes=[],
    )
    page = answered(APP, public=0)
    made = looked_at(named, lambda _: page, state="unhealthy")
    seen = also_on_paper(made, named, lambda _: page)
    assert best(seen, named) == "set_host_name"
    found = proposed(OPTION, seen, named)
    assert found.summary.startswith("let the health probe and clients' requests of https ask for")
    changed = edit.apply(found.edits, named)["properties"]
    assert changed["backendHttpSettingsCollection"][0]["properties"]["hostName"] == HOST


OWN, OLD = "app.corp.example", "old.corp.example"
THEIRS = certificate(OWN, OLD, OWN)
BY_ADDRESS = probe(pickHostNameFromBackendHttpSettings=True)
del BY_ADDRESS["properties"]["host"]


def own_named(base: Any, pages: dict[str | None, Any], state: str = "unhealthy") -> Case:
    """A server with a certificate for names of its own; `pages` are its answers by Host, None: to any other."""

    def page(asked: Attempt) -> Outcome:
        said = pages.get(asked.host, pages.get(None, 404))
        http = said if isinstance(said, Response) else Response(said, None, "")
        return replace(answered(THEIRS, public=0), http=http)

    made = looked_at(base, page, state=state)
    return also_on_paper(made, base, page)


@pytest.mark.parametrize(
    ("pages", "name"), [({None: 200}, OLD), ({OWN: 200}, OWN), ({OLD: 200}, OLD)]
)
@pytest.mark.parametrize(
    "base",
    [v2(), v2(probes=[BY_ADDRESS], hostName="store.example"), v2(probes=[probe(host="a.example")])],
)
def test_a_name_of_the_certificate_is_set_where_the_server_answers_it(
    base: Any, pages: dict[str | None, Any], name: str
) -> None:
    made = own_named(base, pages)
    assert best(made, base) == "set_host_name"
    assert "a name of the certificate that is served" in proposed(OPTION, made, base).summary
    _, changed = carried_out("set_host_name", made, base)
    assert changed["backendHttpSettingsCollection"][0]["properties"]["hostName"] == name


def test_a_pick_from_an_address_is_cleared_where_only_the_certificate_has_a_name() -> None:
    base = v2(probes=[BY_ADDRESS], pickHostNameFromBackendAddress=True)
    made = own_named(base, {OWN: 200})
    assert best(made, base) == "set_host_name"
    _, changed = carried_out("set_host_name", made, base)
    setting = changed["backendHttpSettingsCollection"][0]["properties"]
    assert (setting["hostName"], setting["pickHostNameFromBackendAddress"]) == (OWN, False)


def test_a_name_of_the_certificate_is_not_set_where_the_application_needs_the_clients() -> None:
    base = v2()
    made = own_named(base, {HOST: 200})
    assert best(made, base) == "replace_backend_certificate"
    told = trials(made, base)["set_host_name"]
    assert told.proposal is not None
    assert f"Host {OLD}" in (told.because or "")


def test_a_name_of_the_certificate_is_not_set_where_it_has_another_page() -> None:
    base = v2()
    shop, office = Response(200, None, "shop"), Response(200, None, "back office")
    made = own_named(base, {HOST: shop, OWN: office, OLD: office})
    assert refused(OPTION, made, base).startswith(
        f"under {OLD}, {OWN}, for which its certificate is"
    )
    made = own_named(base, {HOST: shop, OWN: shop, OLD: office})
    assert f"ask for {OWN} " in proposed(OPTION, made, base).summary


def test_clients_alone_get_it_where_the_default_probe_is_answered() -> None:
    base = v2(probe=None, probes=[])
    made = own_named(base, {None: 200}, state="healthy")
    assert best(made, base) == "set_host_name"
    summary = proposed(OPTION, made, base).summary
    assert summary.startswith(
        f"let https forward clients' requests with the host name {OLD}, a name of the certificate"
    )
