"""Every fault is told: ended, still there, or not known; and a healed one was seen before and is gone after."""

from dataclasses import replace
from typing import Any

from bot.core.case.case import Case
from bot.core.case.diagnosis import Diagnosis, diagnose
from bot.core.case.finding import Finding, Match, OpenQuestion, Undecided
from bot.core.case.view import BackendView
from bot.core.changes.relief_text import MOST, relief_lines
from bot.core.model.marked import plain
from bot.core.model.observation import Observation
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.relief import FaultyPart, Judged, Relief, relief
from bot.core.remedies.trial import Trial
from bot.core.remedies.what_if import try_options
from bot.core.routing.routes import Backend
from bot.core.rules import RULES
from tests.core.make import (
    APP,
    HOST,
    ILB,
    SERVER,
    answered,
    case,
    document,
    incident,
    item,
    ref,
    rule,
    what_if,
)

OTHER = "10.1.5.12"
ONE, TWO = case(document(servers=(SERVER, OTHER))).backends


def fault(where: Backend | str | None, name: str = "a_rule") -> Finding:
    """An error about a backend, a part of the gateway, or the gateway itself."""
    backend, part = (None, where) if isinstance(where, str) else (where, None)
    return Finding(name, "error", Match(f"{name} says so", (), backend, part=part), ())


def opened(where: Backend | str | None) -> OpenQuestion:
    backend, part = (None, where) if isinstance(where, str) else (where, None)
    return OpenQuestion("a_rule", Undecided("nobody looked", backend, part))


def look(*said: Finding | OpenQuestion, backends: tuple[Backend, ...] = (ONE, TWO)) -> Judged:
    findings = tuple(it for it in said if isinstance(it, Finding))
    undecided = tuple(it for it in said if isinstance(it, OpenQuestion))
    return Judged(Diagnosis(findings, undecided), backends)


def sorts(found: Relief) -> dict[str, list[str | None]]:
    """Whom each list names, where it names anybody."""
    named = {
        name: [it.server or it.part for it in getattr(found, name)] for name in Relief.__slots__
    }
    return {name: them for name, them in named.items() if them}


def of(
    before: Judged, after: Judged, reported: Judged | None = None
) -> dict[str, list[str | None]]:
    return sorts(relief((reported or before).diagnosis, before, after))


def test_each_backend_goes_its_own_way() -> None:
    found = of(look(fault(ONE), fault(TWO)), look(fault(TWO)))
    assert found == {"heals": [SERVER], "still_at_fault": [OTHER]}


def test_another_fault_of_the_same_backend_is_no_healing_and_gives_the_reason() -> None:
    before, after = look(fault(ONE)), look(fault(ONE, "another"))
    made = relief(before.diagnosis, before, after)
    assert [(it.rules, it.because) for it in made.still_at_fault] == [
        (("another",), "another says so")
    ]
    assert sorts(made) == {"still_at_fault": [SERVER]}


def test_what_is_open_afterwards_is_not_healed() -> None:
    assert of(look(fault(ONE)), look(opened(ONE))) == {"cannot_tell": [SERVER]}
    assert of(look(fault(ONE)), look(opened(None))) == {"cannot_tell": [SERVER]}
    assert of(look(fault(ONE)), look(opened(TWO))) == {"heals": [SERVER]}


def test_a_fault_that_only_the_gateway_tells_of_is_not_known_to_end() -> None:
    assert of(look(), look(), reported=look(fault(ONE))) == {"cannot_tell": [SERVER]}


def test_what_only_the_gateway_tells_of_is_open_beside_a_fault_that_we_saw() -> None:
    seen, told = fault(ONE), fault(ONE, "another")
    assert of(look(seen), look(), reported=look(told, seen)) == {"cannot_tell": [SERVER]}
    assert of(look(seen, told), look(), reported=look(told)) == {"heals": [SERVER]}


def test_a_gateway_that_is_at_fault_as_a_whole_heals_nobody() -> None:
    assert of(look(fault(ONE)), look(fault(None))) == {
        "still_at_fault": [SERVER],
        "breaks": [None],
    }
    assert of(look(fault(None)), look()) == {"heals": [None]}


