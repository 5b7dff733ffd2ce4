"""ARM's JSON of rewrite rule sets -> `RewriteSet`: the rules of each in their sequence.

Shape: azure-mgmt-network 33.1.0, ApplicationGatewayRewriteRuleSet. An empty `modifiedQueryString` takes the query
away, none leaves it.
"""

from bot.core.arm.entry import Entry
from bot.core.model.rewrites import Headers, RewriteCondition, RewriteRule, RewriteSet

REWRITE_SETS = "rewriteRuleSets"


def read_rewrite_sets(properties: Entry) -> tuple[RewriteSet, ...]:
    """Every rewrite rule set of a gateway, in the document's order."""
    return tuple(map(_set, properties.entries(REWRITE_SETS)))


def _set(item: Entry) -> RewriteSet:
    found = item.properties
    entries = sorted(found.entries("rewriteRules"), key=lambda it: it.number("ruleSequence") or 0)
    rules = tuple(map(_rule, entries))
    whole = found.holds_objects("rewriteRules") and item.is_whole
    return RewriteSet(item.id, item.name, rules, unread=not whole)


def _rule(entry: Entry) -> RewriteRule:
    actions = entry.entry("actionSet")
    url = actions.entry("urlConfiguration")
    cleared = "" if url.found.get("modifiedQueryString") == "" else None
    return RewriteRule(
        name=entry.name,
        conditions=tuple(map(_condition, entry.entries("conditions"))),
        request_headers=_headers(actions, "requestHeaderConfigurations"),
        response_headers=_headers(actions, "responseHeaderConfigurations"),
        path=url.text("modifiedPath"),
        query=url.text("modifiedQueryString") or cleared,
        reroute=url.flag("reroute") is True,
    )


def _condition(entry: Entry) -> RewriteCondition:
    return RewriteCondition(
        variable=entry.text("variable") or "",
        pattern=entry.text("pattern") or "",
        ignore_case=entry.flag("ignoreCase") is True,
        negate=entry.flag("negate") is True,
    )


def _headers(actions: Entry, key: str) -> Headers:
    return tuple(
        (it.text("headerName") or "", it.text("headerValue") or "") for it in actions.entries(key)
    )
