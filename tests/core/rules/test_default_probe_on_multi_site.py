from bot.core.rules.default_probe_on_multi_site import RULE
from tests.core.answers import NO_PROBE, replied, reply
from tests.core.asking import matches, quiet
from tests.core.make import HOST, case, document, item, settings


def test_matches_where_the_probe_is_content() -> None:
    (summary,) = matches(RULE, replied(reply(200), NO_PROBE, under={HOST: 200}))
    assert f"probed with Host 127.0.0.1, while clients ask for {HOST}" in summary


def test_matches_once_for_the_settings() -> None:
    two = document(
        backendHttpSettingsCollection=[settings(probe=None)], servers=("10.1.5.11", "10.1.5.12")
    )
    assert len(matches(RULE, case(two))) == 1


def test_is_quiet_where_that_is_the_fault_already() -> None:
    assert quiet(RULE, replied(reply(404), NO_PROBE, under={HOST: 200}))


def test_is_quiet_with_a_probe_and_without_a_name() -> None:
    assert quiet(RULE, case())
    basic = document(
        backendHttpSettingsCollection=[settings(probe=None)],
        httpListeners=[item("httpListeners", "site", protocol="Https")],
    )
    assert quiet(RULE, case(basic))
