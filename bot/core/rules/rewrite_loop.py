"""A rewrite rule has the gateway ask its path map for ever, and the gateway gives up with 500."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import rewrites
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.marked import mark, mark_all
from bot.core.routing.client_way import DeadEnd, dead_ends
from bot.core.routing.rewrites import rules_in_words


def check(case: Case) -> Iterator[Match]:
    """The rewritten path belongs to the same path rule, whose rewrite rules ask the path map again."""
    found: dict[str, list[DeadEnd]] = {}
    for end in dead_ends(case.gateway, case.asked):
        if end.loops and end.rewrites is not None:
            found.setdefault(end.rewrites.name, []).append(end)
    for name, ends in found.items():
        yield _seen(case, name, ends)


def _seen(case: Case, name: str, ends: list[DeadEnd]) -> Match:
    sites = tuple(dict.fromkeys(it.site for it in ends))
    first = ends[0]
    rules = rules_in_words(first.rewrites, first.loops) if first.rewrites else ""
    verb = "have" if len(first.loops) > 1 else "has"
    return Match(
        f"Clients of {mark_all(sites)} get 500 from the gateway: {rules} {verb} the path map asked again and again.",
        (
            Evidence(
                f"the rewritten path of {mark(first.path)} belongs to the path rule that it comes from",
                commands.show_gateway(case.gateway, "rewriteRuleSets"),
            ),
            Evidence("which path leads where", commands.show_gateway(case.gateway, "urlPathMaps")),
        ),
        part=name,
        concerns="clients",
        sites=sites,
    )


RULE = Rule(
    id="rewrite_loop",
    severity="error",
    symptom="A rewrite rule sends requests in a circle, and the gateway answers them with 500.",
    cause="*Re-evaluate path map* is on, and the rewritten path belongs to the path rule that the rewrite comes from.",
    remedy="Rewrite to a path of another path rule, add a condition, or switch *Re-evaluate path map* off.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-rewrite-rules",
        "https://learn.microsoft.com/azure/application-gateway/rewrite-http-headers-url",
    ),
    check=check,
    guide=rewrites.END_CIRCLE,
)
