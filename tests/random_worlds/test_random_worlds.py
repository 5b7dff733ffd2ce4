"""A fixed set of random worlds, and that what is wrong with a report would be seen. `make random` tries any number."""

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from cryptography.x509.oid import ExtensionOID

from bot.core.rules import RULES
from bot.lab.azure.clients import ClientResponse, MemberExchange
from bot.lab.azure.targets import Target
from bot.lab.backends import BackendSpec
from bot.lab.scenario import Scenario
from tests.random_worlds.comparing import Wrong, serious, wrongs
from tests.random_worlds.faults import FAULTS
from tests.random_worlds.figures import dump, run_all, smallest
from tests.random_worlds.finishing import finished
from tests.random_worlds.healthy import healthy
from tests.random_worlds.trying import Remedy, Tried, tried
from tests.random_worlds.witness import Word, asks_in_vain
from tests.random_worlds.worlds import Case, sketched, world, worlds_of
from tests.random_worlds.writing import scenario_source

_FIXED = worlds_of(12, 16)
_KEY_IDS = (ExtensionOID.SUBJECT_KEY_IDENTIFIER, ExtensionOID.AUTHORITY_KEY_IDENTIFIER)


@pytest.mark.parametrize("case", _FIXED, ids=str)
async def test_the_bot_says_what_the_lab_says(case: Case) -> None:
    found = await tried(case)
    assert serious(found) == [], "\n".join(dump(found))
    assert found.word
    assert found.faults or not found.word.is_fault


def test_a_case_is_always_the_same_world() -> None:
    def told(case: Case) -> tuple[Any, ...]:
        made = world(case)
        servers = [(it.address, it.port, it.behaviour, it.routes) for it in made.scenario.backends]
        pools = made.scenario.gateways[0]["properties"]["backendAddressPools"]
        return made.changes, servers, [it["properties"]["backendAddresses"] for it in pools]

    assert all(told(case) == told(case) for case in _FIXED)
    assert worlds_of(12, 16) == _FIXED
    assert len({str(told(case)) for case in _FIXED}) == len(_FIXED)


def test_a_change_that_is_left_out_leaves_the_others_as_they_are() -> None:
    case = next(it for it in worlds_of(1, 500) if len(sketched(it)[1]) > 4)
    whole = world(case)
    assert world(replace(case, only=tuple(whole.changes))).changes == whole.changes
    for number, less in zip(whole.changes, whole.smaller(), strict=True):
        kept = {key: name for key, name in whole.changes.items() if key != number}
        # What came after may not fit without it.
        assert world(less).changes.items() <= kept.items()
        assert Case.parse(str(less)) == less


def test_a_site_that_a_later_change_replaces_is_not_routed_by_header() -> None:
    route = FAULTS["requests_routed_by_header"].apply
    sketches = (healthy(seed, Random(seed)) for seed in range(100))
    sketch = next(it for it in sketches if route(it, it.apps[0], Random(1)))
    (routed,) = finished(sketch).gateways
    assert routed["properties"]["advancedRoutingMaps"]
    sketch.sites = [replace(it, name=f"new-{it.name}") for it in sketch.sites]
    (document,) = finished(sketch).gateways
    assert "advancedRoutingMaps" not in document["properties"]


def test_every_fault_comes_up() -> None:
    missing = set(FAULTS)
    for case in worlds_of(8, 3000):
        missing -= set(sketched(case)[1].values())
        if not missing:
            break
    assert not missing


def test_every_rule_has_a_world_that_is_about_it() -> None:
    """That a v1 gateway is retired is asked for in each of its cases."""
    about = {rule for it in FAULTS.values() for either in it.rules for rule in either.split("|")}
    assert {it.id for it in RULES} == about | {"gateway_generation_retired"}


# What is wrong with a report is seen. The answers below are those of one real case, changed in one place.

