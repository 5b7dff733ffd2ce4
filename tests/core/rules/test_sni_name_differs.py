from typing import Any

from bot.core.diagnosis import diagnose
from bot.core.finding import Seen
from bot.core.observation import Outcome
from bot.core.rules import RULES
from bot.core.rules.sni_name_differs import RULE
from tests.core.asking import quiet
from tests.core.make import APP, HOST, ILB, answered, case, certificate, document, settings
from tests.core.rules.chains import empty_v2
from tests.core.rules.handshakes import HUNG_UP

NAME = "live.example"
FITTING = answered(certificate(NAME), public=0)
GOOD = answered(APP, public=0)


def met(live: Outcome | None, own: Outcome = GOOD, **changes: Any) -> Any:
    seen: dict[str | None, Outcome] = {HOST: own}
    base = empty_v2(sniName=NAME, **changes)
    return case(base, by_sni=seen | ({NAME: live} if live else {}), state="healthy")


def test_matches_a_certificate_for_another_name_though_the_probe_is_healthy() -> None:
    made = met(answered(ILB, public=0))
    (seen,) = RULE.check(made)
    assert isinstance(seen, Seen)
    assert f"Live traffic to 10.1.5.11 asks for {NAME}" in seen.summary
    assert ILB.dns_names[0] in seen.evidence[0].text
    assert [it.rule for it in diagnose(made, RULES).findings] == ["sni_name_differs"]


def test_matches_a_handshake_that_only_the_probe_completes() -> None:
    (seen,) = RULE.check(met(HUNG_UP))
    assert isinstance(seen, Seen)
    assert "reset the connection" in seen.evidence[0].text
    nameless = certificate("x", has_san=False, dns_names=(), common_name=None)
    (seen,) = RULE.check(met(answered(nameless)))
    assert isinstance(seen, Seen)
    assert "no name at all" in seen.evidence[0].text


def test_is_quiet_when_it_fits_is_not_validated_or_was_not_seen() -> None:
    assert quiet(RULE, met(FITTING))
    assert quiet(RULE, met(answered(ILB), validateSNI=False))
    assert quiet(RULE, met(None))
    assert quiet(RULE, met(HUNG_UP, own=HUNG_UP))


def test_is_quiet_when_the_probe_asks_for_the_same_or_nothing_is_set_and_on_v1() -> None:
    assert quiet(RULE, case(empty_v2(sniName=HOST), answered(ILB)))
    assert quiet(RULE, case(empty_v2(), answered(ILB)))
    old = document(backendHttpSettingsCollection=[settings(sniName=NAME)])
    assert quiet(RULE, case(old, answered(ILB)))
