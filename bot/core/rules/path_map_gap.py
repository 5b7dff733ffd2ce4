"""Some entries of a path map refer to nothing that exists."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import routing
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.gateway import Gateway, PathMap, PathRule
from bot.core.model.marked import mark, mark_all
from bot.core.routing.client_way import is_reached


def check(case: Case) -> Iterator[Match]:
    """Only entries that get a request by some rule; a path map's default counts as an entry of its own."""
    for path_map in case.gateway.path_maps:
        users = [it for it in case.gateway.rules if it.path_map == path_map.id]
        for entry in path_map.rules:
            lacking = list(_lacking(case.gateway, entry))
            if lacking and any(is_reached(case.gateway, it, entry) for it in users):
                yield _seen(case, path_map, entry, " and no ".join(lacking))


def _lacking(gateway: Gateway, entry: PathRule) -> Iterator[str]:
    if entry.redirect or entry.unread:
        return
    if entry.policy is None and entry.pool not in {it.id for it in gateway.pools}:
        yield "backend pool"
    if entry.settings not in {it.id for it in gateway.http_settings}:
        yield "HTTP settings"


def _seen(case: Case, path_map: PathMap, entry: PathRule, lacking: str) -> Match:
    paths = mark_all(entry.paths) or entry.condition or "no path"
    collection = "urlPathMaps" if path_map.kind == "path map" else "advancedRoutingMaps"
    return Match(
        f"{path_map.kind.capitalize()} {mark(path_map.name)} leads nowhere for {paths}:"
        f" entry {mark(entry.name)} has no {lacking}.",
        (
            Evidence(
                f"entry {mark(entry.name)} of {mark(path_map.name)} refers to no existing {lacking}",
                commands.show_gateway(case.gateway, collection),
            ),
        ),
        part=f"{path_map.name}/{entry.name}",
    )


RULE = Rule(
    id="path_map_gap",
    severity="error",
    symptom="Some paths of a path map lead to no backend pool.",
    cause="An entry of the map, or its default, refers to a pool or HTTP settings that do not exist.",
    remedy="Give every entry of the path map, and its default, a pool and HTTP settings, or a redirect.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-http-502-bad-gateway",
        "https://learn.microsoft.com/azure/application-gateway/url-route-overview",
    ),
    check=check,
    guide=routing.COMPLETE_PATH_MAP,
)
