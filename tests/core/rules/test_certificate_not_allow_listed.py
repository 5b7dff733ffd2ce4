import pytest

from bot.core.case.finding import Match
from bot.core.model.certificate import Unreadable
from bot.core.model.observation import NotTried
from bot.core.rules.certificate_not_allow_listed import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import (
    APP,
    HOST,
    ILB,
    NOT_ALLOW_LISTED,
    answered,
    case,
    certificate,
    document,
    incident,
    item,
    settings,
    v2_settings,
)


def test_matches_the_ilb_incident_and_says_why() -> None:
    _, made = incident()
    (summary,) = matches(RULE, made)
    assert "sends no SNI to an IP member" in summary
    assert f"with SNI {HOST}" in summary


def test_shows_both_certificates_with_a_command_each() -> None:
    _, made = incident()
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    texts = "\n".join(it.text for it in seen.evidence)
    assert ILB.sha256 in texts
    assert APP.sha256 in texts
    commands = [it.command or "" for it in seen.evidence]
    assert any("-noservername" in it for it in commands)
    assert any(f"-servername {HOST}" in it for it in commands)


def test_matches_without_the_sni_story_when_no_name_would_help() -> None:
    (summary,) = matches(RULE, case(None, answered(ILB)))
    assert summary == "10.1.5.11 serves a certificate that https does not allow-list."


@pytest.mark.parametrize("public", [0, 20])
def test_matches_whoever_issued_it_where_none_is_listed(public: int) -> None:
    bare = document(backendHttpSettingsCollection=[settings(authenticationCertificates=[])])
    (summary,) = matches(RULE, case(bare, answered(ILB, public=public)))
    assert "allow-lists none" in summary


def test_is_quiet_where_none_is_listed_for_app_service_itself() -> None:
    bare = document(backendHttpSettingsCollection=[settings(authenticationCertificates=[])])
    platform = certificate("*.azurewebsites.net")
    assert quiet(RULE, case(bare, answered(platform, public=0)))
    assert matches(RULE, case(bare, answered(platform)))


def test_shows_a_listed_certificate_that_cannot_be_read() -> None:
    broken = document(
        authenticationCertificates=[item("authenticationCertificates", "app", data="bm90IG9uZQ==")]
    )
    made = case(broken, answered(ILB), message=NOT_ALLOW_LISTED)
    assert isinstance(made.gateway.authentication_certificates[0].certificate, Unreadable)
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert "not readable" in seen.evidence[1].text


def test_is_undecided_where_a_listed_certificate_cannot_be_read() -> None:
    broken = document(
        authenticationCertificates=[item("authenticationCertificates", "app", data="bm90IG9uZQ==")]
    )
    (doubt,) = doubts(RULE, case(broken, answered(ILB), state=None))
    assert "app of the settings cannot be read here (it was not parsed)" in doubt
    assert quiet(RULE, case(broken, answered(ILB), state="healthy"))


def test_is_quiet_when_listed_and_on_v2_and_without_any_certificate() -> None:
    assert quiet(RULE, case(None, answered(APP)))
    v2 = document(tier="WAF_v2", backendHttpSettingsCollection=[v2_settings()])
    assert quiet(RULE, case(v2, answered(ILB)))
    assert quiet(RULE, case(None, answered()))


def test_is_undecided_when_the_backend_could_not_be_seen() -> None:
    assert doubts(RULE, case(None, NotTried("outside the network")))
