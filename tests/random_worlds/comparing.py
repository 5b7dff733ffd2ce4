"""The bot's report beside the lab's word: what of it is wrong, each as a line that says how."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from tests.random_worlds.faults import FAULTS
from tests.random_worlds.trying import Remedy, Tried
from tests.random_worlds.witness import Page, Pair, Word

Kind = Literal[
    "exception", "verdict", "pairs", "cause", "heals", "harm", "sites", "clients", "harm to clients"
]
OF_CLIENTS: tuple[Kind, ...] = ("sites", "clients", "harm to clients")
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
        *_sites(report, word),
        *(it for each in tried.remedies for it in _remedy(each, word, unknown(report))),
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


def _unnamed(report: dict[str, Any]) -> set[str]:
    """The HTTP settings whose servers nobody names: they join through network interfaces, and health is not told.

    Only where the bot says that it does not know them, and speaks of no server there.
    """
    said = any(
        it["rule"] == "pool_empty" and "backend health, which is not known" in it["because"]
        for it in report["undecided"]
    )
    nobody = {
        it["http_settings"]
        for it in report.get("clients", ())
        if it["server"] is None and it["outcome"] == "not_tried"
    }
    return nobody - {settings for settings, _ in _followed(report)} if said else set()


def tells_of_clients(report: dict[str, Any]) -> bool:
    """Whether this bot says anything of clients' requests."""
    return "clients" in report


def fired(report: dict[str, Any]) -> set[str]:
    """The rules that found something."""
    return {it["rule"] for it in report.get("findings", ())}


def _verdict(report: dict[str, Any], word: Word) -> Iterator[Wrong]:
    expected = "fault" if word.is_fault else "healthy"
    if report["verdict"] == expected or _cannot_be_told(report, word):
        return
    because = "; ".join(it["because"] for it in report["undecided"])
    text = f"{report['verdict']}, and it is {expected} {because}".rstrip()
    only_clients = not word.at_fault and word.is_fault
    yield Wrong("clients" if only_clients and not tells_of_clients(report) else "verdict", text)


def _cannot_be_told(report: dict[str, Any], word: Word) -> bool:
    """Whether neither the bot nor the gateway can know better. A false "fault" never passes, nor a miss elsewhere."""
    if report["verdict"] == "fault" or not _runs(report):
        return False
    undecided = report["verdict"] == "undecided"
    # The gateway says nothing of a server. That is no excuse for a fault that lies at others alone.
    bad = word.at_fault | word.failing
    unsaid = unknown(report) & bad if word.is_fault else unknown(report)
    unsaid |= {it for it in bad if it[0] in _unnamed(report)}
    # Nor of what is behind a proxy that says first who the client is: the bot does not, so it sees nothing there.
    if unknown(report) >= _followed(report) and _open_beyond(report):
        unsaid |= bad - _followed(report)
    # All that fails are pages whose servers the bot does not get to, or have an address that only the gateway's DNS
    # knows. Of these the gateway knows no more than that the probe's page is well.
    hidden = not word.at_fault and bool(word.suffering) and word.suffering <= word.hidden
    # Which of two readings of Microsoft's pages is right, or what clients send, nobody can say.
    doubtful = bool(word.doubtful) and not word.is_fault
    return hidden or (undecided and (bool(unsaid) or doubtful))


def _pairs(report: dict[str, Any], word: Word) -> Iterator[Wrong]:
    """The (settings, server) pairs at fault: each whose probe fails, and none that serves everybody."""
    errors = [
        it
        for it in report["findings"]
        if it["severity"] == "error" and it["server"] and not _behind_disabled(report, it)
    ]
    found = {(it["http_settings"], it["server"]): it["rule"] for it in errors}
    for pair in sorted(word.at_fault - set(found) - unknown(report)):
        if _open_beyond(report) and pair not in _followed(report):
            continue
        if pair[0] in _unnamed(report):
            continue
        yield Wrong("pairs", f"{pair} is unhealthy, and no error says so")
    # Who turns the bot away looks like a fault to it where the gateway says nothing. And a pair that fails clients has
    # a fault, whatever it is called: what a fault is called is judged where it stands alone.
    alike = word.closed & unknown(report)
    for pair in sorted(set(found) - word.at_fault - word.kept - word.failing - alike):
        yield Wrong("pairs", f"{pair} has {found[pair]}, and nothing is wrong there")


def _behind_disabled(report: dict[str, Any], finding: dict[str, Any]) -> bool:
    """Whether it tells what clients would meet beyond listeners that Azure has disabled.

    No request of the lab's clients gets there, so its word is silent on them.
    """
    disabled = "listener_certificate_without_identity" in fired(report)
    return disabled and finding["concerns"] == "clients"


def _open_beyond(report: dict[str, Any]) -> bool:
    """Whether the bot says that it does not know what is where it does not follow the gateway."""
    return any(it["rule"] == "backend_not_followed" for it in report["undecided"])


def _followed(report: dict[str, Any]) -> set[Pair]:
    return {(it["http_settings"], it["server"]) for it in report["backends"]}


def _cause(tried: Tried) -> Iterator[Wrong]:
    """Each remark, and a fault that stands alone, is named by its rules."""
    said = fired(tried.report)
    if tried.report["gateway"]["generation"] == "v1" and "gateway_generation_retired" not in said:
        yield Wrong("cause", "a v1 gateway is not said to be retired")
    for name in _to_be_named(tried):
        known = FAULTS[name]
        for rule in known.rules:
            if not said & set(rule.split("|")):
                kind: Kind = "clients" if known.clients_only else "cause"
                yield Wrong(kind, f"{name} is not named by {rule}; found {sorted(said)}")


