from typing import Any

import pytest

from bot.core.rules.pool_mixes_ip_and_names import RULE
from tests.core.asking import matches, quiet
from tests.core.make import case, document, item

MIXED = document(
    backendAddressPools=[
        item(
            "backendAddressPools",
            "pool",
            backendAddresses=[{"ipAddress": "10.1.5.11"}, {"fqdn": "app.contoso.com"}],
        )
    ]
)


def test_matches_once_for_the_pool() -> None:
    (summary,) = matches(RULE, case(MIXED))
    assert "both IPs (10.1.5.11) and names (app.contoso.com)" in summary


def test_is_quiet_on_one_kind() -> None:
    assert quiet(RULE, case(document(servers=("10.1.5.11", "10.1.5.12"))))
    assert quiet(RULE, case(document(servers=("a.contoso.com", "b.contoso.com"))))


@pytest.mark.parametrize("second", [None, {}, 7, {"fqdn": None}, {"fqdn": ["app.contoso.com"]}])
def test_a_missing_or_unreadable_member_is_of_no_kind(second: Any) -> None:
    pool = item(
        "backendAddressPools", "pool", backendAddresses=[{"ipAddress": "10.1.5.11"}, second]
    )
    assert quiet(RULE, case(document(backendAddressPools=[pool])))