def test_a_part_without_a_backend_is_followed_by_its_name() -> None:
    before = look(fault("pool a"), fault("pool b"))
    assert of(before, look(fault("pool b"))) == {
        "heals": ["pool a"],
        "still_at_fault": ["pool b"],
    }


def test_what_is_new_is_told_as_broken() -> None:
    assert of(look(fault(ONE)), look(fault(TWO))) == {"heals": [SERVER], "breaks": [OTHER]}


def test_an_exchanged_member_is_judged_by_who_stands_there_now() -> None:
    new = replace(ONE, server=HOST)
    before = look(fault(ONE))
    changed = (new, TWO)
    assert of(before, look(backends=changed)) == {"heals": [SERVER]}
    assert of(before, look(fault(new), backends=changed)) == {"still_at_fault": [SERVER]}
    assert of(before, look(opened(new), backends=changed)) == {"cannot_tell": [SERVER]}


def test_where_a_rule_leads_elsewhere_the_new_end_decides() -> None:
    elsewhere = replace(ONE, pool=replace(ONE.pool, id="/other"), server="10.1.5.99")
    before = look(fault(ONE), backends=(ONE,))
    assert of(before, look(backends=(elsewhere,))) == {"heals": [SERVER]}
    wrong = look(fault(elsewhere), backends=(elsewhere,))
    assert of(before, wrong) == {"still_at_fault": [SERVER]}


def tried(made: Case, base: Any) -> dict[str, Trial]:
    found = try_options(what_if(made, base), diagnose(made, RULES), OPTIONS)
    return {trial.option.id: trial for trial in found}


def test_the_incidents_recommended_option_heals_its_server() -> None:
    base, made = incident()
    found = tried(made, base)
    assert sorts(found["upload_ilb_certificate"].relief) == {"heals": [SERVER]}
    assert sorts(found["migrate_to_v2"].relief) == {}


def test_what_it_does_not_heal_is_named_though_it_works() -> None:
    """The other site has nothing to do with the certificate: it answers 503."""
    pools = [
        item("backendAddressPools", "pool", backendAddresses=[{"ipAddress": SERVER}]),
        item("backendAddressPools", "second", backendAddresses=[{"ipAddress": OTHER}]),
    ]
    rules = [rule(), rule("second", backendAddressPool=ref("backendAddressPools", "second"))]
    base = document(backendAddressPools=pools, requestRoutingRules=rules)
    made = case(base, state=None)
    outcomes = {SERVER: answered(ILB), OTHER: answered(APP, status=503)}
    seen = tuple(
        Observation(attempt, outcomes[attempt.server])
        for attempt in (BackendView(made, backend).probe_attempt for backend in made.backends)
    )
    trial = tried(replace(made, observations=seen), base)["upload_ilb_certificate"]
    assert trial.works
    assert sorts(trial.relief) == {"heals": [SERVER], "still_at_fault": [OTHER]}
    assert trial.relief.still_at_fault[0].rules == ("backend_failing",)


def part(server: str, because: str = "it is down") -> FaultyPart:
    return FaultyPart(("a_rule",), because, "pool", "https", server)


def test_in_words_everything_is_told_once() -> None:
    made = Relief(
        heals=(part("a"), FaultyPart(("a_rule",), "stopped")),
        still_at_fault=(part("b"), part("c"), FaultyPart(("a_rule",), "empty", part="pool x")),
        breaks=(part("d"),),
    )
    assert [(what, plain(told)) for what, told in relief_lines(made)] == [
        ("heals", "a (pool / https), the gateway itself"),
        (
            "does not heal",
            "b (pool / https), c (pool / https): it is down; pool x: empty",
        ),
        ("breaks", "d (pool / https): it is down"),
    ]
    assert [what for what, _ in relief_lines(Relief(cannot_tell=(part("a"),)))] == [
        "cannot tell whether it heals"
    ]


def test_of_very_many_some_are_told_and_the_rest_counted() -> None:
    made = Relief(heals=tuple(part(f"10.1.0.{n}") for n in range(1200 + MOST)))
    (line,) = relief_lines(made)
    assert plain(line[1]).endswith("10.1.0.5 (pool / https) and 1,200 more")
