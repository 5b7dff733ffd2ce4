from dataclasses import replace

from bot.core.finding import Seen
from bot.core.observation import NotTried
from bot.core.rules.client_certificate_demanded import RULE
from tests.core.asking import matches, quiet
from tests.core.make import APP, answered, case
from tests.core.rules.handshakes import NO_CERTIFICATE, NOTHING_IN_COMMON, TURNED_DOWN, v2


def test_matches_a_refusal_in_the_handshake_and_one_after_it() -> None:
    (summary,) = matches(RULE, case(None, NO_CERTIFICATE))
    assert "demands a client certificate" in summary
    (seen,) = RULE.check(case(v2(), TURNED_DOWN))
    assert isinstance(seen, Seen)
    assert "alert 116" in seen.evidence[0].text


def test_is_quiet_when_one_is_only_wished_for() -> None:
    wished = answered(APP)
    assert wished.handshake is not None
    asked = replace(wished, handshake=replace(wished.handshake, client_certificate_wanted=True))
    assert quiet(RULE, case(None, asked))


def test_is_quiet_when_the_same_alert_comes_without_a_request_and_when_not_seen() -> None:
    assert quiet(RULE, case(None, NOTHING_IN_COMMON))
    assert quiet(RULE, case(None, NotTried("outside")))