NOT_KNOWN = [{"http_settings": "s", "server": "a", "health": "unknown"}]
NOT_TRIED = {
    "host": "x.test",
    "path": "/",
    "server": "a",
    "http_settings": "s",
    "outcome": "not_tried",
    "served": None,
}
GOT_A_PAGE = {**NOT_TRIED, "server": "b", "outcome": "answered", "served": True}
STOPPED = {"operational_state": "Stopped", "generation": "v2"}
BEYOND = {"rule": "backend_not_followed", "because": "it is not followed"}
FOLLOWED = [{"http_settings": "s", "server": "a", "health": "unhealthy"}]
B_UNKNOWN = {"http_settings": "s", "server": "b", "health": "unknown"}
PAGE = frozenset({("x.test", "/")})
FINE: dict[str, Any] = dict.fromkeys(("unhealthy", "suffering", "failing", "useless"), frozenset())
"""Nothing is wrong, so no cause has to be named."""
CLOSED: dict[str, Any] = {"closed": frozenset({("s", "b")})}
HIDDEN: dict[str, Any] = {"hidden": PAGE, "unhealthy": frozenset()}
WELL = Word(
    healthy=frozenset({("s", "b")}),
    unhealthy=frozenset({("s", "a")}),
    kept=frozenset(),
    judged=frozenset({("x.test", "/"), ("y.test", "/")}),
    suffering=frozenset({("x.test", "/")}),
    failing=frozenset({("s", "a")}),
    useless=frozenset({("s", "a")}),
)


def finding(
    server: str = "a", rule: str = "port_refused", concerns: str = "probe"
) -> dict[str, Any]:
    return {
        "concerns": concerns,
        "rule": rule,
        "severity": "error",
        "sites": [],
        "http_settings": "s",
        "server": server,
        "summary": "",
    }


DISABLED = finding("", "listener_certificate_without_identity", "gateway")


def told(**changes: Any) -> Tried:
    report = {
        "verdict": "fault",
        "recommended": None,
        "undecided": [],
        "findings": [finding()],
        "backends": [],
        "gateway": {"operational_state": "Running", "generation": "v2"},
        **changes,
    }
    return Tried(Case(1), ("stopped_service",), (), (1, 1), WELL, report)


def with_word(found: Tried, **changes: Any) -> Tried:
    return replace(found, word=replace(WELL, **changes))


def clients(**served: bool | None) -> Tried:
    return told(
        clients=[
            {**NOT_TRIED, "host": f"{name}.test", "served": it, "outcome": ""}
            for name, it in served.items()
        ]
    )


def remedy(after: Word | None, *promised: tuple[str, str]) -> Tried:
    option = Remedy("set_host_name", True, True, frozenset(promised), after, "Conflict")
    return replace(told(), remedies=(option,))


HEALED = replace(
    WELL,
    unhealthy=frozenset(),
    healthy=WELL.healthy | WELL.unhealthy,
    failing=frozenset(),
    useless=frozenset(),
)


EXCHANGED = replace(HEALED, healthy=WELL.healthy, unhealthy=frozenset({("s", "a.test")}))


