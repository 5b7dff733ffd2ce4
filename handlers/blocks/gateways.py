"""The gateways that there are, as a list and as a menu to choose from."""

from collections.abc import Iterator, Mapping

from bot.core.changes.change import Change
from bot.core.report.incident import Incident
from bot.core.report.looked_at import verdict_said
from handlers import ids
from handlers.blocks.composition import MOST_OPTIONS, Element, menu_options
from handlers.blocks.elements import menu, search_menu
from handlers.blocks.gateway_now import GatewayNow, Overview
from handlers.blocks.help import PICK_BLOCK, not_searched, option_value
from handlers.blocks.kit import Block, Message, actions, context, message, section, sections
from handlers.blocks.text import VERDICT_EMOJI, code, count, link, moment, outside

MOST_LINES = 25


def picker(found: Overview) -> Message:
    """A menu of all gateways, those with something to look after first."""
    question = "Which gateway shall I diagnose?" if found.gateways else _none(found)
    small = ("`/agw list` lists them, `/agw help` lists the commands.",)
    return message(question, [section(question), *_menu(found), *_small(found, *small)])


def listing(found: Overview, links: Mapping[str, str]) -> Message:
    """Name, state and what is open of each gateway, and the menu; `links` lead to cards, by their incident's id."""
    title = f"*Gateways with* {code(found.part, 80)}" if found.part else "*Gateways*"
    lines = [f"{title}: {len(found.gateways):,}"] if found.gateways else [_none(found)]
    lines += [gateway_line(it, links) for it in found.gateways[:MOST_LINES]]
    small = _more(found, MOST_LINES)
    return message(lines[0], [*sections(lines), *_menu(found), *_small(found, *small)])


def gateway_line(shown: GatewayNow, links: Mapping[str, str]) -> str:
    """One gateway: `agw-prod` in `rg-prod`: Running, fault found today (card)."""
    it = shown.gateway
    said = [outside(it.state or "state not known"), *_going_on(shown.changes)]
    if shown.newest is not None:
        said.insert(1, _last_seen(shown.newest, links.get(shown.newest.id)))
    mark = ":warning: " if shown.is_open else "\u2022 "
    return f"{mark}{code(it.name, 80)} in {code(it.resource_group, 90)}: {', '.join(said)}"


def _last_seen(newest: Incident, url: str | None) -> str:
    report = newest.report
    if report is None:
        words, at = "no result" if newest.trouble else "being diagnosed", newest.created
    else:
        words = f"{VERDICT_EMOJI[report.verdict]} {verdict_said(report.verdict, report.looked_at)}"
        at = report.made
    return f"{words} {moment(at)}" + (f" ({link(url, 'card')})" if url else "")


def _going_on(changes: tuple[Change, ...]) -> Iterator[str]:
    waiting = sum(it.state == "offered" for it in changes)
    if waiting:
        yield f"{count(waiting, 'option')} waiting for approval"
    if waiting < len(changes):
        yield "a change is under way"


def _menu(found: Overview) -> Iterator[Block]:
    if len(found.gateways) > MOST_OPTIONS:
        yield actions(PICK_BLOCK, [search_menu("Search the gateways", ids.PICK_GATEWAY)])
    elif found.gateways:
        options = _options(found)
        yield actions(PICK_BLOCK, [menu("Choose a gateway", ids.PICK_GATEWAY, options)])


def suggestions(found: Overview) -> list[Element]:
    """The options of a menu that is searched."""
    return menu_options(_options(found))


def _options(found: Overview) -> list[tuple[str, str, str]]:
    return [(it.gateway.name, _described(it), option_value(it.gateway)) for it in found.gateways]


def _described(shown: GatewayNow) -> str:
    """What is going on first: a long group's name is what is cut."""
    report = shown.newest.report if shown.newest is not None else None
    said = [
        shown.gateway.state,
        verdict_said(report.verdict, report.looked_at) if report is not None else "",
    ]
    going_on = next(_going_on(shown.changes), "")
    return ", ".join(filter(None, (*said, going_on, shown.gateway.resource_group)))


def _none(found: Overview) -> str:
    wanted = f" with {code(found.part, 80)} in its name" if found.part else ""
    return f"I see no gateway{wanted}."


def _more(found: Overview, shown: int) -> tuple[str, ...]:
    more = len(found.gateways) - shown
    if more <= 0:
        return ()
    return (f"{more:,} more: {code('/agw list PART')} finds those with PART in their names.",)


def _small(found: Overview, *said: str) -> Iterator[Block]:
    small = (*said, *not_searched(found.gaps))
    if small:
        yield context(*small)
