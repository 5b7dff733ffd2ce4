"""Ways to a pool beside rules and path maps: load distribution, advanced routing, the TCP/TLS proxy, Key Vault."""

from dataclasses import replace
from random import Random

from bot.lab.azure.build import Site, load_distribution, part, pool
from bot.lab.backends import BackendSpec, HeaderFirst, Http2Only, Refusing
from bot.lab.pki import Issued
from bot.lab.values import Json
from tests.random_worlds.certificates import private, public, root
from tests.random_worlds.faults.network import elsewhere, some_of
from tests.random_worlds.faults.registry import fault
from tests.random_worlds.sketch import App, Proxy, Sketch

_DATABASE = "db.contoso.net"
_DATABASE_PORT = 5432
_SECRET = "https://contoso.vault.azure.net/secrets/shop"


def _plain_site(sketch: Sketch, app: App) -> Site | None:
    """A site whose rule leads to this app, and nowhere else."""
    mine = (it for it in sketch.sites if it.pool == app.name)
    return next((it for it in mine if not it.paths and not it.redirect_to), None)


def _copied(sketch: Sketch, app: App) -> str | None:
    """A second pool of the same servers, each at another address; its name."""
    name = f"{app.name}-copy"
    if sketch.v1 or any(it["name"] == name for it in sketch.more_pools):
        return None
    found = [it for it in sketch.served_by(app) if it[1] == app.port]
    copies = {elsewhere(address, 9): sketch.servers[address, port] for address, port in found}
    for address, spec in copies.items():
        sketch.servers[address, spec.port] = replace(spec, address=address)
    sketch.more_pools.append(pool(name, ips=copies))
    return name if copies else None


def _stop(sketch: Sketch, name: str) -> None:
    """Nothing listens any more on the servers of a copied pool."""
    (found,) = (it for it in sketch.more_pools if it["name"] == name)
    there = {it["ipAddress"] for it in found["properties"]["backendAddresses"]}
    for endpoint in [it for it in sketch.servers if it[0] in there]:
        sketch.change(endpoint, behaviour=Refusing())


def _spread(sketch: Sketch, app: App) -> str | None:
    """Let a load distribution policy choose between the app's pool and a copy of it; the copy's name."""
    site = _plain_site(sketch, app)
    name = _copied(sketch, app) if site else None
    if site is None or name is None:
        return None
    policy = load_distribution(f"{app.name}-canary", "RoundRobin", **{app.name: 9, name: 1})
    sketch.policies.append(policy)
    spread = replace(site, pool="", policy=policy["name"])
    sketch.sites[sketch.sites.index(site)] = spread
    return name


@fault(harmless=True, weight=3)
def requests_spread_over_pools(sketch: Sketch, app: App, rng: Random) -> bool:
    return _spread(sketch, app) is not None


@fault("port_refused", weight=2.5)
def one_pool_of_a_policy_is_down(sketch: Sketch, app: App, rng: Random) -> bool:
    name = _spread(sketch, app)
    if name is not None:
        _stop(sketch, name)
    return name is not None


def _route_by_header(sketch: Sketch, app: App) -> str | None:
    """Requests with a header go to a copy of the app's pool, all others to the app; the copy's name."""
    site = _plain_site(sketch, app)
    name = _copied(sketch, app) if site else None
    if site is None or name is None:
        return None
    sketch.edits.append(lambda document: _make_advanced(document, site, name))
    return name


def _make_advanced(document: Json, site: Site, beta: str) -> None:
    """The rule of a site as one of kind AdvancedRouting, unless it leads nowhere any more, or by paths, or is gone."""
    properties, here = document["properties"], document["id"]

    def to(collection: str, name: str) -> Json:
        return {"id": f"{here}/{collection}/{name}"}

    ends = ("backendAddressPool", "backendHttpSettings")
    rules = properties["requestRoutingRules"]
    rule = next((it for it in rules if it["name"] == f"{site.name}-rule"), None)
    if rule is None or not rule["properties"].keys() >= set(ends):
        return
    pool_, settings = (rule["properties"].pop(it) for it in ends)
    condition = {"conditionType": "Header", "propertyName": "X-Beta", "propertyValues": ["1"]}
    taken = part(
        "beta",
        priority=10,
        advancedRoutingConditionSet=to("advancedRoutingConditionSets", f"{site.name}-beta"),
        backendAddressPool=to("backendAddressPools", beta),
        backendHttpSettings=settings,
    )
    ways = part(
        f"{site.name}-ways",
        defaultBackendAddressPool=pool_,
        defaultBackendHttpSettings=settings,
        advancedRoutingRules=[taken],
    )
    rule["properties"] |= {
        "ruleType": "AdvancedRouting",
        "advancedRoutingMap": to("advancedRoutingMaps", ways["name"]),
    }
    set_ = part(f"{site.name}-beta", routingConditions=[condition])
    for collection, node in (("advancedRoutingConditionSets", set_), ("advancedRoutingMaps", ways)):
        node["id"] = f"{here}/{collection}/{node['name']}"
        properties.setdefault(collection, []).append(node)
    taken["id"] = f"{ways['id']}/advancedRoutingRules/beta"


