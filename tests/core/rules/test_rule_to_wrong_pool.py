from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis.follow_up_probes import further_attempts
from bot.core.analysis.misplaced_host import NOBODY
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.model.marked import plain
from bot.core.model.observation import HandshakeFailed, NotTried, Observation, Outcome
from bot.core.remedies.options import send_to_other_pool
from bot.core.routing.gateway_request import client_request
from bot.core.rules import RULES
from bot.core.rules.rule_to_wrong_pool import RULE
from tests.core.asking import matches, quiet
from tests.core.clients import hidden, http, looked_at
from tests.core.clients import plain as plain_http
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
    ref,
    rule,
)
from tests.core.remedies.options.trying import best, refused, trials, v2
from tests.core.rewriting import rewrite, rewritten

OTHER = "10.1.5.12"
NEWS = certificate("news.contoso.com")
SHOP = certificate(HOST)


POOLS = [
    item("backendAddressPools", "pool", backendAddresses=[{"ipAddress": SERVER}]),
    item("backendAddressPools", "other", backendAddresses=[{"ipAddress": OTHER}]),
    item("backendAddressPools", "empty", backendAddresses=[]),
]


def two_pools(**top: Any) -> Any:
    """The site's rule leads to `pool`; `other` is there as well, and nobody sends anything there."""
    return v2(top={"backendAddressPools": POOLS, **top})


WELL = answered(SHOP, public=0)
UNKNOWN = answered(SHOP, public=0, status=404)


def looked_further(
    own: Outcome, there: Outcome, base: Any = None, *, nobody: Outcome = UNKNOWN
) -> Case:
    """What came of the other pool's server, and of it when it is asked for a host that nobody has."""
    made = case(base or two_pools(), own)
    seen = [
        Observation(it, nobody if it.host == NOBODY else there)
        for it in further_attempts(made)
        if it.server == OTHER
    ]
    return replace(made, observations=(*made.observations, *seen))


@pytest.mark.parametrize(
    ("own", "how"),
    [
        (answered(SHOP, status=404, public=0), "answers 404"),
        (answered(NEWS, public=0), "shows the certificate of news.contoso.com"),
        (HandshakeFailed("alert", SERVER, 112, "unrecognized name"), f"refuses TLS for {HOST}"),
    ],
)
def test_matches_and_is_the_only_cause_where_another_pool_knows_the_host(
    own: Outcome, how: str
) -> None:
    made = looked_further(own, WELL)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert how in plain(seen.summary)
    assert f"{OTHER} of pool other knows that host" in plain(seen.summary)
    assert {it.rule for it in diagnose(made, RULES).errors} == {"rule_to_wrong_pool"}


@pytest.mark.parametrize("status", [403, 404, 500])
def test_quiet_where_the_other_pool_does_not_answer_either(status: int) -> None:
    made = looked_further(answered(NEWS, public=0), answered(SHOP, status=status, public=0))
    assert quiet(RULE, made)
    assert {it.rule for it in diagnose(made, RULES).errors} == {"certificate_name_mismatch"}


def test_quiet_where_the_other_pool_has_another_certificate_or_the_same_servers() -> None:
    lost = answered(SHOP, status=404, public=0)
    assert quiet(RULE, looked_further(lost, answered(NEWS, public=0)))
    same = [
        item("backendAddressPools", name, backendAddresses=[{"ipAddress": SERVER}])
        for name in ("pool", "other")
    ]
    assert not further_attempts(case(v2(top={"backendAddressPools": same}), lost))


def test_quiet_where_the_other_server_answers_whatever_it_is_asked_for() -> None:
    for nobody in (WELL, NotTried("the time was up before it was its turn")):
        assert quiet(RULE, looked_further(answered(NEWS, public=0), WELL, nobody=nobody))


def test_quiet_where_the_other_pool_serves_another_path_of_the_same_site() -> None:
    def to(pool: str) -> Any:
        return {"id": f"{document()['id']}/backendAddressPools/{pool}"}

    paths = [rule(), rule("api", backendAddressPool=to("other"))]
    lost = answered(SHOP, status=404, public=0)
    made = case(two_pools(requestRoutingRules=paths), lost)
    assert not [it for it in further_attempts(made) if it.host == NOBODY]


def test_quiet_where_the_certificate_is_compared_with_another_name_or_with_none() -> None:
    named = [
        item("backendAddressPools", "pool", backendAddresses=[{"fqdn": "web01.corp.example"}]),
        item("backendAddressPools", "other", backendAddresses=[{"ipAddress": OTHER}]),
    ]
    member = document(backendAddressPools=named)
    assert not further_attempts(case(member, answered(APP)))
    unchecked = v2(validateSNI=False, top={"backendAddressPools": POOLS})
    further = further_attempts(case(unchecked, answered(NEWS, public=0)))
    assert {it.server for it in further} <= {SERVER}


def test_quiet_where_the_pool_knows_the_host_or_fails_by_itself() -> None:
    for own in (WELL, answered(SHOP, status=500, public=0)):
        further = further_attempts(case(two_pools(), own))
        assert {it.server for it in further} <= {SERVER}
        assert quiet(RULE, looked_further(own, WELL))


def test_missing_evidence_of_the_other_pool_accuses_no_rule() -> None:
    made = looked_further(answered(NEWS, public=0), NotTried("probing was switched off"))
    assert quiet(RULE, made)


