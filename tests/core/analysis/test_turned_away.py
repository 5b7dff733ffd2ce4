"""A server that admits the gateway, and not us: what it does to us accuses nobody."""

from typing import Any

import pytest

from bot.core.analysis.client_outcome import client_outcome
from bot.core.analysis.turned_away import turned_away
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.view import BackendView
from bot.core.model.observation import Answered, NoResponse, NotConnected, Outcome
from bot.core.rules import RULES
from tests.core.clients import looked_at, view_of
from tests.core.make import APP, HOST, NOT_SEEN, SERVER, answered, case, document, handshake
from tests.core.rules.handshakes import HUNG_UP, NO_NAME, SILENT

REFUSED = NotConnected("refused", SERVER, "connection refused")
SILENCED = Answered(SERVER, handshake(APP), NoResponse("closed", "it closed the connection"))
CUT_OFF = [REFUSED, HUNG_UP, SILENCED]


def of_probe(made: Case) -> BackendView:
    return BackendView(made, made.backends[0])


@pytest.mark.parametrize("outcome", CUT_OFF)
def test_who_cuts_us_off_and_is_called_healthy_turned_us_away(outcome: Outcome) -> None:
    assert turned_away(of_probe(case(None, outcome, state="healthy")))
    for state in ("unhealthy", "unknown", None):
        assert turned_away(of_probe(case(None, outcome, state=state))) is None


@pytest.mark.parametrize("outcome", [NO_NAME, SILENT, answered(APP), *NOT_SEEN])
def test_who_gives_a_reason_or_is_not_reached_did_not(outcome: Outcome) -> None:
    assert turned_away(of_probe(case(None, outcome, state="healthy"))) is None


def test_who_agrees_with_another_name_did_not() -> None:
    made = case(None, by_sni={None: HUNG_UP, HOST: answered(APP)}, state="healthy")
    assert turned_away(of_probe(made)) is None


@pytest.mark.parametrize("outcome", CUT_OFF)
def test_nothing_is_known_of_the_clients_of_such_a_server(outcome: Any) -> None:
    made = looked_at(document(), lambda _: outcome)
    found = client_outcome(view_of(made))
    assert (found.word, found.served) == ("not_tried", None)
    assert diagnose(made, RULES).verdict == "healthy"
    assert "gateway_disagrees" in {it.rule for it in diagnose(made, RULES).findings}
    fails = looked_at(document(), lambda _: outcome, state="unhealthy")
    assert client_outcome(view_of(fails)).word == "gateway_502"
    assert diagnose(fails, RULES).verdict == "fault"


@pytest.mark.parametrize("outcome", [HUNG_UP, SILENCED])
def test_who_cuts_only_clients_off_is_at_fault(outcome: Any) -> None:
    """The probe asks for another host, and is answered."""
    found = looked_at(document(probes=[]), lambda it: outcome if it.host == HOST else 200)
    assert client_outcome(view_of(found)).word == "gateway_502"
