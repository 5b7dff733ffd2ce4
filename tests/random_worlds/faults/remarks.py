"""What breaks nothing, but has to be remarked on; and what else there is around a gateway."""

from dataclasses import replace
from random import Random

from bot.lab.azure import HostingEnvironment
from bot.lab.azure.build import part
from bot.lab.azure.faults import BACKEND_HEALTH, Blind
from bot.lab.azure.faults import Fault as AzureFault
from bot.lab.azure.targets import is_ip
from bot.lab.azure.trust import dns_names
from bot.lab.backends import ANY_HOST, Answer, Route
from bot.lab.pki import EXPIRED, Validity
from bot.lab.values import Json
from tests.random_worlds.certificates import for_listener, root, signed
from tests.random_worlds.faults.answers import own_page
from tests.random_worlds.faults.network import NETWORK, own_dns, vnet
from tests.random_worlds.faults.registry import fault
from tests.random_worlds.sketch import SUBSCRIPTION, App, Sketch, routes, site

_SOON = Validity(-300, 9)
_GROUP = f"{NETWORK}/networkSecurityGroups/nsg-gateway"
_TABLE = f"{NETWORK}/routeTables/rt-gateway"
_DENY = part(
    "deny-all",
    priority=4000,
    direction="Inbound",
    access="Deny",
    protocol="*",
    sourceAddressPrefix="*",
    sourcePortRange="*",
    destinationAddressPrefix="*",
    destinationPortRange="*",
)
_DIVERT = part(
    "to-firewall",
    addressPrefix="0.0.0.0/0",
    nextHopType="VirtualAppliance",
    nextHopIpAddress="10.200.0.4",
)


def _around(sketch: Sketch, subnet: Json, **parts: Json) -> None:
    key = f"{vnet(sketch)}/subnets/gateway"
    before = sketch.options.networks
    known = {"addressPrefix": "10.250.0.0/24", **before.get(key, {}), **subnet}
    sketch.options = replace(sketch.options, networks={**before, key: known, **parts})


@fault("nsg_blocks_gateway_manager", harmless=True, weight=2)
def management_blocked(sketch: Sketch, app: App, rng: Random) -> bool:
    _around(
        sketch, {"networkSecurityGroup": {"id": _GROUP}}, **{_GROUP: {"securityRules": [_DENY]}}
    )
    return True


@fault(harmless=True, weight=4)
def health_page_for_the_probe_alone(sketch: Sketch, app: App, rng: Random) -> bool:
    """The probe asks for it under a host of its own; clients would get 404, and ask for other pages."""
    page = own_page(app)
    if page is None or app.secure or not app.check:
        return False
    own = f"health.{app.name}.test"
    app.check = {**app.check, "host": own}
    app.check.pop("pickHostNameFromBackendHttpSettings", None)
    for endpoint in sketch.served_by(app):
        spec = sketch.servers[endpoint]
        probed = (Route(own, page), Route(ANY_HOST, page, Answer(404)))
        sketch.change(endpoint, routes=(*probed, *spec.routes))
    return True


@fault("default_route_diverted", harmless=True, weight=7)
def default_route_to_firewall(sketch: Sketch, app: App, rng: Random) -> bool:
    if sketch.v1:
        return False
    _around(sketch, {"routeTable": {"id": _TABLE}}, **{_TABLE: {"routes": [_DIVERT]}})
    return True


@fault("gateway_failed", harmless=True, weight=2)
def last_change_failed(sketch: Sketch, app: App, rng: Random) -> bool:
    sketch.state["provisioningState"] = "Failed"
    return True


@fault("gateway_owned_by_ingress", harmless=True, weight=2)
def owned_by_ingress(sketch: Sketch, app: App, rng: Random) -> bool:
    sketch.tags["managed-by-k8s-ingress"] = "1.7.2"
    return True


@fault("capacity_at_ceiling", harmless=True, weight=2)
def under_load(sketch: Sketch, app: App, rng: Random) -> bool:
    load = (71.5, 96.4, 97.0, 93.1) if sketch.v1 else (19.0, 41.3, 42.8, 38.2)
    sketch.options = replace(sketch.options, loads={sketch.name: load})
    return True


@fault("health_unknown_by_network", harmless=True, weight=2)
def health_not_fetched(sketch: Sketch, app: App, rng: Random) -> bool:
    if "bot_not_admitted" in sketch.done:
        return False
    sketch.azure_faults.append(AzureFault(Blind(), BACKEND_HEALTH))
    return True


@fault("listener_certificate_expiring", harmless=True, weight=2)
def listener_certificate_ends(sketch: Sketch, app: App, rng: Random) -> bool:
    mine = [it for it in sketch.sites if it.certificate is not None]
    if not mine:
        return False
    changed = rng.choice(mine)
    shown = for_listener(changed.host or app.hosts[0], rng.choice((_SOON, EXPIRED)))
    sketch.sites[sketch.sites.index(changed)] = replace(changed, certificate=shown)
    return True


@fault("served_certificate_expiring", harmless=True, weight=17)
def served_certificate_ends(sketch: Sketch, app: App, rng: Random) -> bool:
    if not app.issued or sketch.v1:
        return False
    ending = signed(tuple(dns_names(app.issued.certificate)), app.issued.issuer, _SOON)
    sketch.change_all(app, default=ending.path)
    app.issued = ending
    return True


