"""The bot's report beside the lab's word: what of it is wrong, each as a line that says how."""

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any, Literal

from tests.random_worlds.faults import FAULTS
from tests.random_worlds.trying import Remedy, Tried
from tests.random_worlds.witness import Page, Pair, Word

Kind = Literal[
    "exception", "verdict", "pairs", "cause", "heals", "harm", "clients", "harm to clients"
]
_ABOUT_CLIENTS = ("live_name_mismatch", "live_host_unknown", "request_timed_out")
"""Rules about requests that a pair may never get, because a wider listener takes them."""

OF_CLIENTS: tuple[Kind, ...] = ("clients", "harm to clients")
"""Figures only, for as long as the bot does not tell of clients."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong with what the bot said."""

    kind: Kind
    text: str


def wrongs(tried: Tried) -> list[Wrong]:
    """Everything that is wrong in one case."""
    if tried.error:
        return [Wrong("exception", tried.error.strip().splitlines()[-1])]
    assert tried.word
    report, word = tried.report, tried.word
    return [
        *_verdict(report, word),
        *_pairs(report, word),
        *_cause(tried),
        *_clients(report, word),
        *(it for each in tried.remedies for it in _remedy(each, word)),
    ]


def serious(tried: Tried) -> list[Wrong]:
    """What makes a run fail."""
    strict = tells_of_clients(tried.report)
    return [it for it in wrongs(tried) if strict or it.kind not in OF_CLIENTS]


def unknown(report: dict[str, Any]) -> set[Pair]:
    """Whose health the gateway does not tell: it is stopped, or cannot be asked. Then much cannot be known."""
    return {
        (it["http_settings"], it["server"])
        for it in report["backends"]
        if it["health"] == "unknown"
    }


def tells_of_clients(report: dict[str, Any]) -> bool:
    """Whether this bot says anything of clients' requests."""
    return "clients" in report


def fired(report: dict[str, Any]) -> set[str]:
    """The rules that found something."""
    return {it["rule"] for it in report.get("findings", ())}


def _verdict(report: dict[str, Any], word: Word) -> Iterator[Wrong]:
    expected = "fault" if word.is_fault else "healthy"
    if report["verdict"] == expected or (report["verdict"] == "undecided" and unknown(report)):
        return
    because = "; ".join(it["because"] for it in report["undecided"])
    text = f"{report['verdict']}, and it is {expected} {because}".rstrip()
    only_clients = not word.unhealthy and word.is_fault
    yield Wrong("clients" if only_clients and not tells_of_clients(report) else "verdict", text)


def _pairs(report: dict[str, Any], word: Word) -> Iterator[Wrong]:
    """The (settings, server) pairs at fault: each whose probe fails, and none that serves everybody."""
    errors = [it for it in report["findings"] if it["severity"] == "error" and it["server"]]
    found = {(it["http_settings"], it["server"]): it["rule"] for it in errors}
    for pair in sorted(word.unhealthy - set(found) - unknown(report)):
        yield Wrong("pairs", f"{pair} is unhealthy, and no error says so")
    probed = {pair: rule for pair, rule in found.items() if rule not in _ABOUT_CLIENTS}
    for pair in sorted(set(probed) - word.unhealthy - word.kept - word.failing):
        yield Wrong("pairs", f"{pair} has {probed[pair]}, and nothing is wrong there")


def _cause(tried: Tried) -> Iterator[Wrong]:
    """Each remark, and a fault that stands alone, is named by one of its rules."""
    said = fired(tried.report)
    alone = tried.faults if len(tried.faults) == 1 else ()
    for name in (*alone, *(tried.remarks if not tried.faults else ())):
        known = FAULTS[name]
        if known.rules and not said & set(known.rules) and _shows(tried, known.clients_only):
            yield Wrong(
                "clients" if known.clients_only else "cause",
                f"{name} is not named by {' or '.join(known.rules)}; found {sorted(said)}",
            )


def _shows(tried: Tried, clients_only: bool) -> bool:
    """Whether the fault has any effect in this world: a remark has."""
    assert tried.word
    if unknown(tried.report):
        return False
    return tried.word.is_fault if tried.faults else not clients_only


def _clients(report: dict[str, Any], word: Word) -> Iterator[Wrong]:
    """The pages that clients do not get, as far as the bot tells of them."""
    if not tells_of_clients(report):
        return
    told: dict[Page, bool] = {}
    for each in report["clients"]:
        page = (each["host"], each["path"])
        if each["served"] is not None:
            told[page] = told.get(page, True) and each["served"]
    at_fault = {site.partition("/")[0] for site in _sites_at_fault(report)}
    for page in sorted(set(told) & word.judged):
        served = page in word.served
        if told[page] is not served:
            yield Wrong(
                "clients", f"{page} is {'' if served else 'not '}served, and the bot says otherwise"
            )
    # Where neither the bot nor the gateway gets to see a server, nobody knows.
    unseen = {server for _, server in unknown(report)}
    rows = report["clients"]
    open_ = {
        it["host"] for it in rows if it["server"] in unseen or it["host_known_from"] == "unknown"
    }
    # Of a basic listener no host is known for sure: what is told of one goes for all that nobody else takes.
    basic = {"*" for it in rows if it["host_known_from"] in ("any", "certificate", "probe")}
    spoken = {host for host, _ in told} | at_fault | open_ | basic
    for host in sorted({host for host, _ in word.suffering}):
        if any(fnmatch(host, it) for it in spoken):
            continue
        yield Wrong("clients", f"{host} is not served, and the bot does not speak of it")


def _sites_at_fault(report: dict[str, Any]) -> set[str]:
    errors = (it for it in report["findings"] if it["severity"] == "error")
    return {site for it in errors for site in it["sites"]}


def _remedy(remedy: Remedy, before: Word) -> Iterator[Wrong]:
    name = remedy.option
    after = remedy.after
    if after is None:
        yield Wrong("exception", f"{name} could not be carried out: {remedy.why}")
        return
    for pair in sorted(remedy.promised):
        settings = pair[0]
        # Where a member is exchanged, or its rule goes elsewhere, what comes instead has to be healthy.
        instead = {it for it in after.unhealthy - before.unhealthy if it[0] == settings}
        if pair in after.unhealthy or (pair not in after.healthy and instead):
            yield Wrong("heals", f"{name} does not heal {pair}")
    for pair in sorted(before.healthy & after.unhealthy):
        yield Wrong("harm", f"{name} makes {pair} unhealthy")
    for page in sorted(before.served & after.suffering):
        yield Wrong("harm to clients", f"{name} takes {page} from its clients")
    for pair in sorted(before.unhealthy & after.healthy & after.failing):
        text = f"{name} puts {pair} into rotation, where clients get no page"
        yield Wrong("harm to clients", text)
