"""Whose fault is it that a backend was not seen?"""

from bot.core.analysis.reported_health import probe_handshake, why_not_reached, why_unobserved
from bot.core.case.view import BackendView
from bot.core.model.marked import plain
from bot.core.model.observation import HandshakeFailed, NotConnected, Unresolved
from tests.core.make import APP, SERVER, answered, case, document, probe

SILENT = NotConnected("timeout", SERVER, "no answer")


def test_plain_http_raises_no_question_of_certificates() -> None:
    made = case(document(probes=[probe(protocol="Http")]), answered(tls=False))
    assert probe_handshake(BackendView(made, made.backends[0])) is None


def test_a_backend_that_the_gateway_cannot_reach_either_is_no_open_question() -> None:
    made = case(None, SILENT, message="Application Gateway could not connect to the backend.")
    assert why_unobserved(BackendView(made, made.backends[0]), SILENT) is None
    fine = case(None, SILENT, state="healthy")
    assert why_unobserved(BackendView(fine, fine.backends[0]), SILENT) is None
    refused = HandshakeFailed("closed", SERVER, None, "hung up")
    assert why_unobserved(BackendView(made, made.backends[0]), refused) is None
    other = case(None, SILENT, message="something else")
    assert (
        plain(why_unobserved(BackendView(other, other.backends[0]), SILENT) or "")
        == f"{SERVER} cannot be reached from here: no answer"
    )


def test_every_outcome_has_its_words() -> None:
    assert why_not_reached(answered(APP)) == "the backend was reached"
    assert plain(why_not_reached(Unresolved("a.example", "no such name"))).startswith(
        "a.example does not resolve"
    )
    assert "hung up" in why_not_reached(HandshakeFailed("closed", SERVER, None, "hung up"))
