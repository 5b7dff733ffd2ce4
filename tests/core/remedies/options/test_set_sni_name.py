"""v2: the SNI of clients' requests meets no fitting certificate, that of the probe does."""

from typing import Any

from bot.core.model.observation import Outcome
from bot.core.remedies.options.set_sni_name import OPTION
from tests.core.make import APP, HOST, ILB, answered, case, document, item, probe
from tests.core.remedies.options.trying import best, carried_out, refused, v2
from tests.core.rules.handshakes import SILENT

SHOP = "shop.example"
SITE: dict[str, Any] = {
    "httpListeners": [item("httpListeners", "site", protocol="Https", hostName=SHOP)]
}
OWN: dict[str | None, Outcome] = {HOST: answered(APP, public=0), SHOP: answered(ILB, public=0)}


def test_the_probes_sni_is_recommended_for_clients_and_leaves_their_host_alone() -> None:
    base = v2(top=SITE)
    made = case(base, by_sni=OWN, state="healthy")
    assert best(made, base) == "set_sni_name"
    plan, changed = carried_out("set_sni_name", made, base)
    assert changed["backendHttpSettingsCollection"][0]["properties"]["sniName"] == HOST
    assert [(it.before, it.after) for it in plan.lines] == [("not set", HOST)]


def test_a_wrong_sni_name_and_a_refused_handshake_are_mended_too() -> None:
    base = v2(top=SITE, sniName=SHOP)
    _, changed = carried_out("set_sni_name", case(base, by_sni=OWN, state="healthy"), base)
    assert changed["backendHttpSettingsCollection"][0]["properties"]["sniName"] == HOST
    hostless = v2(sniName=SHOP, top={"httpListeners": [item("httpListeners", "site")]})
    assert best(case(hostless, by_sni=OWN), hostless) == "set_sni_name"
    base = v2(top=SITE)
    refuses = case(base, by_sni=OWN | {SHOP: SILENT}, state="healthy")
    assert best(refuses, base) == "set_sni_name"


def test_is_not_for_v1_plain_http_or_live_traffic_that_fits() -> None:
    assert "has no sniName" in refused(OPTION, case(), document())
    http = v2(probes=[probe(protocol="Http")], protocol="Http", port=80)
    assert "does not use TLS" in refused(OPTION, case(http), http)
    fits = case(v2(), by_sni={HOST: answered(APP)})
    assert "no client request" in refused(OPTION, fits, v2())
    assert "no client request" in refused(OPTION, case(v2()), v2())


def test_is_not_for_a_probe_whose_own_name_does_not_fit() -> None:
    base = v2(top=SITE)
    wrong: dict[str | None, Outcome] = {HOST: answered(ILB), SHOP: answered(ILB)}
    assert "any SNI that could be sent" in refused(OPTION, case(base, by_sni=wrong), base)
    nameless = v2(probes=[probe(host="10.1.5.11")], top=SITE)
    bare: dict[str | None, Outcome] = {None: answered(APP), SHOP: answered(ILB)}
    assert "any SNI that could be sent" in refused(OPTION, case(nameless, by_sni=bare), nameless)
    unseen = case(base, by_sni={SHOP: answered(ILB)})
    assert "any SNI that could be sent" in refused(OPTION, unseen, base)
