"""Gateways with nothing wrong, of many shapes: what the faults begin from."""

from random import Random

from bot.lab.azure.build import Site
from bot.lab.backends import ANY_HOST, BackendSpec
from tests.random_worlds.certificates import private, public, root
from tests.random_worlds.sketch import App, Sketch, routes, site

_WORDS = ("shop", "news", "api", "login", "docs", "maps", "mail", "blog", "jobs", "play")
_DOMAINS = ("contoso.com", "fabrikam.org", "adatum.net")
_PATHS = ("/api/*", "/images/*", "/static*", "/cart/*")
_SERVER_NAMES = ("web", "srv", "vm", "node")


def healthy(seed: int, rng: Random, at_least: int = 1) -> Sketch:
    """A gateway with one to four apps and their sites, all of whose probes and clients are answered."""
    sketch = Sketch(seed, rng, v1=rng.random() < 0.35)
    domain = rng.choice(_DOMAINS)
    words = rng.sample(_WORDS, len(_WORDS))
    # Some gateways stand before machines that are all alike.
    alike = rng.choice((None, None, None, None, None, (False, 80)))
    for number in range(max(at_least, rng.choice((1, 1, 1, 2, 2, 3, 4)))):
        hosts = [f"{words.pop()}.{domain}" for _ in range(rng.choice((1, 1, 1, 2)))]
        app = App(f"app{number}", hosts, [], *(alike or _endpoint(rng)))
        sketch.apps.append(app)
        _configure(sketch, app)
        _members(sketch, app, number, domain)
    _sites(sketch, words, domain)
    return sketch


def _endpoint(rng: Random) -> tuple[bool, int]:
    """With TLS or without, and the port."""
    secure = rng.random() < 0.75
    return secure, rng.choice((443, 443, 443, 8443) if secure else (80, 80, 8080))


def _configure(sketch: Sketch, app: App) -> None:
    """HTTP settings and a probe."""
    rng = sketch.rng
    app.check = {"host": app.hosts[0], "path": rng.choice(("/", "/health", "/health", "/status"))}
    if rng.random() < 0.25:
        app.sent = f"{app.name}.internal.{app.hosts[0].partition('.')[2]}"
        app.settings["hostName"] = app.sent
        app.check["host"] = None
        app.check["pickHostNameFromBackendHttpSettings"] = True
    if rng.random() < 0.2:
        app.settings["requestTimeout"] = rng.choice((5, 30, 60))


def _members(sketch: Sketch, app: App, number: int, domain: str) -> None:
    rng = sketch.rng
    count = rng.choice((1, 1, 1, 2, 2, 3))
    addresses = [f"10.{number + 1}.0.{4 + each}" for each in range(count)]
    if rng.random() < 0.4:
        word = rng.choice(_SERVER_NAMES)
        app.members = [f"{word}{number}{each}.corp.{domain}" for each in range(count)]
        sketch.dns |= {
            name: [address] for name, address in zip(app.members, addresses, strict=True)
        }
    else:
        app.members = addresses
    # v1 asks for a named member by its own name, whatever the host.
    names = [*app.names, *(app.members if app.members[0] not in addresses else ())]
    knows = routes(app.names)
    for address in addresses:
        spec = BackendSpec(address, app.port, routes=knows)
        if app.secure:
            spec = _with_tls(sketch, app, spec, names)
        sketch.servers[address, app.port] = spec
    if rng.random() < 0.12:
        app.check = None
        sketch.change_all(app, routes=routes((ANY_HOST,)))


def _with_tls(sketch: Sketch, app: App, spec: BackendSpec, names: list[str]) -> BackendSpec:
    rng = sketch.rng
    if app.issued is None:
        app.issued = (public if rng.random() < 0.4 else private)(names)
        is_private = app.issued.path[-1] is root("Contoso Root CA")
        if sketch.v1:
            app.trusts = [app.issued]
        elif is_private:
            app.trusts = [root("Contoso Root CA")]
    path = app.issued.path
    chain = path if rng.random() < 0.5 else path[:-1]
    return BackendSpec(spec.address, spec.port, default=chain, routes=spec.routes)


def _sites(sketch: Sketch, words: list[str], domain: str) -> None:
    """A listener for each host; some with paths of their own, some with a redirect from HTTP."""
    rng = sketch.rng
    for app in sketch.apps:
        for host in app.hosts:
            others = [it for it in sketch.apps if it is not app and not it.sent]
            paths = _paths(sketch, host, others)
            secure = rng.random() < 0.8
            name = host.partition(".")[0]
            made = site(name, host, app, secure=secure, paths=paths)
            sketch.sites.append(made)
            if secure and rng.random() < 0.3:
                sketch.sites.append(Site(f"{name}-http", host, redirect_to=name))
    if not sketch.v1 and rng.random() < 0.2:
        _widen(sketch, words, domain)
    elif len(sketch.sites) == 1 and rng.random() < 0.3:
        _make_basic(sketch)


def _paths(sketch: Sketch, host: str, others: list[App]) -> list[tuple[str, App]]:
    """Path rules that lead to another app, which then has to know the host."""
    if not others or sketch.rng.random() < 0.6:
        return []
    other = sketch.rng.choice(others)
    if other.secure and not sketch.v1:
        return []
    for endpoint in sketch.served_by(other):
        spec = sketch.servers[endpoint]
        sketch.change(endpoint, routes=(*spec.routes, *routes((host,))))
    return [(sketch.rng.choice(_PATHS if not sketch.v1 else ("/api/*", "/images/*")), other)]


def _widen(sketch: Sketch, words: list[str], domain: str) -> None:
    """A wildcard listener after all others, whose app answers to whatever host."""
    app = sketch.rng.choice(sketch.apps)
    if app.secure and not app.sent:
        return
    sketch.change_all(app, routes=routes((ANY_HOST,)))
    sketch.unnamed_hosts.append(f"{words.pop()}.{domain}")
    sketch.sites.append(site("wide", f"*.{domain}", app))


def _make_basic(sketch: Sketch) -> None:
    """The only site takes every host, and its app gets a host name from the settings."""
    (app,) = sketch.apps
    if not app.sent:
        return
    (only,) = sketch.sites
    sketch.sites[:] = [site(only.name, "", app, secure=only.certificate is not None)]
    sketch.unnamed_hosts.append(app.hosts[0])
