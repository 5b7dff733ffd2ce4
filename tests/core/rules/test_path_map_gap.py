from typing import Any

from bot.core.rules.path_map_gap import RULE
from tests.core.asking import matches, quiet
from tests.core.make import case, document, item, ref, rule

POOL = ref("backendAddressPools", "pool")
HTTPS = ref("backendHttpSettingsCollection", "https")
GONE = ref("backendAddressPools", "gone")
DEFAULT: Any = {"defaultBackendAddressPool": POOL, "defaultBackendHttpSettings": HTTPS}


def mapped(*, used: bool = True, entries: Any = (), **properties: Any) -> Any:
    to_map = ref("urlPathMaps", "paths") if used else None
    return case(
        document(
            requestRoutingRules=[
                rule(backendAddressPool=None, backendHttpSettings=None, urlPathMap=to_map)
            ],
            urlPathMaps=[item("urlPathMaps", "paths", pathRules=list(entries), **properties)],
        )
    )


def entry(**properties: Any) -> Any:
    return item("pathRules", "images", **({"paths": ["/images/*"]} | properties))


def test_matches_a_map_without_a_default() -> None:
    assert matches(RULE, mapped()) == [
        "Path map paths leads nowhere for /*: entry default has no backend pool and no HTTP settings."
    ]


def test_matches_an_entry_whose_pool_is_gone() -> None:
    (summary,) = matches(
        RULE,
        mapped(entries=[entry(backendAddressPool=GONE, backendHttpSettings=HTTPS)], **DEFAULT),
    )
    assert (
        summary == "Path map paths leads nowhere for /images/*: entry images has no backend pool."
    )


def test_is_quiet_on_whole_maps_redirects_and_policies() -> None:
    whole = entry(backendAddressPool=POOL, backendHttpSettings=HTTPS)
    elsewhere = entry(redirectConfiguration=ref("redirectConfigurations", "home"))
    spread = entry(
        loadDistributionPolicy=ref("loadDistributionPolicies", "spread"), backendHttpSettings=HTTPS
    )
    assert quiet(RULE, mapped(entries=[whole, elsewhere, spread], **DEFAULT))


def test_is_quiet_on_an_entry_that_no_request_reaches() -> None:
    lost = entry(backendAddressPool=GONE, backendHttpSettings=HTTPS)
    wider = item(
        "pathRules", "all", paths=["/i*"], backendAddressPool=POOL, backendHttpSettings=HTTPS
    )
    assert quiet(RULE, mapped(entries=[wider, lost], **DEFAULT))
    assert matches(RULE, mapped(entries=[lost, wider], **DEFAULT))


def test_is_quiet_on_a_map_that_no_rule_uses() -> None:
    assert quiet(RULE, mapped(used=False))


def test_missing_and_bare_ids_are_told_apart() -> None:
    bare = {"defaultBackendAddressPool": POOL["id"], "defaultBackendHttpSettings": HTTPS["id"]}
    assert quiet(RULE, mapped(**bare))
    whole = entry(backendAddressPool=POOL["id"], backendHttpSettings=HTTPS["id"])
    assert quiet(RULE, mapped(entries=[whole], **bare))