@pytest.mark.parametrize(
    ("found", "kinds"),
    [
        (told(), []),
        (told(verdict="healthy"), ["verdict"]),
        (told(verdict="undecided"), ["verdict"]),
        (told(verdict="undecided", findings=[], backends=NOT_KNOWN), []),
        (told(findings=[]), ["pairs", "cause"]),
        (told(gateway={"operational_state": "Running", "generation": "v1"}), ["cause"]),
        (told(gateway=STOPPED, verdict="undecided", backends=NOT_KNOWN), ["verdict"]),
        (told(findings=[finding(), finding("b")]), ["pairs"]),
        (told(findings=[finding(rule="port_silent")]), ["cause"]),
        (replace(told(), error="Traceback\nKeyError: 1"), ["exception"]),
        (remedy(None), ["exception"]),
        (remedy(HEALED, ("s", "a")), []),
        (remedy(WELL, ("s", "a")), ["heals"]),
        (remedy(replace(HEALED, healthy=WELL.healthy), ("s", "a")), []),
        (remedy(EXCHANGED, ("s", "a")), ["heals"]),
        (remedy(replace(WELL, unhealthy=WELL.unhealthy | WELL.healthy)), ["harm"]),
        (remedy(replace(WELL, suffering=WELL.judged)), ["harm to clients"]),
        (remedy(replace(HEALED, failing=WELL.failing)), []),
        (remedy(replace(HEALED, useless=WELL.useless)), ["harm to clients"]),
        (clients(x=False, y=True), []),
        (clients(x=True, y=True), ["sites"]),
        (clients(x=False, y=False), ["sites"]),
        (clients(x=None, y=True), ["sites"]),
        (told(clients=[NOT_TRIED], backends=NOT_KNOWN), []),
        (told(clients=[NOT_TRIED, GOT_A_PAGE], backends=NOT_KNOWN), []),
        (told(clients=[NOT_TRIED, GOT_A_PAGE]), ["sites"]),
        (told(clients=[NOT_TRIED]), ["sites"]),
        (with_word(told(clients=[NOT_TRIED]), kept=frozenset({("s", "a")})), []),
        # Of the TCP/TLS proxy.
        (with_word(told(), cut_off=frozenset({("s", "b")})), ["pairs"]),
        (with_word(told(findings=[finding(), finding("b")]), cut_off=frozenset({("s", "b")})), []),
        (remedy(replace(HEALED, cut_off=frozenset({("s", "a")})), ("s", "a")), ["heals"]),
        (remedy(replace(HEALED, cut_off=frozenset({("s", "b")}))), ["harm"]),
        (told(findings=[], undecided=[BEYOND]), ["cause"]),
        (told(findings=[], undecided=[BEYOND], backends=FOLLOWED), ["pairs", "cause"]),
        # Nobody can know more than that it is not known; but a fault at others, or a false one, is no matter of that.
        (
            told(verdict="undecided", findings=[], backends=[B_UNKNOWN]),
            ["verdict", "pairs"],
        ),
        (with_word(told(verdict="undecided", findings=[]), **FINE), ["verdict"]),
        (with_word(told(verdict="undecided", findings=[], backends=NOT_KNOWN), **FINE), []),
        (with_word(told(verdict="healthy", findings=[]), **FINE), []),
        (with_word(told(verdict="undecided", findings=[]), **FINE, doubtful=PAGE), []),
        (with_word(told(findings=[]), **FINE, doubtful=PAGE), ["verdict"]),
        (told(findings=[finding(), finding("b", "live_host_unknown")]), ["pairs"]),
        (remedy(replace(HEALED, useless=WELL.useless), ("s", "a")), ["heals", "harm to clients"]),
        # What only the gateway gets to see.
        (with_word(told(verdict="healthy", findings=[]), **HIDDEN), ["cause"]),
        (with_word(told(verdict="healthy", findings=[])), ["verdict", "pairs", "cause"]),
        (with_word(clients(x=None, y=True), hidden=PAGE), []),
        (with_word(told(findings=[finding(), finding("b")], backends=[B_UNKNOWN]), **CLOSED), []),
        (with_word(told(findings=[finding(), finding("b")]), **CLOSED), ["pairs"]),
        (with_word(told(clients=[GOT_A_PAGE], backends=[B_UNKNOWN]), hidden=PAGE), []),
        (with_word(told(clients=[GOT_A_PAGE], backends=[B_UNKNOWN])), ["sites"]),
        (told(findings=[finding(), DISABLED, finding("b", concerns="clients")]), []),
    ],
)
def test_what_is_wrong_is_seen(found: Tried, kinds: list[str]) -> None:
    assert [it.kind for it in wrongs(found)] == kinds


def test_clients_count_once_the_bot_tells_of_them() -> None:
    only_clients = replace(WELL, unhealthy=frozenset(), healthy=WELL.judged)
    silent = replace(told(verdict="healthy", findings=[]), word=only_clients)
    assert [it.kind for it in wrongs(silent)] == ["clients", "cause"]
    assert [it.kind for it in serious(silent)] == ["cause"]
    speaks = replace(silent, report={**silent.report, "clients": []})
    assert [it.kind for it in serious(speaks)] == ["verdict", "cause", "sites"]


def test_a_world_without_a_fault_is_not_called_broken() -> None:
    fine = replace(WELL, unhealthy=frozenset(), suffering=frozenset(), failing=frozenset())
    assert wrongs(replace(told(), word=fine, faults=()))[0] == Wrong(
        "verdict", "fault, and it is healthy"
    )


def test_the_figures_count_cases_and_the_smallest_is_shown_first() -> None:
    big = replace(told(verdict="healthy"), size=(5, 5))
    small = replace(told(verdict="healthy", findings=[]), case=Case(2))
    figures = run_all([told(), big, small])
    assert [it.size for it in figures.failing()] == [(1, 1), (5, 5)]
    lines = "\n".join(figures.lines())
    assert re.search(r"verdict right +1 of 3 +33.33 %", lines)
    assert [it.case for it in figures.firing["port_refused"]] == [Case(1), Case(1)]