@fault("stored_certificate_expiring", harmless=True, weight=17)
def stored_root_ends(sketch: Sketch, app: App, rng: Random) -> bool:
    if not app.issued or sketch.v1 or app.issued.path[-1] is not root("Contoso Root CA"):
        return False
    ending = root("Contoso Ending Root CA", _SOON)
    app.trusts = [ending]
    app.issued = signed(tuple(dns_names(app.issued.certificate)), ending)
    sketch.change_all(app, default=app.issued.path)
    return True


@fault("stored_certificate_unreadable", harmless=True, weight=3.5)
def stored_file_unreadable(sketch: Sketch, app: App, rng: Random) -> bool:
    if not app.trusts:
        return False
    sketch.more_trust.append(
        (app.name, part(f"{app.name}-broken", data="bm90IGEgY2VydGlmaWNhdGU="))
    )
    return True


@fault("stored_certificate_in_key_vault", harmless=True, weight=20)
def root_in_key_vault(sketch: Sketch, app: App, rng: Random) -> bool:
    if sketch.v1 or not app.trusts:
        return False
    secret = "https://contoso.vault.azure.net/secrets/contoso-root"
    sketch.more_trust.append((app.name, part(f"{app.name}-vault", keyVaultSecretId=secret)))
    return True


@fault("validation_switched_off", harmless=True, weight=11)
def chain_not_validated(sketch: Sketch, app: App, rng: Random) -> bool:
    if sketch.v1 or not app.secure:
        return False
    app.settings[rng.choice(("validateCertChainAndExpiry", "validateSNI"))] = False
    return True


@fault("probe_host_wildcard", harmless=True, weight=9)
def probe_asks_for_a_pattern(sketch: Sketch, app: App, rng: Random) -> bool:
    if app.secure or app.sent or not app.check:
        return False
    app.check["host"] = f"*.{app.hosts[0].partition('.')[2]}"
    sketch.change_all(app, routes=routes((ANY_HOST,)))
    return True


@fault("pool_mixes_ip_and_names", harmless=True, weight=20)
def pool_is_mixed(sketch: Sketch, app: App, rng: Random) -> bool:
    if len(app.members) < 2 or app.secure or not is_ip(app.members[0]):
        return False
    name = f"{app.name}.corp.contoso.com"
    sketch.dns[name] = [app.members[0]]
    app.members = [name, *app.members[1:]]
    return True


@fault("host_is_ip", harmless=True, weight=12)
def host_picked_from_ip(sketch: Sketch, app: App, rng: Random) -> bool:
    if app.secure or app.sent or not app.check or not all(map(is_ip, app.members)):
        return False
    app.settings["pickHostNameFromBackendAddress"] = True
    sketch.change_all(app, routes=routes((ANY_HOST,)))
    return True


@fault("default_probe_on_multi_site", harmless=True, weight=5)
def default_probe_is_answered(sketch: Sketch, app: App, rng: Random) -> bool:
    if app.secure:
        return False
    app.check = None
    sketch.change_all(app, routes=routes((ANY_HOST,)))
    return True


@fault("settings_without_probe", harmless=True, weight=192)
def default_probe_of_the_only_site(sketch: Sketch, app: App, rng: Random) -> bool:
    if app.secure or len(sketch.sites) > 1 or len(sketch.apps) > 1:
        return False
    app.check = None
    sketch.change_all(app, routes=routes((ANY_HOST,)))
    sketch.sites[:] = [site("only", "", app)]
    sketch.unnamed_hosts.append(app.hosts[0])
    return True


@fault("rule_order", harmless=True, weight=10)
def wider_rule_first(sketch: Sketch, app: App, rng: Random) -> bool:
    """Its app answers to every host, so nobody misses anything."""
    if app.secure or app.sent or sketch.v1 or not sketch.sites or not sketch.sites[0].host:
        return False
    if any(it.name in ("wider", "wide") for it in sketch.sites):
        return False
    if "redirect_corrected_on_its_way" in sketch.done:
        return False
    first = sketch.sites[0]
    if first.paths or first.redirect_to or "*" in first.host:
        return False
    sketch.change_all(app, routes=routes((ANY_HOST,)))
    domain = first.host.partition(".")[2]
    secure = first.certificate is not None
    sketch.sites.insert(0, site("wider", f"*.{domain}", app, secure=secure))
    return True


@fault("served_certificate_differs_from_environment", harmless=True, weight=6.5)
def environment_with_another_certificate(sketch: Sketch, app: App, rng: Random) -> bool:
    """An App Service Environment whose ILB certificate, says Azure, is another than the served one."""
    if not app.issued or not is_ip(app.members[0]) or sketch.options.environments:
        return False
    suffix = app.hosts[0].partition(".")[2]
    other = signed((f"*.{suffix}",), app.issued.issuer, tag="uploaded")
    environment = HostingEnvironment(
        SUBSCRIPTION,
        "rg-ase",
        "ase-random",
        "ASEV2",
        inbound=app.members[0],
        dns_suffix=suffix,
        ilb_certificates=(other,),
    )
    sketch.options = replace(sketch.options, environments=(environment,))
    return True


@fault(harmless=True, weight=1.5)
def network_has_its_own_dns(sketch: Sketch, app: App, rng: Random) -> bool:
    if sketch.dns_servers or not sketch.dns:
        return False
    own_dns(sketch)
    return True