def test_the_option_is_told_with_its_command_and_leaves_the_press_to_a_person() -> None:
    base = two_pools()
    made = looked_further(answered(NEWS, public=0), WELL, base)
    assert best(made, base) == "send_to_other_pool"
    trial = trials(made, base)["send_to_other_pool"]
    assert not trial.automated
    assert "rule update" in dict(trial.as_code)["Azure CLI"]
    assert 'backend_address_pool_name = "other"' in dict(trial.as_code)["Terraform"]
    assert any("--address-pool other" in step for step in trial.steps)


def test_a_path_map_is_explained_only() -> None:
    maps = [
        item(
            "urlPathMaps",
            "map",
            defaultBackendAddressPool={"id": f"{document()['id']}/backendAddressPools/pool"},
            defaultBackendHttpSettings={
                "id": f"{document()['id']}/backendHttpSettingsCollection/https"
            },
            pathRules=[],
        )
    ]
    rules = [
        item(
            "requestRoutingRules",
            "rule",
            ruleType="PathBasedRouting",
            httpListener={"id": f"{document()['id']}/httpListeners/site"},
            urlPathMap={"id": f"{document()['id']}/urlPathMaps/map"},
        )
    ]
    base = two_pools(urlPathMaps=maps, requestRoutingRules=rules)
    made = looked_further(answered(NEWS, public=0), WELL, base)
    assert "path map" in refused(send_to_other_pool.OPTION, made, base)


def knowing(host: str) -> Any:
    """The own server knows only this host, the other pool's only the site's."""
    return plain_http(lambda it: 200 if it.host == (HOST if it.server == OTHER else host) else 404)


def test_quiet_where_requests_for_the_host_get_there_under_another_one() -> None:
    """What the rules rewrite the Host to is what the server has to know."""
    inside = {"backendAddressPools": POOLS, "probes": [probe(protocol="Http", host="app.internal")]}
    base = rewritten(rewrite("r", host="app.internal"), top=inside)
    made = looked_at(base, knowing("app.internal"))
    assert quiet(RULE, made)
    assert not [it for it in made.observations if it.attempt.server == OTHER]
    kept = http(tier="Standard_v2", top=inside)
    assert matches(RULE, looked_at(kept, knowing("app.internal")))


def test_quiet_where_a_wider_rule_takes_the_hosts_requests() -> None:
    """Then the server of the rule behind it is never asked for the host, but by the probe, and that is answered."""
    base = hidden()
    spare = item("backendAddressPools", "spare", backendAddresses=[{"ipAddress": "10.1.5.13"}])
    base["properties"]["backendAddressPools"].append(spare)
    base["properties"]["probes"] = [probe(protocol="Http", host="app.internal", path="/health")]
    known = {SERVER: "app.internal", OTHER: "app.internal", "10.1.5.13": "shop.contoso.com"}
    made = looked_at(base, plain_http(lambda it: 200 if it.host == known[it.server] else 404))
    assert not [it for it in RULE.check(made) if it.backend and it.backend.pool.name == "api"]


def test_quiet_where_only_one_reading_of_the_request_is_turned_down() -> None:
    """v2, a named member, and no host name in the settings: which SNI clients' requests get is not certain."""
    named = [
        item("backendAddressPools", "pool", backendAddresses=[{"fqdn": "web.internal"}]),
        POOLS[1],
    ]
    base = v2(top={"backendAddressPools": named, "probes": [probe(host="app.internal")]})
    said = {"web.internal": 200, HOST: 404, "app.internal": 200}
    made = looked_at(
        base,
        lambda it: (
            said.get(str(it.sni), 404) if it.server != OTHER else 404 if it.host == NOBODY else 200
        ),
    )
    assert quiet(RULE, made)


def test_matches_the_one_site_of_many_that_the_pool_does_not_know() -> None:
    """Those that it knows do not count as tried."""
    sites = [f"site{it}.contoso.com" for it in range(5)]
    port: Any = {"protocol": "Https", "frontendPort": ref("frontendPorts", "p443")}
    base = http(
        tier="Standard_v2",
        top={
            "backendAddressPools": POOLS,
            "httpListeners": [item("httpListeners", it, hostName=it, **port) for it in sites],
            "requestRoutingRules": [
                rule(it, httpListener=ref("httpListeners", it), priority=number)
                for number, it in enumerate(sites, 1)
            ],
            "probes": [probe(protocol="Http", host=sites[0], path="/health")],
        },
    )
    lost = sites[-1]

    def page(it: Any) -> int:
        return 200 if (it.host == lost) is (it.server == OTHER) and it.host in sites else 404

    (summary,) = matches(RULE, looked_at(base, plain_http(page)))
    assert f"Requests for {lost} are sent to pool pool" in summary


def test_clients_are_lost_where_the_probe_does_not_ask_for_their_host() -> None:
    plain = v2(
        protocol="Http",
        port=80,
        probe=None,
        top={"backendAddressPools": POOLS},
    )
    made = case(plain, answered(tls=False), state="healthy")
    (backend,) = made.backends
    live = client_request(made.gateway, backend, HOST).to(SERVER)
    lost = Observation(live, answered(tls=False, status=404))
    made = replace(made, observations=(*made.observations, lost))
    found = [
        Observation(it, answered(tls=False, status=404 if it.host == NOBODY else 200))
        for it in further_attempts(made)
    ]
    assert {it.attempt.server for it in found} == {OTHER}
    made = replace(made, observations=(*made.observations, *found))
    assert {it.rule for it in diagnose(made, RULES).errors} == {"rule_to_wrong_pool"}