def test_a_failing_case_is_made_smaller_as_long_as_it_fails_alike() -> None:
    case = next(it for it in worlds_of(1, 500) if len(sketched(it)[1]) > 4)
    needed = Random(1).sample(sorted(world(case).changes.items()), 2)

    def retry(case: Case) -> Tried:
        made = world(case)
        fails = dict(needed).items() <= made.changes.items()
        verdict = "healthy" if fails else "fault"
        return replace(told(verdict=verdict), case=case, size=made.size)

    found = smallest(retry(case), retry)
    assert world(found.case).changes == dict(needed)


def dumped(change: Callable[[Tried], Tried]) -> str:
    return "\n".join(dump(change(replace(told(verdict="healthy"), case=_FIXED[0]))))


def test_a_dump_can_be_tried_again_and_says_what_is_wrong() -> None:
    text = dumped(lambda it: it)
    assert text.startswith(f"CASE={_FIXED[0]}: ")
    assert "WRONG verdict: healthy, and it is fault" in text
    assert "KeyError: 1" in dumped(lambda it: replace(it, error="Traceback\nKeyError: 1"))


def _bare(spec: BackendSpec) -> BackendSpec:
    return replace(spec, default=None, certificates={}, client_certificates=None)


def _without_certificates(document: object) -> object:
    """The document without what is quoted of certificates, which are made anew."""
    quoted = ("data", "publicCertData")
    if isinstance(document, dict):
        return {key: _without_certificates(it) for key, it in document.items() if key not in quoted}
    return list(map(_without_certificates, document)) if isinstance(document, list) else document


@pytest.mark.parametrize("case", worlds_of(21, 8), ids=str)
def test_what_is_printed_is_the_scenario(case: Case) -> None:
    made = world(case).scenario
    module: dict[str, Any] = {}
    exec(scenario_source(made), module)
    found = module["SCENARIO"]
    assert isinstance(found, Scenario)
    assert list(map(_bare, found.backends)) == list(map(_bare, made.backends))
    assert (found.dns, found.bot_dns, found.faults) == (made.dns, made.bot_dns, made.faults)
    assert [*map(_without_certificates, found.gateways)] == [
        *map(_without_certificates, made.gateways)
    ]
    assert [*map(_shown, found.backends)] == [*map(_shown, made.backends)]


def _shown(spec: BackendSpec) -> list[tuple[str, list[Any]]]:
    """What each certificate of a server is for, may do, and is signed with."""
    return [
        (
            it.certificate.subject.rfc4514_string(),
            [
                it.certificate.signature_hash_algorithm,
                *(each.value for each in it.certificate.extensions if each.oid not in _KEY_IDS),
            ],
        )
        for chain in (spec.default or (), *spec.certificates.values())
        for it in chain
    ]


def test_what_the_gateway_alone_meets_and_only_after_the_change_nobody_knew() -> None:
    pair = next(iter(WELL.unhealthy))
    still = replace(WELL, beyond=frozenset({pair}))
    assert [it.kind for it in wrongs(remedy(WELL, pair))] == ["heals"]
    assert wrongs(remedy(still, pair)) == []
    known = with_word(remedy(still, pair), beyond=frozenset({pair}))
    assert [it.kind for it in wrongs(known)] == ["heals"]


def test_what_the_gateway_alone_meets_at_a_server_that_it_never_asked_nobody_knew() -> None:
    """A rule is sent to another pool, whose servers admit the bot and not the gateway."""
    pair, new = ("s", "a"), ("s", "a.test")
    denied = remedy(replace(EXCHANGED, beyond=frozenset({new})), pair)
    assert wrongs(denied) == []
    assert [it.kind for it in wrongs(remedy(EXCHANGED, pair))] == ["heals"]
    met = with_word(denied, healthy=WELL.healthy | {("t", "a.test")})
    assert "heals" in {it.kind for it in wrongs(met)}


