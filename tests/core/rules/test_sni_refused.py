import pytest

from bot.core.case.finding import Match
from bot.core.model.marked import plain
from bot.core.model.observation import Outcome
from bot.core.rules.sni_refused import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import APP, HOST, NOT_SEEN, answered, blind, case
from tests.core.rules.handshakes import HUNG_UP, NO_NAME, v2


def test_matches_by_the_alert_and_names_the_host() -> None:
    (summary,) = matches(RULE, case(v2(), NO_NAME))
    assert "refuses TLS for the host name a.example" in summary


def test_matches_by_the_contrast_and_prefers_to_show_a_name_that_works() -> None:
    seen: dict[str | None, Outcome] = {"a.example": HUNG_UP, None: answered(APP)}
    (said,) = RULE.check(case(v2(), by_sni=seen | {HOST: answered(APP)}))
    assert isinstance(said, Match)
    assert plain(said.evidence[1].text) == f"with SNI {HOST} the handshake succeeds"
    (said,) = RULE.check(case(v2(), by_sni=seen))
    assert isinstance(said, Match)
    assert plain(said.evidence[1].text) == "with no SNI the handshake succeeds"


def test_is_quiet_without_a_contrast_without_a_name_and_when_it_succeeds() -> None:
    assert quiet(RULE, case(v2(), HUNG_UP))
    assert quiet(RULE, case(None, NO_NAME))
    assert quiet(RULE, case(v2(), answered(APP)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "tls_handshake_failed" in left_open(RULE, blind(v2(), outcome))
