import pytest

from bot.core.model.observation import NoResponse, NotTried
from bot.core.rules.probe_status_unexpected import RULE
from tests.core.answers import replied, reply
from tests.core.asking import doubts, matches, quiet
from tests.core.make import HOST, case, document, probe

SHOP = document(probes=[probe(match={"statusCodes": ["200", "300-302"]})])


def test_matches_and_names_host_path_and_both_statuses() -> None:
    (summary,) = matches(RULE, replied(reply(405)))
    assert summary == (
        f"10.1.5.11 answers the health probe (Host {HOST}, path /) with 405; healthy is 200-399."
    )


def test_the_probes_own_match_decides() -> None:
    assert quiet(RULE, replied(reply(301), SHOP))
    assert matches(RULE, replied(reply(204), SHOP))


@pytest.mark.parametrize("status", [303, 401, 404, 500])
def test_is_quiet_on_what_has_a_rule_of_its_own(status: int) -> None:
    assert quiet(RULE, replied(reply(status), SHOP))


def test_is_undecided_when_nothing_could_be_tried_or_asked() -> None:
    assert doubts(RULE, case(None, NotTried("outside")))
    assert quiet(RULE, case(None, NotTried("outside"), state="healthy"))
    assert doubts(RULE, replied(NoResponse("not_asked", "handshake only")))
