from typing import Any

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.rules import RULES
from bot.core.rules.default_probe_on_multi_site import RULE
from tests.core.answers import NO_PROBE, replied, reply
from tests.core.asking import matches, quiet
from tests.core.make import HOST, blind, case, document, item, ref, settings


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


def test_missing_answers_leave_the_note_and_make_no_fault_of_it() -> None:
    made = blind(NO_PROBE)
    assert matches(RULE, made)
    assert diagnose(made, RULES).verdict == "undecided"


@pytest.mark.parametrize("hosts", [None, [], {}, 7])
def test_missing_or_unreadable_host_names_make_no_site(hosts: Any) -> None:
    listener = item("httpListeners", "site", protocol="Https", hostName=None, hostNames=hosts)
    bare = [settings(probe=None)]
    assert quiet(RULE, case(document(httpListeners=[listener], backendHttpSettingsCollection=bare)))


def test_a_probe_written_as_a_bare_id_is_not_missing() -> None:
    told = settings(probe=ref("probes", "probe")["id"])
    assert quiet(RULE, case(document(backendHttpSettingsCollection=[told])))
