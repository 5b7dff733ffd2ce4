from bot.core.observation import NotTried
from bot.core.rules.probe_status_unexpected import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, HOST, answered, case, document, probe, settings

SHOP = document(probes=[probe(match={"statusCodes": ["200", "300-302"]})])


def test_matches_and_names_host_path_and_both_statuses() -> None:
    (summary,) = matches(RULE, case(None, answered(APP, status=404)))
    assert summary == (
        f"10.1.5.11 answers the health probe (Host {HOST}, path /) with 404; healthy is 200-399."
    )


def test_the_default_probe_asks_for_host_127_0_0_1() -> None:
    bare = document(backendHttpSettingsCollection=[settings(probe=None)])
    assert "Host 127.0.0.1" in matches(RULE, case(bare, answered(APP, status=404)))[0]


def test_is_quiet_on_a_healthy_status_by_the_probes_own_match() -> None:
    assert quiet(RULE, case(None, answered(APP, status=302)))
    assert quiet(RULE, case(SHOP, answered(APP, status=301)))
    assert matches(RULE, case(SHOP, answered(APP, status=204)))


def test_is_undecided_when_the_answer_could_not_be_read_and_the_gateway_does_not_know() -> None:
    assert doubts(RULE, case(None, answered(APP, status=None), state="unknown"))
    assert quiet(RULE, case(None, answered(APP, status=None), state="healthy"))


def test_is_undecided_when_nothing_could_be_tried() -> None:
    assert doubts(RULE, case(None, NotTried("outside")))
    assert quiet(RULE, case(None, NotTried("outside"), state="healthy"))
