"""The addresses of a name: which are known, which is judged, what is looked at, how it is told."""

from dataclasses import replace

import pytest

from bot.core.analysis.addresses import (
    MOST_ADDRESSES,
    address_evidence,
    addresses_here,
    addresses_there,
    dns_said,
    every_address,
    probe_result_at,
    with_chosen_addresses,
)
from bot.core.analysis.follow_up_probes import further_attempts
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.view import BackendView
from bot.core.model.marked import plain
from bot.core.model.observation import (
    Answered,
    HandshakeFailed,
    NoResponse,
    NotConnected,
    NotTried,
    Observation,
    Outcome,
    Response,
    Unresolved,
)
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from tests.core.make import APP, HOST, ILB, NOW, answered, case, document, ref, rule, settings
from tests.core.naming import NO_NAME, A, Answer, B, by_address, judged, lookup

WELL, WRONG = answered(APP), answered(ILB)
REFUSED = NotConnected("refused", A, "connection refused")


@pytest.mark.parametrize(
    ("answer", "known"),
    [
        ((A, "fd12::5", A), (A,)),
        (NO_NAME, ()),
        (Unresolved(HOST, "", "no_address"), ()),
        (Unresolved(HOST, "", "silent"), None),
        (Unresolved(HOST, "", "failed"), None),
        (NotTried("outside"), None),
        (None, None),
    ],
)
def test_what_the_gateways_network_says(
    answer: Answer | None, known: tuple[str, ...] | None
) -> None:
    assert addresses_there(by_address({}, there=answer), HOST) == known


def test_several_dns_servers_are_taken_together() -> None:
    made = replace(by_address({}), lookups=(lookup(NO_NAME), lookup((A,)), lookup((B,), "other")))
    assert addresses_there(made, HOST) == (A,)


def test_only_ipv4_counts_and_not_too_many() -> None:
    many = tuple(f"10.4.0.{number}" for number in range(9))
    made = by_address({}, there=("fd12::5", *many))
    assert addresses_there(made, HOST) == many[:MOST_ADDRESSES]
    assert addresses_here(made, HOST) == ()


def test_one_address_needs_no_telling_apart() -> None:
    assert every_address(by_address({A: WELL}, (A,)), HOST) == ()
    assert every_address(by_address({A: WELL}, (A,), there=(A,)), HOST) == ()
    assert every_address(by_address({A: WELL}, (A,), there=(B,)), HOST) == (B, A)
    assert every_address(by_address({}, there=(A,)), HOST) == (A,)


def how(end: Outcome) -> str:
    made = by_address({A: end}, (A,))
    return probe_result_at(BackendView(made, made.backends[0]), A)


@pytest.mark.parametrize(
    ("end", "stands"),
    [
        (WELL, "healthy"),
        (WRONG, "faulty"),
        (answered(APP, status=503), "faulty"),
        (REFUSED, "faulty"),
        (HandshakeFailed("alert", A, 40, "handshake failure"), "faulty"),
        (NotConnected("timeout", A, "no answer"), "unreachable"),
        (NotConnected("unreachable", A, "no route"), "unreachable"),
        (NotTried("outside"), "unknown"),
        (answered(APP, status=None), "unknown"),
    ],
)
def test_how_the_probe_fares_at_an_address(end: Outcome, stands: str) -> None:
    assert how(end) == stands


@pytest.mark.parametrize(
    ("outcomes", "here", "there", "chosen"),
    [
        ({A: WRONG, B: WELL}, (A, B), None, B),
        ({A: WELL, B: WRONG}, (A, B), None, A),
        ({A: WELL, B: WELL}, (A,), (B,), B),
        ({A: WELL, B: WRONG}, (A,), (B,), A),
        # Where none is well, the gateway's own is judged, and else what was seen by the name.
        ({A: WRONG, B: REFUSED}, (A,), (B,), B),
        ({A: WRONG, B: REFUSED}, (A, B), None, None),
        ({A: WELL}, (), (A,), A),
        ({A: WRONG}, (A,), (A,), None),
        ({A: WRONG}, (A,), NO_NAME, None),
    ],
)
def test_which_address_is_judged(
    outcomes: dict[str, Outcome],
    here: tuple[str, ...],
    there: Answer | None,
    chosen: str | None,
) -> None:
    made = judged(outcomes, here, there)
    assert made.aliases == (((HOST, chosen),) if chosen else ())


