from dataclasses import replace

from bot.core.case.case import Case
from bot.core.case.finding import Match
from bot.core.model.app_service_environment import Environment
from bot.core.model.certificate import Certificate
from bot.core.model.marked import plain
from bot.core.model.observation import NotTried, Outcome
from bot.core.model.unavailable import Unavailable
from bot.core.rules.served_certificate_differs_from_environment import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.environments import networking, one, stored, v3
from tests.core.make import (
    APP,
    HOST,
    ILB,
    SERVER,
    answered,
    blind,
    case,
    certificate,
    document,
    probe,
    settings,
    v2_settings,
)

FORGED = certificate("*.ase.appgwtestase.com", issuer="CN=Inspection", sha256="f0" * 32)
HELD = one(held=(stored(),))


def behind(*shown: Certificate, environments: tuple[Environment, ...] | Unavailable = HELD) -> Case:
    """The incident's gateway in front of an environment that shows this to everybody."""
    return replace(case(None, answered(*shown)), environments=environments)


def test_matches_another_certificate_than_azure_holds() -> None:
    (summary,) = matches(RULE, behind(FORGED))
    assert summary == (
        "10.1.5.11 is App Service Environment ase, but without SNI it shows a different certificate"
        " from the ILB certificate that Azure holds for it."
    )


def test_shows_both_with_a_command_each() -> None:
    (seen,) = RULE.check(behind(FORGED))
    assert isinstance(seen, Match)
    served, held = seen.evidence
    assert FORGED.sha256 in plain(served.text)
    assert "-noservername" in (served.command or "")
    assert ILB.sha256 in plain(held.text)
    assert "az resource show --ids" in (held.command or "")


def test_matches_on_v2_gateways_whatever_their_probe_asks_for() -> None:
    v2 = document(tier="WAF_v2", backendHttpSettingsCollection=[v2_settings()])
    seen: dict[str | None, Outcome] = {None: answered(FORGED), HOST: answered(APP)}
    made = replace(case(v2, by_sni=seen), environments=HELD)
    assert matches(RULE, made)


def test_is_quiet_when_it_is_the_one_that_azure_holds() -> None:
    assert quiet(RULE, behind(ILB))


def test_is_quiet_about_what_is_shown_with_sni() -> None:
    v2 = document(tier="WAF_v2", backendHttpSettingsCollection=[v2_settings()])
    seen: dict[str | None, Outcome] = {None: answered(ILB), HOST: answered(APP)}
    assert quiet(RULE, replace(case(v2, by_sni=seen), environments=HELD))
    only: dict[str | None, Outcome] = {HOST: answered(APP)}
    assert quiet(RULE, replace(case(v2, by_sni=only), environments=HELD))


def test_is_quiet_where_azure_shows_none() -> None:
    assert quiet(RULE, behind(FORGED, environments=one()))
    assert quiet(RULE, behind(FORGED, environments=one(v3(), networking(SERVER))))
    assert quiet(RULE, behind(FORGED, environments=()))


def test_missing_permissions_for_the_environment_raise_no_suspicion() -> None:
    for unread in (one(held=Unavailable("forbidden")), Unavailable("forbidden")):
        assert quiet(RULE, behind(FORGED, environments=unread))
        made = blind(environments=unread)
        assert "certificate_not_allow_listed" in left_open(RULE, made)


def test_is_quiet_about_another_server() -> None:
    elsewhere = tuple(replace(it, inbound=("10.1.5.12",)) for it in HELD)
    assert quiet(RULE, behind(FORGED, environments=elsewhere))


def test_is_quiet_where_nothing_was_shown() -> None:
    assert quiet(RULE, behind())
    assert quiet(RULE, replace(case(None, NotTried("outside")), environments=HELD))
    plain = document(
        backendHttpSettingsCollection=[settings(protocol="Http", port=80)],
        probes=[probe(protocol="Http")],
    )
    assert quiet(RULE, replace(case(plain, answered(tls=False)), environments=HELD))