@fault(harmless=True, weight=4)
def requests_routed_by_header(sketch: Sketch, app: App, rng: Random) -> bool:
    return _route_by_header(sketch, app) is not None


@fault("port_refused", weight=3)
def pool_for_a_header_is_down(sketch: Sketch, app: App, rng: Random) -> bool:
    name = _route_by_header(sketch, app)
    if name is not None:
        _stop(sketch, name)
    return name is not None


def _database(sketch: Sketch, protocol: str, issued: Issued | None = None) -> Proxy | None:
    """A server of its own behind the TCP/TLS proxy."""
    if sketch.v1 or sketch.proxies:
        return None
    address = "10.77.0.4"
    proxy = Proxy("db", [address], protocol, _DATABASE_PORT)
    if protocol == "Tls":
        proxy.settings["hostName"] = _DATABASE
    chain = (issued or public([_DATABASE])).path
    sketch.servers[address, _DATABASE_PORT] = BackendSpec(address, _DATABASE_PORT, default=chain)
    sketch.proxies.append(proxy)
    return proxy


@fault(harmless=True, weight=2.5)
def database_behind_the_proxy(sketch: Sketch, app: App, rng: Random) -> bool:
    if rng.random() < 0.5:
        return _database(sketch, "Tcp") is not None
    found = _database(sketch, "Tls", private([_DATABASE]))
    if found is not None:
        found.trusts = [root("Contoso Root CA")]
    return found is not None


@fault("port_refused", weight=2)
def database_is_down(sketch: Sketch, app: App, rng: Random) -> bool:
    found = _database(sketch, rng.choice(("Tcp", "Tls")))
    if found is None:
        return False
    sketch.change((found.members[0], found.port), behaviour=Refusing())
    return True


@fault("port_silent", weight=6.5)
def database_cannot_be_reached(sketch: Sketch, app: App, rng: Random) -> bool:
    found = _database(sketch, "Tcp")
    if found is None:
        return False
    del sketch.servers[found.members[0], found.port]
    return True


@fault("root_not_trusted", weight=6)
def root_of_the_database_not_uploaded(sketch: Sketch, app: App, rng: Random) -> bool:
    """The probe shakes hands as clients do, or only connects, and so does not see it."""
    found = _database(sketch, "Tls", private([_DATABASE]))
    if found is None:
        return False
    found.asks = rng.choice(("", "Tcp"))
    return True


@fault("certificate_name_mismatch", weight=6)
def database_has_another_name(sketch: Sketch, app: App, rng: Random) -> bool:
    return _database(sketch, "Tls", public([f"wrong.{_DATABASE}"])) is not None


@fault("backend_not_followed", weight=11.5)
def database_that_wants_a_header(sketch: Sketch, app: App, rng: Random) -> bool:
    """The proxy says first who the client is, which the bot does not; the server is down."""
    found = _database(sketch, "Tcp")
    if found is None:
        return False
    found.settings["enableL4ClientIpPreservation"] = True
    sketch.change((found.members[0], found.port), behaviour=Refusing())
    return True


@fault("listener_certificate_without_identity", clients_only=True, weight=8)
def no_identity_for_key_vault(sketch: Sketch, app: App, rng: Random) -> bool:
    """The listeners' certificates are in Key Vault, and the gateway may not fetch them any more."""
    if sketch.v1 or not any(it.certificate for it in sketch.sites):
        return False
    sketch.state["provisioningState"] = "Failed"
    sketch.edits.append(_keep_in_key_vault)
    return True


def _keep_in_key_vault(document: Json) -> None:
    for it in document["properties"]["sslCertificates"]:
        it["properties"] = {"keyVaultSecretId": _SECRET, "provisioningState": "Failed"}


@fault("http2_only", weight=4)
def http2_without_http1(sketch: Sketch, app: App, rng: Random) -> bool:
    found = some_of(sketch, app, rng)
    for endpoint in found:
        sketch.change(endpoint, behaviour=Http2Only())
    return bool(found)


@fault("proxy_header_demanded", weight=6)
def proxy_header_first(sketch: Sketch, app: App, rng: Random) -> bool:
    """The servers were behind a load balancer that sends the header of the PROXY protocol."""
    found = some_of(sketch, app, rng)
    for endpoint in found:
        sketch.change(endpoint, behaviour=HeaderFirst())
    return bool(found)