def test_an_address_has_to_be_well_for_every_backend_of_the_name() -> None:
    second = rule("second", backendHttpSettings=ref("backendHttpSettingsCollection", "second"))
    base = document(
        servers=(HOST,),
        backendHttpSettingsCollection=[settings(), settings("second", port=8443)],
        requestRoutingRules=[rule(), second],
    )
    made = case(base)
    one, other = (BackendView(made, it).probe_attempt for it in made.backends)
    ends = {(A, one): WELL, (B, one): WRONG, (A, other): WRONG, (B, other): WELL}
    seen = [Observation(replace(it, server=address), end) for (address, it), end in ends.items()]
    named = Observation(one, WELL, addresses=(A, B))
    assert with_chosen_addresses(replace(made, observations=(named, *seen))).aliases == ()
    alone = [it for it in seen if it.attempt.port == 443 or it.attempt.server == B]
    well = Observation(replace(other, server=A), WELL)
    assert with_chosen_addresses(replace(made, observations=(named, *alone, well))).aliases == (
        (HOST, A),
    )


def servers(made: Case) -> list[str]:
    return [it.server for it in further_attempts(made)]


def by_name_only(here: tuple[str, ...]) -> Case:
    """Nothing was seen yet but what the name itself led to."""
    made = by_address({}, own=WELL)
    return replace(made, observations=(replace(made.observations[0], addresses=here),))


def test_each_address_is_asked_once_and_the_chosen_one_for_all_that_matters() -> None:
    assert servers(by_name_only((A, B))) == [A, B]
    looked = by_address({A: WRONG, B: WELL}, (A, B))
    assert set(servers(looked)) == {B}
    assert {it.sni for it in further_attempts(looked)} == {None}
    assert servers(by_name_only((A,))) == []


@pytest.mark.parametrize(
    ("end", "text", "program"),
    [
        (WELL, f"{A} serves {APP.subject} (SHA-256 {APP.sha256}); status 200", "openssl"),
        (answered(APP, status=None), f"{A} serves {APP.subject}", "openssl"),
        (Answered(A, None, Response(503, None, "")), f"{A} answers: status 503", "curl"),
        (Answered(A, None, NoResponse("closed", "it hung up")), f"{A} answers: it hung up", "curl"),
        (answered(), f"{A} answers: status 200", "curl"),
        (REFUSED, f"{A}: connection refused", "curl"),
        (HandshakeFailed("closed", A, None, "it hung up"), "does not complete a TLS", "curl"),
    ],
)
def test_it_is_shown_with_a_command(end: Outcome, text: str, program: str) -> None:
    made = by_address({A: end}, (A,))
    evidence = address_evidence(BackendView(made, made.backends[0]), A)
    assert text in plain(evidence.text)
    assert (evidence.command or "").startswith(program)
    assert A in (evidence.command or "")


def test_the_report_shows_what_the_judged_address_serves() -> None:
    made = judged({A: WRONG, B: WELL}, (A, B))
    report = make_report(made, diagnose(made, RULES), (), RULES, NOW)
    (backend,) = report.backends
    assert [it.chain[0].sha256 for it in backend.handshakes] == [APP.sha256]


def test_without_names_nothing_is_chosen() -> None:
    assert with_chosen_addresses(case(outcome=WELL)).aliases == ()


def test_only_what_a_dns_server_said_of_the_name_is_told() -> None:
    said = (lookup(NotTried("outside")), lookup((A,), "other"), lookup(NO_NAME), lookup((A, B)))
    told = [plain(it.text) for it in dns_said(replace(by_address({}), lookups=said), HOST)]
    assert [text.rpartition(": ")[2] for text in told] == [NO_NAME.reason, f"{A}, {B}"]
