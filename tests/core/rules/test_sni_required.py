import pytest

from bot.core.case.finding import Match
from bot.core.model.marked import plain
from bot.core.model.observation import Outcome
from bot.core.rules.sni_required import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import APP, HOST, NOT_SEEN, answered, blind, case, document, v2_settings
from tests.core.rules.handshakes import HUNG_UP, NO_NAME, v2


def test_matches_when_only_a_name_gets_through_and_shows_both() -> None:
    made = case(None, by_sni={None: HUNG_UP, HOST: answered(APP)})
    (seen,) = RULE.check(made)
    assert isinstance(seen, Match)
    assert "sends none to an IP member of the pool" in plain(seen.summary)
    assert [it.command is not None and "-noservername" in it.command for it in seen.evidence] == [
        True,
        False,
    ]
    assert f"with SNI {HOST} the handshake succeeds" in plain(seen.evidence[1].text)


def test_matches_by_the_alert_alone_on_v2_without_a_host() -> None:
    bare = document(
        tier="Standard_v2", backendHttpSettingsCollection=[v2_settings(probe=None)], probes=[]
    )
    (summary,) = matches(RULE, case(bare, NO_NAME))
    assert "neither the probe nor the HTTP settings have a host name" in summary


def test_is_quiet_without_a_contrast_with_a_name_and_when_it_succeeds() -> None:
    assert quiet(RULE, case(None, HUNG_UP))
    assert quiet(RULE, case(v2(), NO_NAME))
    assert quiet(RULE, case(None, answered(APP)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "tls_handshake_failed" in left_open(RULE, blind(None, outcome))
