from dataclasses import replace
from typing import Any

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.case.view import BackendView
from bot.core.model.marked import plain
from bot.core.model.observation import Observation, Outcome
from bot.core.rules import RULES
from bot.core.rules.sni_name_differs import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, HOST, ILB, answered, case, certificate, document, probe, settings
from tests.core.rules.chains import authority, empty_v2
from tests.core.rules.handshakes import HUNG_UP

NAME = "live.example"
FITTING = answered(certificate(NAME), public=0)


def met(outcome: Outcome, **changes: Any) -> Case:
    """A backend that answers so to the SNI that the settings fix, and well to the probe's host."""
    seen: dict[str | None, Outcome] = {HOST: answered(APP, public=0), NAME: outcome}
    return case(empty_v2(sniName=NAME, **changes), by_sni=seen)


def elsewhere(outcome: Outcome, own: Outcome = FITTING, **changes: Any) -> Case:
    """A probe with a port of its own that sees `own`, and live traffic that meets `outcome`."""
    base = empty_v2(sniName=NAME, **changes)
    base["properties"]["probes"] = [probe(port=8443)]
    made = case(base, own, state="healthy")
    live = replace(BackendView(made, made.backends[0]).probe_attempt, port=443)
    return replace(made, observations=(*made.observations, Observation(live, outcome)))


def test_matches_a_certificate_for_another_name_and_no_other_rule_says_it_again() -> None:
    made = met(answered(ILB, public=0))
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert f"ask 10.1.5.11 for {NAME}" in plain(seen.summary)
    assert ILB.dns_names[0] in plain(seen.evidence[0].text)
    assert {it.rule for it in diagnose(made, RULES).errors} == {"sni_name_differs"}


def test_matches_live_traffic_on_another_port_than_the_probes() -> None:
    nameless = certificate("x", has_san=False, dns_names=(), common_name=None)
    (seen,) = RULE.check(elsewhere(answered(nameless)))
    assert isinstance(seen, Match)
    assert "no name at all" in plain(seen.evidence[0].text)
    (seen,) = RULE.check(elsewhere(HUNG_UP))
    assert isinstance(seen, Match)
    assert "reset the connection" in plain(seen.evidence[0].text)
    assert quiet(RULE, elsewhere(FITTING))


def test_matches_a_probe_over_tls_where_live_traffic_is_plain() -> None:
    assert len(matches(RULE, met(answered(ILB), protocol="Http"))) == 1


def test_is_quiet_when_it_fits_or_is_not_validated() -> None:
    assert quiet(RULE, met(FITTING))
    assert quiet(RULE, met(answered(ILB), validateSNI=False))


def test_is_quiet_where_other_rules_speak() -> None:
    assert quiet(RULE, met(HUNG_UP))
    assert quiet(RULE, elsewhere(HUNG_UP, own=HUNG_UP))
    issuing = authority("issuing CA")
    assert quiet(RULE, met(answered(issuing, certificate(NAME, issuer=issuing.subject))))


def test_is_quiet_over_plain_http() -> None:
    plain = empty_v2(sniName=NAME, protocol="Http")
    plain["properties"]["probes"] = [probe(protocol="Http")]
    assert quiet(RULE, case(plain, answered(tls=False)))


def test_is_undecided_where_the_backend_was_not_seen() -> None:
    assert doubts(RULE, case(empty_v2(sniName=NAME)))


def test_is_quiet_when_nothing_is_set_and_on_v1() -> None:
    assert quiet(RULE, case(empty_v2(), answered(ILB)))
    old = document(backendHttpSettingsCollection=[settings(sniName=NAME)])
    assert quiet(RULE, case(old, answered(ILB)))
