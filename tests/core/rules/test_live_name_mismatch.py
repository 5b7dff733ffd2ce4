from dataclasses import replace
from typing import Any

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.model.marked import plain
from bot.core.model.observation import HandshakeFailed, Observation, Outcome
from bot.core.rules import RULES
from bot.core.rules.live_name_mismatch import RULE
from tests.core.asking import doubts, left_open, matches, quiet
from tests.core.make import (
    APP,
    HOST,
    NOT_SEEN,
    SERVER,
    answered,
    blind,
    case,
    certificate,
    document,
    probe,
    v2_settings,
)

INTERNAL = certificate("app.internal")
SEEN: dict[str | None, Outcome] = {"app.internal": answered(INTERNAL), HOST: answered(INTERNAL)}


def v2(server: str = SERVER, **changes: Any) -> Any:
    return document(
        tier="Standard_v2",
        servers=(server,),
        probes=[probe(host="app.internal")],
        backendHttpSettingsCollection=[v2_settings(**changes)],
    )


def test_matches_when_the_certificate_is_for_the_probes_name_only() -> None:
    (seen,) = RULE.check(case(v2(), by_sni=SEEN, state="healthy"))
    assert isinstance(seen, Match)
    assert seen.confidence == "high"
    assert plain(seen.summary) == (
        f"10.1.5.11 serves a certificate for app.internal when requests for {HOST} are forwarded with SNI"
        f" {HOST}; the health probe, with SNI app.internal, does not notice."
    )


def test_is_quiet_when_the_clients_sni_is_refused_as_that_is_a_fault_of_tls() -> None:
    failed = HandshakeFailed("alert", SERVER, 112, "unrecognized name")
    made = case(v2(), by_sni={"app.internal": answered(INTERNAL), HOST: failed})
    assert quiet(RULE, made)
    (refused,) = (it for it in diagnose(made, RULES).errors if it.rule == "sni_refused")
    assert (refused.match.concerns, refused.match.sites) == ("clients", (HOST,))


def test_matches_the_host_name_of_the_settings() -> None:
    other = v2(hostName="other.internal")
    seen: dict[str | None, Outcome] = {
        None: answered(INTERNAL),
        "other.internal": answered(INTERNAL),
    }
    assert "SNI other.internal" in matches(RULE, case(other, by_sni=seen))[0]


def test_says_that_a_probe_without_sni_does_not_notice() -> None:
    bare = document(tier="Standard_v2", backendHttpSettingsCollection=[v2_settings(probe=None)])
    made = case(bare, by_sni={None: answered(INTERNAL), HOST: answered(INTERNAL)})
    assert "with no SNI, does not notice" in matches(RULE, made)[0]


def test_is_undecided_of_a_named_member_where_microsofts_pages_disagree() -> None:
    """With the member's own name as SNI the certificate fits; with the client's it does not."""
    made = case(v2("pool.internal"), by_sni=SEEN)
    fits = replace(made.clients[0].attempt, sni="pool.internal")
    pool = Observation(fits, answered(certificate("pool.internal")))
    (open_,) = doubts(RULE, replace(made, observations=(*made.observations, pool)))
    assert open_ == (
        f"for clients' requests for {HOST}, Microsoft's pages disagree on the SNI; with SNI {HOST}:"
        f" pool.internal serves a certificate for app.internal when requests for {HOST} are forwarded with SNI {HOST};"
        " the health probe, with SNI app.internal, does not notice. With SNI pool.internal that was not seen"
    )


def test_matches_a_named_member_whose_certificate_fits_by_neither_reading() -> None:
    made = case(v2("pool.internal"), by_sni={**SEEN, "pool.internal": answered(INTERNAL)})
    assert f"with SNI {HOST}" in matches(RULE, made)[0]


def test_is_quiet_when_the_name_is_covered() -> None:
    both = certificate("app.internal", "app.internal", HOST)
    fits: dict[str | None, Outcome] = {"app.internal": answered(both), HOST: answered(both)}
    assert quiet(RULE, case(v2(), by_sni=fits))


def test_is_quiet_where_the_gateway_does_not_compare() -> None:
    assert quiet(RULE, case(v2(validateSNI=False), by_sni=SEEN))
    assert quiet(RULE, case(v2(sniName="app.internal"), by_sni=SEEN))
    assert quiet(RULE, case(v2(protocol="Http"), by_sni=SEEN))
    assert quiet(RULE, case(document(), by_sni={None: answered(APP), HOST: answered(INTERNAL)}))


def test_leaves_the_probes_own_name_to_the_rule_of_the_probe() -> None:
    same = document(tier="Standard_v2", backendHttpSettingsCollection=[v2_settings()])
    assert quiet(RULE, case(same, by_sni={HOST: answered(INTERNAL)}))


def test_is_quiet_when_the_probe_meets_a_failed_handshake_itself() -> None:
    cut = HandshakeFailed("closed", SERVER, None, "it closed the connection")
    assert quiet(RULE, case(v2(), by_sni={"app.internal": cut, HOST: cut}))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_with_the_clients_name_accuses_nobody(outcome: Outcome) -> None:
    assert quiet(RULE, case(v2(), by_sni={"app.internal": answered(INTERNAL)}))
    assert quiet(RULE, case(v2(), by_sni={"app.internal": answered(INTERNAL), HOST: outcome}))
    assert "tls_handshake_failed" in left_open(RULE, blind(v2(), outcome))
