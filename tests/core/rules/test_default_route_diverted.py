from bot.core.model.unavailable import Unavailable
from bot.core.rules.default_route_diverted import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import blind, case, document, v2_settings
from tests.core.networks import around, route_table

V2 = document(tier="Standard_v2", backendHttpSettingsCollection=[v2_settings()])


def test_matches_a_default_route_to_a_firewall() -> None:
    (summary,) = matches(RULE, case(V2, network=around(table=route_table())))
    assert summary == (
        "routes, the route table of gateway, sends 0.0.0.0/0 to VirtualAppliance instead of the internet."
    )


def test_is_quiet_on_v1_on_other_prefixes_and_to_the_internet() -> None:
    assert quiet(RULE, case(document(), network=around(table=route_table())))
    assert quiet(RULE, case(V2, network=around(table=route_table("10.0.0.0/8"))))
    assert quiet(RULE, case(V2, network=around(table=route_table(next_hop="Internet"))))


def test_is_quiet_where_there_is_no_table() -> None:
    assert quiet(RULE, case(V2, network=around()))


def test_a_missing_permission_for_the_table_accuses_no_route() -> None:
    assert quiet(RULE, case(V2, network=around(table=Unavailable("forbidden"))))
    assert quiet(RULE, case(V2))
    unread = around(Unavailable("forbidden"), Unavailable("forbidden"))
    assert "gateway_reports_unhealthy" in left_open(RULE, blind(V2, network=unread))
