"""Rewrite rules that make of requests what no server knows, or that send the gateway in a circle."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides.common import GATEWAY, server
from bot.core.case.case import Case
from bot.core.case.finding import Match
from bot.core.case.guide import Guide, Step, of_backend
from bot.core.case.view import BackendView
from bot.core.model.hostname import is_wildcard
from bot.core.model.marked import mark
from bot.core.model.rewrites import RewriteRule
from bot.core.routing.client_request import ClientRequest
from bot.core.routing.client_way import ClientWay, DeadEnd, dead_ends


def _rule(view: BackendView) -> Iterator[Step]:
    client, gateway = view.client, view.gateway
    rewrite_set, rules = _named(client)
    yield Step(
        GATEWAY, "See what the rewrite rules do:", commands.show_gateway(gateway, "rewriteRuleSets")
    )
    yield Step(
        server(view),
        f"Say which host name and path the site's pages have. {mark(view.request.host)} and"
        f" {mark(view.request.path)} are not theirs:",
        commands.curl(view.attempt),
    )
    for rule in rules:
        text = f"Correct {mark(rule.name)} (or give it a condition, so that it leaves these requests alone):"
        new = ("--rule-set-name", rewrite_set, *_corrected(rule))
        yield Step(
            GATEWAY, text, commands.change(gateway, "rewrite-rule", "update", rule.name, new)
        )
    text = "It is done when this prints the status of the site's page, on a machine that reaches the gateway:"
    yield Step(GATEWAY, text, _asking(client.way if client else None), checks=True)


def _named(client: ClientRequest | None) -> tuple[str, tuple[RewriteRule, ...]]:
    """The rewrite rule set, and those of its rules that have changed the request."""
    if client is None or client.rewritten is None or client.way.rewrites is None:
        return "REWRITE_SET", (RewriteRule("REWRITE_RULE", path="/"),)
    rewrites, names = client.way.rewrites, client.rewritten.rules
    return rewrites.name, tuple(it for it in rewrites.rules if it.name in names)


def _corrected(rule: RewriteRule) -> Iterator[str]:
    if rule.hosts:
        # What is given takes the place of all request headers of the rule.
        headers = dict(rule.request_headers)
        yield "--request-headers"
        yield from (
            f"{name}={'HOST_NAME' if name.lower() == 'host' else _shorthand(value)}"
            for name, value in headers.items()
        )
    if rule.path is not None:
        yield from ("--modified-path", "/PATH")
    if rule.query is not None:
        yield from ("--modified-query-string", "QUERY")


def _shorthand(value: str) -> str:
    """A value as the Azure CLI takes it: an empty one, by which a header is removed, has to be quoted."""
    # github.com/Azure/azure-cli, doc/shorthand_syntax.md
    if value in ("", "null", "??") or value.startswith("'"):
        return "'" + value.replace("'", "'/") + "'"
    return value


def _asking(way: ClientWay | DeadEnd | None) -> str:
    """The client's own request, by the gateway."""
    if way is None:
        return commands.ask_site("https", "HOST_NAME", None, "/")
    host = "HOST_NAME" if is_wildcard(way.host) else way.host
    return commands.ask_site(way.listener.protocol, host, way.listener.port, way.path)


def _circle(case: Case, match: Match) -> Iterator[Step]:
    gateway = case.gateway
    ends = (it for it in dead_ends(gateway, case.asked) if it.loops and _set(it) == match.part)
    end = next(ends, None)
    look = "See what the rewrite rules do:"
    yield Step(GATEWAY, look, commands.show_gateway(gateway, "rewriteRuleSets"))
    yield Step(
        GATEWAY, "And which paths lead where:", commands.show_gateway(gateway, "urlPathMaps")
    )
    for name in end.loops if end else ("REWRITE_RULE",):
        text = (
            f"Let {mark(name)} lead to a path of another path rule, give it a condition that a rewritten path does not"
            " meet, or do not let it ask the path map again:"
        )
        new = ("--rule-set-name", match.part or "REWRITE_SET", "--enable-reroute", "false")
        yield Step(GATEWAY, text, commands.change(gateway, "rewrite-rule", "update", name, new))
    done = "It is done when this prints something else than 500:"
    yield Step(GATEWAY, done, _asking(end), checks=True)


def _set(end: DeadEnd) -> str:
    return end.rewrites.name if end.rewrites is not None else ""


CORRECT_REWRITE = of_backend("Correct the rewrite rule", _rule)
END_CIRCLE = Guide("Let the rewrite rule end", _circle)
