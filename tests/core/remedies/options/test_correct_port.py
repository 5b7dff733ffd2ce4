"""Port or protocol is corrected by hand, to what was seen to answer."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis.follow_up_probes import further_attempts
from bot.core.arm import edit
from bot.core.case.case import Case
from bot.core.model.observation import (
    Answered,
    Handshake,
    HandshakeFailed,
    NoResponse,
    NotConnected,
    Observation,
    Outcome,
)
from bot.core.remedies.options import correct_port
from tests.core.make import APP, SERVER, answered, case, document, probe, ref, settings, v2_settings
from tests.core.remedies.options.trying import best, proposed, refused, trials

REFUSED = NotConnected("refused", SERVER, "connection refused")
NOT_TLS = HandshakeFailed("not_tls", SERVER, None, "HTTP/1.1 400 Bad Request")
OPTION = correct_port.OPTION


def looked_further(base: Any, first: Outcome, further: Outcome) -> Case:
    """The same outcome for everything that is asked once more, as far as it fits the protocol."""
    made = case(base, first)
    seen = [Observation(it, _fitting(it.tls, further)) for it in further_attempts(made)]
    return replace(made, observations=(*made.observations, *seen))


def _fitting(tls: bool, outcome: Outcome) -> Outcome:
    speaks_tls = isinstance(outcome, Answered) and isinstance(outcome.handshake, Handshake)
    return outcome if speaks_tls == tls else REFUSED


def changed(base: Any, made: Case) -> tuple[Any, Any]:
    """HTTP settings and probe after the option."""
    after = edit.apply(proposed(OPTION, made, base).edits, base)["properties"]
    asked = after["probes"][0]["properties"] if after["probes"] else None
    return after["backendHttpSettingsCollection"][0]["properties"], asked


@pytest.mark.parametrize("probes", [None, []])
def test_another_port_is_recommended_for_a_person_to_set(probes: Any) -> None:
    base = document(
        backendHttpSettingsCollection=[settings(port=8443)],
        **({} if probes is None else {"probes": probes}),
    )
    made = looked_further(base, REFUSED, answered(APP))
    assert best(made, base) == "correct_port"
    trial = trials(made, base)["correct_port"]
    assert not trial.automated
    assert "--port 443" in dict(trial.as_code)["Azure CLI"]
    after, _ = changed(base, made)
    assert (after["port"], after["protocol"]) == (443, "Https")


def test_plain_http_is_told_to_be_unencrypted_and_changes_settings_and_probe() -> None:
    base = document(backendHttpSettingsCollection=[settings(port=80)])
    made = looked_further(base, NOT_TLS, answered(tls=False))
    assert "no longer encrypted" in proposed(OPTION, made, base).summary
    after, asked = changed(base, made)
    assert (after["port"], after["protocol"], asked["protocol"]) == (80, "Http", "Http")


@pytest.mark.parametrize(
    ("base", "trust"),
    [
        (document(backendHttpSettingsCollection=[settings(port=80)]), "authenticationCertificates"),
        (
            document(
                tier="Standard_v2",
                backendHttpSettingsCollection=[
                    v2_settings(
                        port=80, trustedRootCertificates=[ref("trustedRootCertificates", "r")]
                    )
                ],
            ),
            "trustedRootCertificates",
        ),
    ],
)
def test_settings_that_turn_to_plain_http_trust_nobody_any_more(base: Any, trust: str) -> None:
    before = base["properties"]["backendHttpSettingsCollection"][0]["properties"]
    after, _ = changed(base, looked_further(base, NOT_TLS, answered(tls=False)))
    assert before[trust]
    assert trust not in after


def test_settings_that_trust_nobody_keep_it_so_in_plain_http() -> None:
    base = document(
        tier="Standard_v2", backendHttpSettingsCollection=[v2_settings(port=80)], probes=[]
    )
    made = looked_further(base, NOT_TLS, answered(tls=False))
    assert [it.place.rpartition("/")[2] for it in proposed(OPTION, made, base).edits] == [
        "protocol"
    ]


def test_what_answers_there_has_to_pass_every_rule_as_well() -> None:
    base = document(
        backendHttpSettingsCollection=[settings(port=443, protocol="Http")],
        probes=[probe(protocol="Http")],
    )
    is_tls = Answered(SERVER, None, NoResponse("tls", "it answered with TLS"))
    stranger = looked_further(base, is_tls, answered(replace(APP, sha256="f" * 64)))
    assert "It would not be enough" in trials(stranger, base)["correct_port"].reason
    assert best(looked_further(base, is_tls, answered(APP)), base) == "correct_port"


def test_a_probe_with_a_way_of_its_own_is_corrected_alone() -> None:
    base = document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[v2_settings(port=80, protocol="Http")],
        probes=[probe(port=8443)],
    )
    made = looked_further(base, REFUSED, answered(tls=False))
    after, asked = changed(base, made)
    assert (after["port"], after["protocol"]) == (80, "Http")
    assert (asked["port"], asked["protocol"]) == (80, "Http")


def test_nothing_is_proposed_where_nothing_else_answers() -> None:
    base = document(backendHttpSettingsCollection=[settings(port=8443)])
    assert "no other port" in refused(OPTION, looked_further(base, REFUSED, REFUSED), base)
