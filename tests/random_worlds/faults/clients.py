"""What only clients meet: the probe is answered all the same."""

from dataclasses import replace
from random import Random

from bot.lab.azure.build import PathTo
from bot.lab.azure.targets import is_ip
from bot.lab.backends import Answer, Refusing, Route
from bot.lab.pki import EXPIRED
from tests.random_worlds.certificates import issuing, signed
from tests.random_worlds.faults.answers import knows_every_host, own_page
from tests.random_worlds.faults.network import some_of
from tests.random_worlds.faults.registry import fault
from tests.random_worlds.sketch import App, Sketch, routes, site


def _probe_of_its_own(app: App) -> bool:
    """The probe asks for a host that is sure to be known, whatever the settings say; False: it has none."""
    if app.check is None:
        return False
    app.check = {**app.check, "host": app.names[0]}
    app.check.pop("pickHostNameFromBackendHttpSettings", None)
    return True


@fault("live_host_unknown|live_name_mismatch", clients_only=True, weight=1.5)
def host_name_misspelt(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _probe_of_its_own(app):
        return False
    app.settings["hostName"] = f"typo-{app.names[0]}"
    return True


@fault("live_host_unknown|live_name_mismatch", clients_only=True, weight=1.5)
def only_the_probes_host_known(sketch: Sketch, app: App, rng: Random) -> bool:
    """The server knows its own name and not the site's, and the settings pass the client's on."""
    if app.sent or app.check is None:
        return False
    own = f"{app.name}.backend.test"
    app.check = {**app.check, "host": own}
    for endpoint in sketch.served_by(app):
        spec = sketch.servers[endpoint]
        if any(it.host == "*" for it in spec.routes):
            return False
        kept = [it for it in spec.routes if it.host not in app.hosts]
        sketch.change(endpoint, routes=routes((own,), *kept))
        if spec.speaks_tls and app.issued and not sketch.v1:
            chain = signed((own, *app.members), app.issued.issuer).path
            sketch.change(endpoint, certificates={own: chain})
    return True


@fault("live_name_mismatch", clients_only=True, weight=56)
def certificate_without_the_site(sketch: Sketch, app: App, rng: Random) -> bool:
    """The server knows the site, but has only a certificate for a name of its own, which the probe asks for."""
    if sketch.v1 or not app.issued or app.sent or not app.check or not all(map(is_ip, app.members)):
        return False
    own = f"{app.name}.backend.test"
    app.check = {**app.check, "host": own}
    chain = signed((own,), app.issued.issuer).path
    for endpoint in sketch.served_by(app):
        spec = sketch.servers[endpoint]
        sketch.change(endpoint, routes=(*spec.routes, *routes((own,))), default=chain)
    return True


@fault("live_host_unknown", clients_only=True, weight=5)
def one_host_forgotten(sketch: Sketch, app: App, rng: Random) -> bool:
    """One of two sites on a server was never set up there."""
    if app.sent or len(app.hosts) < 2 or app.check is None:
        return False
    gone = app.hosts[1]
    for endpoint in sketch.served_by(app):
        spec = sketch.servers[endpoint]
        sketch.change(endpoint, routes=tuple(it for it in spec.routes if it.host != gone))
    return True


@fault(
    "live_name_mismatch|certificate_name_mismatch|certificate_not_in_date|intermediate_missing|root_not_trusted",
    clients_only=True,
    weight=35,
)
def one_host_with_a_bad_certificate(sketch: Sketch, app: App, rng: Random) -> bool:
    """The SNI of the second site gets a certificate that the probe never sees."""
    if sketch.v1 or not app.issued or app.sent or len(app.hosts) < 2 or not app.check:
        return False
    other = app.hosts[1]
    issuer = app.issued.issuer
    chain = rng.choice(
        (
            signed((other,), issuer, EXPIRED).path,
            signed((other,), issuing("Elsewhere - Issuing", "Elsewhere Root")).path,
            signed((other,), issuer).path[:1],
            signed((f"wrong.{other}",), issuer).path,
        )
    )
    for endpoint in sketch.served_by(app):
        spec = sketch.servers[endpoint]
        sketch.change(endpoint, certificates={**spec.certificates, other: chain})
    return True


@fault("live_name_mismatch|sni_refused", clients_only=True, weight=32)
def one_hosts_sni_refused(sketch: Sketch, app: App, rng: Random) -> bool:
    """Perhaps hidden by a validation that is switched off."""
    if sketch.v1 or not app.issued or app.sent or len(app.hosts) < 2 or not app.check:
        return False
    chain = app.issued.path
    known = {app.hosts[0]: chain, **dict.fromkeys(app.members, chain)}
    sketch.change_all(app, certificates=known, refuses_unknown_sni=True)
    if rng.random() < 0.5:
        app.settings["validateSNI"] = False
    return True


@fault("path_override_unknown", clients_only=True, weight=6)
def path_override_leads_nowhere(sketch: Sketch, app: App, rng: Random) -> bool:
    app.settings["path"] = "/v0/"
    for endpoint in sketch.served_by(app):
        spec = sketch.servers[endpoint]
        sketch.change(endpoint, routes=(Route("*", "/v0/", Answer(404)), *spec.routes))
    return True


@fault("client_port_differs|port_refused|not_tls_on_https_port", clients_only=True, weight=20)
def clients_go_to_another_port(sketch: Sketch, app: App, rng: Random) -> bool:
    """v2: the probe has a port of its own, and that of the settings refuses, or speaks something else."""
    # Where another pool's servers would have to be at that port, they are nowhere, which the bot cannot try here.
    if sketch.v1 or app.check is None or "port" in app.check or "pools_mixed_up" in sketch.done:
        return False
    if "path_map_asked_again" in sketch.done:
        # The start page is elsewhere, and the lab asks for no other: the bot does, and is right about it.
        return False
    app.check = {**app.check, "port": app.port}
    wrong = 9000
    there = rng.choice(("nobody", "plain HTTP", "another site", "another site"))
    for address, port in sketch.served_by(app):
        if port == app.port:
            spec = replace(sketch.servers[address, port], port=wrong)
            if there == "nobody":
                spec = replace(spec, behaviour=Refusing())
            else:
                spec = replace(spec, otherwise=Answer(404), routes=())
            if there == "plain HTTP":
                spec = replace(spec, default=None, certificates={})
            sketch.servers[address, wrong] = spec
    app.port = wrong
    return True


@fault("request_timed_out", clients_only=True, weight=12)
def pages_are_slow(sketch: Sketch, app: App, rng: Random) -> bool:
    page = own_page(app)
    if page is None:
        return False
    app.settings["requestTimeout"] = rng.choice((1, 5, 20))
    found = some_of(sketch, app, rng)
    for endpoint in found:
        slow = tuple(
            Route(it.host, it.path, Answer(seconds=35)) for it in sketch.servers[endpoint].routes
        )
        sketch.change(endpoint, routes=(Route("*", page), *slow))
    return bool(found)


@fault("client_request_failing", clients_only=True, weight=8)
def pages_fail(sketch: Sketch, app: App, rng: Random) -> bool:
    """The health page says that all is well."""
    page = own_page(app)
    if page is None:
        return False
    found = some_of(sketch, app, rng)
    for endpoint in found:
        bad = Answer(rng.choice((500, 503)))
        sketch.change(endpoint, routes=(Route("*", page),), otherwise=bad)
    return bool(found)


@fault("rule_order", "site_hidden", clients_only=True, weight=11)
def site_behind_a_wider_one(sketch: Sketch, app: App, rng: Random) -> bool:
    """A basic or wildcard listener comes first, and leads to an app that does not know the site."""
    others = [it for it in sketch.apps if it is not app]
    mine = [it for it in sketch.sites if it.pool == app.name and it.host and "*" not in it.host]
    if not others or not mine:
        return False
    other = rng.choice(others)
    first = rng.choice(mine)
    domain = first.host.partition(".")[2]
    host = "" if sketch.v1 or rng.random() < 0.5 else f"*.{domain}"
    if any(it.name == "wider" or (not it.host) for it in sketch.sites):
        return False
    if other.sent and not host:
        # Served by name, whoever asks: then the wrong site answers, and well.
        return False
    if "redirect_corrected_on_its_way" in sketch.done and knows_every_host(sketch, other):
        # Again, and with a page where the site's own servers redirect: the bot sees that, the lab only a page.
        return False
    shown = "" if host else first.host
    secure = first.certificate is not None
    sketch.sites.insert(0, site("wider", host, other, secure=secure, shown=shown))
    return True


@fault("redirect_leaves_gateway", clients_only=True, weight=16)
def application_redirects_past_the_gateway(sketch: Sketch, app: App, rng: Random) -> bool:
    """It wants HTTPS at its own address, which clients cannot or should not reach."""
    page = own_page(app)
    if app.secure or page is None:
        return False
    own = [it for it in (app.sent, *app.members) if it]
    asked = [it.host for it in sketch.sites if it.pool == app.name and it.certificate and it.host]
    loops = [it for it in asked if len(asked) == len(app.hosts) == 1 and "*" not in it]
    where = rng.choice((*(f"https://{it}/" for it in (*own, *loops)), "https://10.99.0.1/"))
    moved = Answer(301, b"", (("Location", where),))
    for endpoint in sketch.served_by(app):
        sketch.change(endpoint, routes=(Route("*", page), Route("*", "/", moved)))
    return True


@fault("redirect_leaves_gateway", clients_only=True, weight=20)
def application_redirects_to_plain_http(sketch: Sketch, app: App, rng: Random) -> bool:
    """It does not know of the TLS before the gateway, whose own redirect sends clients back to it."""
    page = own_page(app)
    back = {it.redirect_to: it.host for it in sketch.sites if it.redirect_to and not it.certificate}
    mine = [it for it in sketch.sites if it.pool == app.name]
    if app.secure or page is None or len(mine) != 1 or back.get(mine[0].name) != mine[0].host:
        return False
    if not mine[0].host or "*" in mine[0].host:
        return False
    moved = Answer(302, b"", (("Location", f"http://{mine[0].host}/"),))
    for endpoint in sketch.served_by(app):
        sketch.change(endpoint, routes=(Route("*", page), Route("*", "/", moved)))
    return True


@fault("live_host_unknown", clients_only=True, weight=13)
def path_without_page(sketch: Sketch, app: App, rng: Random) -> bool:
    """A path rule leads to an app that has nothing there."""
    others = [it for it in sketch.apps if it is not app and not it.sent and not it.secure]
    mine = [
        it for it in sketch.sites if it.pool == app.name and not it.paths and not it.redirect_to
    ]
    if not others or not mine:
        return False
    other, changed = rng.choice(others), rng.choice(mine)
    if any(it.host == "*" for e in sketch.served_by(other) for it in sketch.servers[e].routes):
        return False
    paths = (PathTo("/reports/*", other.name, f"{other.name}-settings"),)
    sketch.sites[sketch.sites.index(changed)] = replace(changed, paths=paths)
    return True
