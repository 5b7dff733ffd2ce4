"""How people name a gateway."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.model.known_gateway import KnownGateway
from bot.core.routing.serving_route import Site
from bot.core.routing.target import (
    find,
    nearest,
    parse_target,
    resource_id_in,
)

PROVIDER = "providers/Microsoft.Network/applicationGateways"


def gateway(name: str, group: str, *hosts: str) -> KnownGateway:
    return KnownGateway(
        f"/subscriptions/s1/resourceGroups/{group}/{PROVIDER}/{name}", name, group, "s1", hosts
    )


PROD = gateway("agw-prod", "rg-prod", "shop.contoso.com", "*.apps.contoso.com")
TEST = gateway("agw-test", "rg-test", "test.appgwtestase.com")
TWIN = gateway("agw-test", "rg-other")
EVERY = (PROD, TEST, TWIN)


@pytest.mark.parametrize(
    ("said", "found", "host"),
    [
        ("agw-prod", (PROD,), None),
        (" `AGW-PROD` ", (PROD,), None),
        ("rg-test/agw-test", (TEST,), None),
        ("s1/rg-other/agw-test", (TWIN,), None),
        (PROD.id.upper(), (PROD,), None),
        ("agw-test", (TEST, TWIN), None),
        ("https://shop.contoso.com/basket?x=1", (PROD,), "shop.contoso.com"),
        ("test.appgwtestase.com:443", (TEST,), "test.appgwtestase.com"),
        ("a.apps.contoso.com", (PROD,), "a.apps.contoso.com"),
        ("a.b.apps.contoso.com", (PROD,), "a.b.apps.contoso.com"),
        ("apps.contoso.com", (), None),
        ("HTTPS://ada@SHOP.Contoso.com.:8443/?a#b", (PROD,), "shop.contoso.com"),
        ("nothing.example", (), None),
        ("nothing", (), None),
        ("http://[", (), None),
    ],
)
def test_finding(said: str, found: tuple[KnownGateway, ...], host: str | None) -> None:
    assert find(parse_target(said), EVERY) == (found, host)


def test_a_listener_may_have_wildcards_inside_a_label() -> None:
    odd = gateway("odd", "rg", "shop-?.contoso.com")
    assert find(parse_target("shop-1.contoso.com"), (odd,)) == ((odd,), "shop-1.contoso.com")


def test_a_host_of_two_gateways_may_be_either_and_a_name_of_its_own_wins_over_a_wildcard() -> None:
    blue, green = gateway("blue", "rg", "a.example", "*.wide"), gateway("green", "rg", "A.EXAMPLE")
    assert find(parse_target("https://a.example/x"), (blue, green)) == ((blue, green), "a.example")
    other = gateway("other", "rg", "*.example", "b?.wide")
    assert find(parse_target("a.example"), (other, green)) == ((green,), "a.example")
    assert find(parse_target("b1.wide"), (blue, other)) == ((blue, other), "b1.wide")


@given(st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){1,2}", fullmatch=True), st.data())
def test_however_a_site_is_written_it_is_the_same_site(host: str, data: st.DataObject) -> None:
    said = "".join(ch.upper() if data.draw(st.booleans()) else ch for ch in host)
    before = data.draw(st.sampled_from(["", "http://", "https://", "https://ada@"]))
    after = data.draw(
        st.sampled_from(["", ".", "/", ":443/a", "?x=1", "./#top", "/a/b?c=d.example"])
    )
    owner = gateway("owner", "rg", host)
    assert find(parse_target(f"<{before}{said}{after}>"), (PROD, owner)) == ((owner,), host)


def test_a_portal_url_holds_a_resource_id() -> None:
    url = f"https://portal.azure.com/#@contoso.com/resource{PROD.id}/overview"
    assert resource_id_in(url) == PROD.id
    assert resource_id_in(url.replace("/", "%2F")) == PROD.id
    assert resource_id_in("agw-prod") is None
    target = parse_target(url)
    assert (target.said, target.gateway_id) == (url, PROD.id)
    assert target.site is None, "the portal is not a site behind the gateway"
    assert find(target, EVERY) == ((PROD,), None)


def test_nearest_names_for_a_misspelt_one() -> None:
    assert nearest(parse_target("agw-prd"), EVERY) == ("agw-prod", "agw-test")
    assert nearest(parse_target("rg-prod/agw-prodd"), EVERY)[0] == "agw-prod"
    assert nearest(parse_target("<rg-prod/agw-prodd>"), EVERY)[0] == "agw-prod"
    assert nearest(parse_target("zzz"), EVERY) == ()
    assert nearest(parse_target(""), EVERY) == ()


@pytest.mark.parametrize(
    ("said", "site"),
    [
        ("https://Shop.contoso.com/a/b?x=1", Site("shop.contoso.com", "/a/b", "https")),
        ("http://shop.contoso.com?x=/y#/z", Site("shop.contoso.com", "/", "http")),
        ("https://ada:secret@shop.contoso.com.:8443", Site("shop.contoso.com", "/", "https", 8443)),
        ("shop.contoso.com:8443/a", Site("shop.contoso.com", "/a", None, 8443)),
        ("https://shop.contoso.com:99999/", Site("shop.contoso.com", "/", "https")),
        ("`https://B\u00dcCHER.example/`", Site("xn--bcher-kva.example", "/", "https")),
        ("stra\u00dfe.example", Site("xn--strae-oqa.example", "/")),
        ("\u2603\u200d.\u0300example", None),
        ("https://contoso/", None),
        ("http://[", None),
        ("a." * 127 + "b.example", None),
        ("<shop.contoso.com>", Site("shop.contoso.com", "/")),
        ("agw-prod", None),
        ("rg/agw-prod", None),
    ],
)
def test_the_site_in_a_text(said: str, site: Site | None) -> None:
    assert parse_target(said).site == site


@given(st.text())
def test_no_text_is_too_odd(said: str) -> None:
    find(parse_target(said), EVERY)
    nearest(parse_target(said), EVERY)
