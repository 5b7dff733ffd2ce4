"""What was seen with a large hello is never taken for what a small one would show."""

from dataclasses import replace

from bot.core.case.case import NOT_MADE, Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.view import BackendView
from bot.core.model.health import HealthNotKnown
from bot.core.model.observation import Attempt, Hello, Observation, Outcome
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from tests.core.make import APP, HOST, ILB, NOW, answered, case
from tests.core.remedies.options.trying import v2
from tests.core.rules.handshakes import SILENT

TAKEN = answered(APP, public=0)


def seen(*outcomes: tuple[Hello, Outcome]) -> tuple[Case, Attempt]:
    """Observations of the probe's own request, with these hellos and in this order; and that request."""
    made = case(v2(), health=HealthNotKnown("no permission"))
    own = BackendView(made, made.backends[0]).probe_attempt
    found = tuple(Observation(replace(own, hello=hello), it) for hello, it in outcomes)
    return replace(made, observations=found), own


def test_nothing_is_known_of_the_small_one_where_only_the_large_one_was_tried() -> None:
    made, own = seen(("full", TAKEN))
    assert made.connection(own) == made.outcome(own) == NOT_MADE
    assert made.handshake(own) is None
    assert list(BackendView(made, made.backends[0]).handshakes) == []
    assert list(made.answers(own)) == []
    assert {it.rule for it in diagnose(made, RULES).undecided} >= {"tls_handshake_failed"}


def test_the_small_one_counts_whichever_was_tried_first() -> None:
    made, own = seen(("full", answered(ILB)), ("small", TAKEN))
    assert made.connection(replace(own, path="/other")) == TAKEN
    ((attempt, handshake),) = BackendView(made, made.backends[0]).handshakes
    assert (attempt.hello, handshake.leaf) == ("small", APP)
    assert [answer for _, answer in made.answers(own)] == [TAKEN.http]


def test_the_report_shows_the_handshakes_of_the_small_one() -> None:
    made, _ = seen(("full", SILENT), ("small", TAKEN))
    (backend,) = make_report(made, diagnose(made, RULES), (), RULES, NOW).backends
    assert [(it.sni, it.ok) for it in backend.handshakes] == [(HOST, True)]