def test_what_the_gateway_alone_meets_nobody_knew_where_its_report_is_not_to_be_had() -> None:
    pair = next(iter(WELL.unhealthy))
    only_there = frozenset({pair})
    tried = remedy(replace(WELL, beyond=only_there), pair)
    unsaid = replace(tried, report={**tried.report, "backends": NOT_KNOWN})
    assert wrongs(with_word(unsaid, beyond=only_there)) == []
    got = told(clients=[{**GOT_A_PAGE, "server": "a"}], backends=NOT_KNOWN)
    assert wrongs(with_word(got, beyond=only_there)) == []
    assert [it.kind for it in wrongs(got)] == ["sites"]


def test_behind_a_proxy_that_is_not_followed_only_the_gateway_could_know() -> None:
    unseen = {"verdict": "undecided", "findings": [], "undecided": [BEYOND]}
    assert "verdict" not in {it.kind for it in wrongs(told(**unseen, backends=[B_UNKNOWN]))}
    well = {**B_UNKNOWN, "server": "c", "health": "healthy"}
    assert "verdict" in {it.kind for it in wrongs(told(**unseen, backends=[B_UNKNOWN, well]))}
    followed = {**unseen, "undecided": []}
    assert "verdict" in {it.kind for it in wrongs(told(**followed, backends=[B_UNKNOWN]))}


def test_a_site_at_fault_is_not_called_served_because_of_a_server_that_has_the_page() -> None:
    lines = [{**NOT_TRIED, "outcome": "unknown_path"}, GOT_A_PAGE]
    accused = {**finding(), "sites": ["x.test"]}
    assert wrongs(told(clients=lines, findings=[accused])) == []
    assert [it.kind for it in wrongs(told(clients=lines))] == ["sites"]


def test_a_page_that_the_bot_could_not_wait_for_is_not_called_served() -> None:
    waited = {**NOT_TRIED, "because": "no HTTP response within 5.3 s"}
    because = f"a request for Host x.test, path /: {waited['because']}; s allows 20 s"
    said = [{"rule": "request_timed_out", "because": because}]
    assert wrongs(told(clients=[waited, GOT_A_PAGE], undecided=said)) == []
    assert [it.kind for it in wrongs(told(clients=[waited, GOT_A_PAGE]))] == ["sites"]


def test_who_the_members_are_that_only_the_gateways_report_names_nobody_knew_without_it() -> None:
    nobody = {**NOT_TRIED, "server": None}
    because = "their addresses come from backend health, which is not known: no permission"
    said = [{"rule": "pool_empty", "because": because}]
    unseen: dict[str, Any] = {"findings": [], "undecided": said, "clients": [nobody]}

    def kinds(**changes: Any) -> set[Any]:
        return {it.kind for it in wrongs(told(**{**unseen, **changes}))} - {"cause"}

    assert kinds(verdict="undecided") == set()
    assert kinds(verdict="healthy") == {"verdict"}
    wrong = {"verdict", "pairs", "sites"}
    assert kinds(verdict="undecided", backends=FOLLOWED) == wrong
    names_none = [
        {**said[0], "because": "their addresses come from backend health, which names none"}
    ]
    assert kinds(verdict="undecided", undecided=names_none) == wrong
    elsewhere = [{**nobody, "http_settings": "t"}]
    assert kinds(verdict="undecided", clients=elsewhere) == {"verdict", "pairs"}


@pytest.mark.parametrize(
    ("status", "denying", "in_rotation", "in_vain"),
    [(401, True, True, True), (403, True, True, False), (401, False, True, False), (401, True, False, False)],
)  # fmt: skip
def test_a_401_that_only_the_gateways_address_gets_asks_nobody_to_sign_in(
    status: int, denying: bool, in_rotation: bool, in_vain: bool
) -> None:
    server = ("10.0.0.4", 80)
    target = Target("p", "s", *server, trust=None, sni=None, host="x.test", path="/")
    got = ClientResponse(status, "server")
    met = MemberExchange(target, got, in_rotation, status == 401, server[0])
    assert asks_in_vain(met, {server} if denying else ()) is in_vain


async def test_a_name_that_the_gateway_alone_cannot_resolve_is_beyond_what_the_bot_can_know() -> (
    None
):
    """Its network has new DNS servers, which it does not ask yet."""
    made = (it for it in worlds_of(5, 1_000) if "new_dns_servers" in sketched(it)[1].values())
    found = await tried(next(made))
    assert found.word
    (beyond,) = found.word.beyond
    assert beyond in found.word.unhealthy
    assert serious(found) == []
