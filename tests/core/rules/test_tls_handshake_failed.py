from bot.core.observation import HandshakeFailed, NotTried
from bot.core.rules.tls_handshake_failed import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, SERVER, answered, case, document, probe, v2_settings

FAILED = HandshakeFailed("alert", SERVER, 112, "unrecognized name")


def test_matches_and_says_what_was_sent() -> None:
    (summary,) = matches(RULE, case(None, FAILED))
    assert "no SNI, as this gateway sends none" in summary
    v2 = document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[v2_settings()],
        probes=[probe(host="a.example")],
    )
    assert "SNI a.example" in matches(RULE, case(v2, FAILED))[0]


def test_is_quiet_when_the_handshake_succeeds() -> None:
    assert quiet(RULE, case(None, answered(APP)))


def test_is_undecided_when_nothing_could_be_tried() -> None:
    assert doubts(RULE, case(None, NotTried("not allowed"))) == [
        "the backend was not contacted: not allowed"
    ]
