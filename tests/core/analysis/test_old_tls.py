"""A hello of TLS 1.1 tells why a server breaks off without a reason."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis import commands
from bot.core.analysis.follow_up_probes import further_attempts
from bot.core.analysis.tls_fault import tls_fault
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.view import BackendView
from bot.core.model.observation import HandshakeFailed, Observation, Outcome
from bot.core.rules import RULES
from tests.core.make import APP, HOST, SERVER, answered, case, document, handshake
from tests.core.rules.handshakes import (
    HTTP_INSTEAD,
    HUNG_UP,
    INTERNAL,
    NO_CERTIFICATE,
    NO_NAME,
    NO_PROTOCOL,
    NOTHING_IN_COMMON,
    SILENT,
)

VAGUE = HandshakeFailed("alert", SERVER, None, "no agreement: wrong version number")
OLDER = replace(answered(APP), handshake=replace(handshake(APP), tls="TLSv1.1"))


def looked(first: Outcome, older: Outcome, base: Any = None) -> Case:
    made = case(base, first)
    found = [Observation(it, older) for it in further_attempts(made) if it.hello == "old"]
    assert found
    return replace(made, observations=(*made.observations, *found))


@pytest.mark.parametrize("first", [HUNG_UP, INTERNAL, VAGUE])
@pytest.mark.parametrize("tier", ["Standard", "Standard_v2"])
def test_one_that_agrees_on_an_older_version_is_too_old(first: Outcome, tier: str) -> None:
    made = looked(first, OLDER, document(tier=tier))
    (found,) = diagnose(made, RULES).errors
    assert found.rule == "tls_version_refused"
    last = found.match.evidence[-1]
    assert "with nothing newer than TLS 1.1 the handshake succeeds (TLSv1.1)" in last.text
    assert "-tls1_1 -cipher DEFAULT@SECLEVEL=0" in (last.command or "")


@pytest.mark.parametrize("first", [HUNG_UP, INTERNAL])
@pytest.mark.parametrize("older", [HUNG_UP, SILENT])
def test_one_that_refuses_it_as_well_fails_for_no_known_reason(
    first: Outcome, older: Outcome
) -> None:
    made = looked(first, older)
    assert {it.rule for it in diagnose(made, RULES).errors} == {"tls_handshake_failed"}


@pytest.mark.parametrize(
    "first",
    [HTTP_INSTEAD, SILENT, NO_NAME, NO_CERTIFICATE, NOTHING_IN_COMMON, NO_PROTOCOL, answered(APP)],
)
def test_it_is_not_tried_where_the_reason_is_plain(first: Outcome) -> None:
    assert not [it for it in further_attempts(case(None, first)) if it.hello == "old"]


def test_it_is_not_tried_where_another_name_is_accepted_or_the_gateway_is_content() -> None:
    seen: dict[str | None, Outcome] = {None: HUNG_UP, HOST: answered(APP)}
    made = case(document(), by_sni=seen)
    assert not [it for it in further_attempts(made) if it.hello == "old"]
    healthy = case(None, HUNG_UP, state="healthy")
    assert not [it for it in further_attempts(healthy) if it.hello == "old"]


def test_the_handshake_is_the_gateways_own_and_nothing_is_requested() -> None:
    made = case(document(servers=(HOST,)), HUNG_UP)
    (older,) = [it for it in further_attempts(made) if it.hello == "old"]
    assert (older.sni, older.path) == (HOST, None)
    assert "-servername test.appgwtestase.com -tls1_1" in commands.openssl(older)
    fault = tls_fault(BackendView(made, made.backends[0]))
    assert fault is not None
    assert fault.kind == "other"
