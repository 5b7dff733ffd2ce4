"""A backend that denies only the gateway: what to do, and where no such thing was seen."""

from bot.core.remedies.options.admit_gateway import OPTION
from tests.core.make import APP, SUBNET, answered, case, document
from tests.core.remedies.options.trying import best, proposed, refused

DENIED = "Status code did not match the probe setting. Expected:200-399 Received:403."


def test_it_is_recommended_and_names_the_subnet() -> None:
    base = document()
    made = case(base, answered(APP), message=DENIED)
    assert best(made, base) == "admit_gateway"
    found = proposed(OPTION, made, base)
    assert (
        found.summary
        == "let 10.1.5.11 admit the gateway, which it answers with 403, as it admits us"
    )
    told = " ".join(found.steps)
    assert "az webapp config access-restriction add -g APP_RESOURCE_GROUP -n APP_NAME" in told
    assert f"--subnet {SUBNET.lower()}" in told
    assert "Its range: az network vnet subnet show" in told
    assert "publicIPAddress.id" in told


def test_without_a_subnet_the_other_steps_are_told() -> None:
    base = document(gatewayIPConfigurations=[])
    found = proposed(OPTION, case(base, answered(APP), message=DENIED), base)
    assert len(found.steps) == 4
    assert not any("--subnet" in it or "Its range" in it for it in found.steps)


def test_is_not_for_what_others_are_denied_as_well() -> None:
    base = document()
    for made in (
        case(base, answered(APP, status=403), message=DENIED),
        case(base, answered(APP), message=DENIED.replace("403", "404")),
    ):
        assert "no backend was seen that denies" in refused(OPTION, made, base)
