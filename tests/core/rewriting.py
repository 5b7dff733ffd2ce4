"""Gateways with rewrite rule sets: each set is named `set`, unless it says otherwise."""

from typing import Any

from bot.core.arm.document import Json
from bot.core.arm.entry import root_entry
from bot.core.arm.rewrites_reader import read_rewrite_sets
from bot.core.model.rewrites import RewriteSet
from tests.core.clients import by_path, http
from tests.core.make import item, ref, rule

V2 = "Standard_v2"


def when(variable: str, pattern: str, **more: bool) -> Json:
    """A condition."""
    return {"variable": variable, "pattern": pattern, **more}


def header(name: str, value: str) -> list[Json]:
    return [{"headerName": name, "headerValue": value}]


def rewrite(name: str, *conditions: Json, **actions: Any) -> Json:
    """One rule; `path`, `query` and `reroute` are of its URL, `host` is the Host header, the rest as ARM has it."""
    url = {"path": "modifiedPath", "query": "modifiedQueryString", "reroute": "reroute"}
    made = {url[key]: value for key, value in actions.items() if key in url}
    sent = header("Host", actions["host"]) if "host" in actions else []
    rest = {key: value for key, value in actions.items() if key not in (*url, "host")}
    return {
        "name": name,
        "conditions": list(conditions),
        "actionSet": {"urlConfiguration": made, "requestHeaderConfigurations": sent, **rest},
    }


def a_set(*rules: Json, name: str = "set") -> Json:
    """A rewrite rule set whose rules are tried in this order."""
    numbered = [{"ruleSequence": number, **it} for number, it in enumerate(rules)]
    return item("rewriteRuleSets", name, rewriteRules=numbered)


def read(*rules: Json) -> RewriteSet:
    """The same as a value."""
    (found,) = read_rewrite_sets(root_entry({"rewriteRuleSets": [a_set(*rules)]}, "it"))
    return found


def rewritten(*rules: Json, tier: str = V2, top: Any = None, **changes: Any) -> Any:
    """Plain HTTP, the probe at `/health`, and these rewrite rules for every request."""
    found = {
        "rewriteRuleSets": [a_set(*rules)],
        "requestRoutingRules": [rule(rewriteRuleSet=ref("rewriteRuleSets", "set"))],
    }
    return http(tier=tier, top=found | (top or {}), **changes)


def on_paths(
    *rules: Json, pattern: str = "/api/*", at_path: bool = False, also: bool = False
) -> Any:
    """Plain HTTP; the pattern leads to pool `api`. The rewrite rules are of the default, or of the pattern.

    `also`: the pattern has a set of its own, `other`, which sends all requests to the path `/elsewhere`.
    """
    made = by_path(pattern)
    found = made["urlPathMaps"][0]["properties"]
    (first,) = found["pathRules"]
    if at_path:
        first["properties"]["rewriteRuleSet"] = ref("rewriteRuleSets", "set")
    else:
        found["defaultRewriteRuleSet"] = ref("rewriteRuleSets", "set")
    if also:
        first["properties"]["rewriteRuleSet"] = ref("rewriteRuleSets", "other")
    other = a_set(rewrite("there", path="/elsewhere"), name="other")
    return http(tier=V2, top=made | {"rewriteRuleSets": [a_set(*rules), other]})
