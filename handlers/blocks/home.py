"""The Home tab: what waits for this person, the gateways, and what was changed lately."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.core.changes.change import Change, Person
from bot.core.report.report import told_once
from handlers.blocks.forms import MOST_VIEW_BLOCKS, View
from handlers.blocks.gateway_now import Overview
from handlers.blocks.gateways import MOST_LINES, gateway_line
from handlers.blocks.help import not_searched
from handlers.blocks.history import change_line
from handlers.blocks.kit import Block, actions, context, divider, section, sections
from handlers.blocks.plan import approve_button
from handlers.blocks.text import (
    MOST_SITES,
    code,
    count,
    link,
    moment,
    names,
    outside,
    sentence,
    user,
)

MOST_WAITING = 10
MOST_EXPIRING = 10
EXPIRING = frozenset(
    {
        "listener_certificate_expiring",
        "served_certificate_expiring",
        "stored_certificate_expiring",
    }
)
"""The rules that find them."""


def home_view(
    found: Overview,
    links: Mapping[str, str],
    waiting: Sequence[Change],
    asked: Sequence[Change],
    recent: Sequence[Change],
    may: Sequence[str],
    now: datetime,
) -> View:
    """`waiting` may be approved by this person, `asked` were asked for by them; `links` lead to cards, by incident.

    `may` says what the bot may do, and what it may not.
    """
    return _view(
        [
            section("*Waiting for you*"),
            *_waiting(waiting, asked, links),
            divider(),
            *_gateways(found, links),
            divider(),
            *sections(["*Certificates that expire*", *_expiring(found)]),
            divider(),
            *sections(
                ["*Recent changes*", *(map(change_line, recent) if recent else ["None so far."])]
            ),
            divider(),
            *sections(["*What I may do*", *may]),
            context(
                f"As of {moment(now)}; open this tab again for news. `/agw help` lists the commands."
            ),
        ]
    )


def reason_view(sentence: str) -> View:
    """Why nothing is shown."""
    return _view([section(sentence)])


def is_by(change: Change, person: Person) -> bool:
    """Whether this person asked for it, in a report or for its approval."""
    asked = (change.requested_by, change.sought.by if change.sought is not None else None)
    return any(it is not None and it.user == person.user for it in asked)


def _view(blocks: list[Block]) -> View:
    return {"type": "home", "blocks": blocks[:MOST_VIEW_BLOCKS]}


def _waiting(
    waiting: Sequence[Change], asked: Sequence[Change], links: Mapping[str, str]
) -> Iterator[Block]:
    for change in waiting[:MOST_WAITING]:
        yield section(f"{_offer(change, links)}, asked for by {user(change.requested_by)}")
        button = approve_button(change, change.plan.title, primary=False)
        yield actions(f"decide:{change.id}", [button])
    more = len(waiting) - MOST_WAITING
    if more > 0:
        yield section(f"... and {more} more: `/agw status`")
    for change in asked[:MOST_WAITING]:
        yield section(f"{_offer(change, links)}: the approvers decide, you asked for it")
    if not waiting and not asked:
        yield section("Nothing.")


def _expiring(found: Overview) -> Iterator[str]:
    """Of the gateways that were diagnosed lately: nobody has looked at the others."""
    reports = [it.newest.report for it in found.gateways if it.newest and it.newest.report]
    lines = [
        f"\u2022 {code(report.gateway.name, 80)}: {sentence(same[0].summary, 300)}"
        for report in reports
        for same in told_once(report.findings)
        if same[0].rule in EXPIRING
    ]
    yield from lines[:MOST_EXPIRING]
    if len(lines) > MOST_EXPIRING:
        yield f"... and {len(lines) - MOST_EXPIRING:,} more: *Evidence* on the cards"
    if not lines:
        looked = count(len(reports), "gateway")
        yield f"None seen at the {looked} diagnosed within a day, of {len(found.gateways):,}."


def _offer(change: Change, links: Mapping[str, str]) -> str:
    url = links.get(change.card.incident)
    card = f" ({link(url, 'card')})" if url else ""
    sites = change.plan.blast_radius.hosts
    where = f", sites {names(sites, MOST_SITES)}" if sites else ""
    name = code(change.plan.gateway_name, 80)
    return f"*{outside(change.plan.title)}* on {name}{where}{card}, until {moment(change.expires)}"


def _gateways(found: Overview, links: Mapping[str, str]) -> Iterator[Block]:
    lines = [f"*Gateways*: {len(found.gateways):,}"]
    lines += [gateway_line(it, links) for it in found.gateways[:MOST_LINES]]
    more = len(found.gateways) - MOST_LINES
    if more > 0:
        lines.append(f"{more:,} more: `/agw list`")
    yield from sections(lines)
    if found.gaps:
        yield context(*not_searched(found.gaps))