def _to_be_named(tried: Tried) -> tuple[str, ...]:
    """What stands alone: of several changes one may hide another, or take its place."""
    assert tried.word
    alone = (*tried.faults, *tried.remarks)
    if len(alone) != 1 or tried.remarks:
        return alone if len(alone) == 1 else ()
    asked = not unknown(tried.report) or not _runs(tried.report)
    return alone if tried.word.is_fault and asked else ()


def _runs(report: dict[str, Any]) -> bool:
    return bool(report["gateway"]["operational_state"] == "Running")


def _sites(report: dict[str, Any], word: Word) -> Iterator[Wrong]:
    """The pages that clients do not get, as far as the bot tells of them."""
    if not tells_of_clients(report):
        return
    # Of servers that it does not reach, and whose health the gateway does not tell, it may say just that. That the
    # gateway calls one healthy because of minServers tells nothing either.
    disabled = "listener_certificate_without_identity" in fired(report)
    unnamed = _unnamed(report)
    open_ = {
        (it["host"], it["path"])
        for it in report["clients"]
        if it["outcome"] == "not_tried"
        and (
            disabled
            or it["http_settings"] in unnamed
            or (it["http_settings"], it["server"]) in unknown(report) | word.kept
        )
    } | _too_slow_to_tell(report)
    told: dict[Page, bool] = {}
    pairs: dict[Page, set[Pair]] = {}
    for each in report["clients"]:
        page = (each["host"], each["path"])
        pairs.setdefault(page, set()).add((each["http_settings"], each["server"]))
        if each["served"] is not None:
            told[page] = told.get(page, True) and each["served"]
    # A page that is not there is no answer to any question: what is there only its owner knows, and by the contract
    # `served` is null. But a site at fault is one that suffers, and one of which no page is told is missed below.
    at_fault = {site.partition("/")[0] for site in _sites_at_fault(report)}
    # Nor is such a site called served because others of its servers have the page that one of them has not.
    in_part = {
        (it["host"], it["path"])
        for it in report["clients"]
        if it["served"] is None and it["host"] in at_fault
    }
    for page in sorted(set(told) & word.judged - word.doubtful):
        served = page in word.served
        # What only the gateway gets, or is denied, nobody tells where Azure does not hand over its report.
        unseen = page in word.hidden or pairs[page] <= word.beyond
        unseen = unseen and pairs[page] <= unknown(report)
        if told[page] is not served and not (told[page] and (page in open_ | in_part or unseen)):
            text = f"{page} is {'' if served else 'not '}served, and the bot says otherwise"
            yield Wrong("sites", text)
    # For a name that nobody knows the bot may have asked under another one.
    known = {host for host, _ in told} | word.made_up | at_fault | {host for host, _ in open_}
    # Where every server that fails it turns the bot away, or cannot be reached from here, it says that nobody saw what
    # clients get: the gateway knows only that the probe's page is well, and asks for no other.
    not_seen = {it["host"] for it in report["clients"] if it["served"] is None}
    hidden = {host for host, _ in word.hidden} & not_seen
    missed = {host for host, _ in word.suffering} - known - hidden
    for host in sorted(missed):
        yield Wrong("sites", f"{host} is not served, and the bot does not speak of it")


def _too_slow_to_tell(report: dict[str, Any]) -> set[Page]:
    """The pages that the bot waited for in vain, and says that it had less time for than clients have."""
    said = [it["because"] for it in report["undecided"] if it["rule"] == "request_timed_out"]
    return {
        (it["host"], it["path"])
        for it in report["clients"]
        if it["outcome"] == "not_tried" and any(it["because"] in because for because in said)
    }


def _sites_at_fault(report: dict[str, Any]) -> set[str]:
    errors = (it for it in report["findings"] if it["severity"] == "error")
    return {site for it in errors for site in it["sites"]}


def _remedy(remedy: Remedy, before: Word, unsaid: set[Pair]) -> Iterator[Wrong]:
    name = remedy.option
    after = remedy.after
    if after is None:
        yield Wrong("exception", f"{name} could not be carried out: {remedy.why}")
        return
    for pair in sorted(remedy.promised):
        settings = pair[0]
        # Where a member is exchanged, or its rule goes elsewhere, what comes instead has to be healthy.
        instead = {it for it in after.unhealthy - before.unhealthy if it[0] == settings}
        # What the gateway alone meets, and met only once the fault before it was gone, nobody could know: its report
        # was about that fault, and the bot is admitted, and asks no CA. Nor what it met before already, where Azure
        # did not hand over its report on that server: there is nobody else who is denied, or asks a CA.
        if pair in after.beyond and (pair not in before.beyond or pair in unsaid):
            continue
        # Nor of a server that no rule led to before, so that no probe had ever been sent there.
        known = {server for _, server in before.healthy | before.unhealthy}
        unmet = bool(instead) and not any(server in known for _, server in instead)
        if pair not in after.at_fault and unmet and instead <= after.beyond:
            continue
        if pair in after.at_fault or (pair not in after.healthy and instead):
            yield Wrong("heals", f"{name} does not heal {pair}")
        elif pair in after.useless and pair in before.at_fault | before.failing:
            yield Wrong("heals", f"{name} heals {pair}, and clients get no page there")
    for pair in sorted((before.healthy & after.unhealthy) | (after.cut_off - before.at_fault)):
        yield Wrong("harm", f"{name} makes {pair} unhealthy")
    for page in sorted(before.served & after.suffering):
        yield Wrong("harm to clients", f"{name} takes {page} from its clients")
    for pair in sorted(before.unhealthy & after.healthy & after.useless):
        text = f"{name} puts {pair} into rotation, where clients get no page"
        yield Wrong("harm to clients", text)
