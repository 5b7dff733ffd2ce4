"""Who suffers: what the clients of each site get, as parts, and as the sentence under the verdict."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.core.model.marked import mark_all
from bot.core.report.client_facts import ClientFacts
from bot.core.routing.client_hosts import ANY_HOST

MOST_NAMED = 3
"""Sites or paths that a sentence names before it counts the rest."""

Standing = Literal["suffers", "turned_away", "served", "partly_served", "not_seen"]
"""How clients of a site fare: `suffers`: requests of theirs fail. `turned_away`: the application answers, but on each
path that was asked with a 404 or the like. `served`: whatever they may be sent to gave an answer. `partly_served`: what
was asked did, and not everything was asked. `not_seen`: nothing is known."""


_ENDS: dict[Standing, str] = {
    "served": "{} {} served",
    "partly_served": "{} {} served as far as asked",
    "not_seen": "what clients of {} get was not seen",
}
"""What is said of sites that do not suffer, in this order."""


@dataclass(frozen=True, slots=True)
class SiteStanding:
    """One site. `names` are what to call it: the site, or the pages of it that fail.

    `answers`, for `turned_away`: each status of the application, and the paths that were asked and got it. `example` is
    a request that shows how it stands.
    """

    site: str
    word: Standing
    names: tuple[str, ...]
    example: ClientFacts
    sometimes: bool = False
    answers: tuple[tuple[int, tuple[str, ...]], ...] = ()


def site_standings(
    clients: Iterable[ClientFacts], at_fault: Collection[str] = ()
) -> tuple[SiteStanding, ...]:
    """How each site fares, in the order of the gateway.

    `at_fault` are the sites whose clients meet a fault that was found: what they get counts, whatever it is.
    """
    sites: dict[str, list[ClientFacts]] = {}
    for it in clients:
        sites.setdefault(it.site, []).append(it)
    return tuple(_standing(site, rows, at_fault) for site, rows in sites.items())


def who_suffers(
    clients: Iterable[ClientFacts],
    at_fault: Collection[str] = (),
    *,
    stopped: bool = False,
    proxied: Sequence[str] = (),
) -> str:
    """One sentence: whose requests fail and how, and who is served; empty where nothing is known of any client.

    `proxied` are the listeners of the TCP/TLS proxy that lead to a backend at fault: what their clients say is not
    known, so nothing is tried for them.
    """
    if stopped:
        return "The gateway does not run, so no client gets an answer."
    parts = [*_parts(site_standings(clients, at_fault))]
    if proxied:
        plural = "s" * (len(proxied) != 1)
        parts.append(f"what clients of TCP/TLS listener{plural} {_named(proxied)} get was not seen")
    text = "; ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _standing(site: str, rows: list[ClientFacts], at_fault: Collection[str]) -> SiteStanding:
    failed = [it for it in rows if it.served is False]
    turned_away = [it for it in rows if it.word == "unknown_path"]
    if site in at_fault and not failed:
        failed = turned_away
    if failed:
        return _suffering(site, rows, failed)
    if any(it.served for it in rows):
        whole = all(it.served or it.passed_by or it.word == "unknown_path" for it in rows)
        return SiteStanding(site, "served" if whole else "partly_served", (site,), rows[0])
    if turned_away:
        answers = tuple(_by_status(turned_away).items())
        return SiteStanding(site, "turned_away", (site,), turned_away[0], answers=answers)
    return SiteStanding(site, "not_seen", (site,), rows[0])


def _suffering(site: str, rows: list[ClientFacts], failed: list[ClientFacts]) -> SiteStanding:
    """The whole site, or the pages of it that fail."""
    well = {it.path for it in rows if it.served}
    ill = dict.fromkeys(it.path for it in failed)
    sometimes = bool(well & set(ill)) or any(it.sometimes for it in failed)
    host = site.partition("/")[0]
    names = (site,) if well <= set(ill) else tuple(host + path for path in ill)
    return SiteStanding(site, "suffers", names, failed[0], sometimes)


def _by_status(rows: Iterable[ClientFacts]) -> dict[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = {}
    for it in rows:
        if it.status is not None:
            found[it.status] = tuple(dict.fromkeys((*found.get(it.status, ()), it.path)))
    return found


def _parts(sites: Collection[SiteStanding]) -> Iterator[str]:
    suffering: dict[str, list[str]] = {}
    turned_away: dict[tuple[tuple[int, tuple[str, ...]], ...], list[str]] = {}
    other: dict[Standing, list[str]] = {}
    for it in sites:
        if it.word == "suffers":
            often = "sometimes " if it.sometimes else ""
            suffering.setdefault(often + _gets(it.example), []).extend(it.names)
        elif it.word == "turned_away":
            turned_away.setdefault(it.answers, []).extend(it.names)
        else:
            other.setdefault(it.word, []).extend(it.names)
    for gets, names in suffering.items():
        yield f"clients of {_named(names)} {gets}"
    for answers, names in turned_away.items():
        gets = " and ".join(f"{status} on {_named(paths)}" for status, paths in answers)
        yield f"clients of {_named(names)} get {gets} from the application, as far as asked"
    for standing, names in sorted(other.items(), key=lambda it: list(_ENDS).index(it[0])):
        yield _ENDS[standing].format(_named(names), "is" if len(names) == 1 else "are")


def _gets(row: ClientFacts) -> str:
    if row.status is None:
        return "get an error"
    match row.word:
        case "gateway_502" | "gateway_504" | "application_error" | "unknown_path":
            return f"get {row.status}"
        case "unknown_host":
            return f"get {row.status}, because their host is not known there"
        case "leaves_gateway":
            return f"get no page, only a redirect ({row.status})"
    return "get another site's answer"


def _named(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMED
    shown = mark_all(it or ANY_HOST for it in names[:MOST_NAMED])
    return f"{shown} and {more} more" if more > 0 else shown
