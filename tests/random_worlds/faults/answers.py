"""Servers that answer, but not what the probe or the client wants to hear."""

from random import Random

from bot.lab.azure.targets import is_ip
from bot.lab.backends import ANY_HOST, Answer, Route, Slow
from tests.random_worlds.faults.network import some_of
from tests.random_worlds.faults.registry import fault
from tests.random_worlds.sketch import App, Sketch


def everywhere(sketch: Sketch, app: App, rng: Random, answer: Answer) -> bool:
    """The same answer to every request."""
    found = some_of(sketch, app, rng)
    for endpoint in found:
        sketch.change(endpoint, routes=(), otherwise=answer)
    return bool(found)


def knows_every_host(sketch: Sketch, app: App) -> bool:
    """Whether its servers have pages for whatever host they are asked for."""
    every = (it for endpoint in sketch.served_by(app) for it in sketch.servers[endpoint].routes)
    return any(it.host == ANY_HOST for it in every)


def own_page(app: App) -> str | None:
    """The page of the probe, if it has one that clients do not ask for."""
    path = (app.check or {}).get("path", "/")
    return None if path == "/" else str(path)


def on_probe_page(sketch: Sketch, app: App, rng: Random, answer: Answer) -> bool:
    """Another answer at the page that only the probe asks for."""
    page = own_page(app)
    if page is None:
        return False
    found = some_of(sketch, app, rng)
    for endpoint in found:
        spec = sketch.servers[endpoint]
        sketch.change(endpoint, routes=(Route("*", page, answer), *spec.routes))
    return bool(found)


@fault("backend_failing")
def application_fails(sketch: Sketch, app: App, rng: Random) -> bool:
    return everywhere(sketch, app, rng, Answer(rng.choice((500, 502, 503)), b"Sorry.\n"))


@fault("probe_needs_sign_in", weight=4)
def access_denied(sketch: Sketch, app: App, rng: Random) -> bool:
    return everywhere(sketch, app, rng, Answer(rng.choice((401, 403)), b"Who are you?\n"))


@fault("probe_host_or_path_unknown|default_probe_host")
def site_removed(sketch: Sketch, app: App, rng: Random) -> bool:
    return everywhere(sketch, app, rng, Answer(404, b"No such site.\n"))


@fault("backend_failing", weight=5)
def health_page_fails(sketch: Sketch, app: App, rng: Random) -> bool:
    return on_probe_page(sketch, app, rng, Answer(rng.choice((500, 503))))


@fault("probe_needs_sign_in", weight=1.5)
def health_page_behind_login(sketch: Sketch, app: App, rng: Random) -> bool:
    return on_probe_page(sketch, app, rng, Answer(401))


@fault("probe_host_or_path_unknown", weight=4)
def health_page_removed(sketch: Sketch, app: App, rng: Random) -> bool:
    return on_probe_page(sketch, app, rng, Answer(404))


@fault("probe_status_unexpected", weight=2)
def health_page_says_teapot(sketch: Sketch, app: App, rng: Random) -> bool:
    return on_probe_page(sketch, app, rng, Answer(rng.choice((418, 429))))


@fault("probe_status_unexpected", weight=4.5)
def probe_wants_another_status(sketch: Sketch, app: App, rng: Random) -> bool:
    if not app.check:
        return False
    app.check["statuses"] = [rng.choice(("204", "201", "300-399"))]
    return True


@fault("probe_redirected|redirect_leaves_gateway", weight=17)
def health_page_redirects(sketch: Sketch, app: App, rng: Random) -> bool:
    if not app.check:
        return False
    app.check["statuses"] = ["200"]
    login = rng.choice(("/login", f"https://{app.asked}/login"))
    if is_ip(app.asked):
        # A probe without a name of its own: to clients, who have one, no application says an address.
        login = "/login"
    return on_probe_page(sketch, app, rng, Answer(302, b"", (("Location", login),)))


@fault("probe_body_unexpected", weight=6)
def probe_wants_another_word(sketch: Sketch, app: App, rng: Random) -> bool:
    if not app.check:
        return False
    app.check["body"] = "all systems go"
    return True


@fault("probe_timed_out", weight=1.5)
def health_page_is_slow(sketch: Sketch, app: App, rng: Random) -> bool:
    if not app.check:
        return False
    app.check["timeout"] = 1
    return on_probe_page(sketch, app, rng, Answer(seconds=12))


@fault("probe_timed_out", weight=2.5)
def application_hangs(sketch: Sketch, app: App, rng: Random) -> bool:
    if app.check is not None:
        app.check["timeout"] = rng.choice((1, 5))
    found = some_of(sketch, app, rng)
    for endpoint in found:
        sketch.change(endpoint, behaviour=Slow(400))
    return bool(found)


@fault("probe_host_or_path_unknown|certificate_name_mismatch", weight=2)
def probe_asks_for_old_host(sketch: Sketch, app: App, rng: Random) -> bool:
    if not app.check or app.sent:
        return False
    app.check["host"] = f"old-{app.hosts[0]}"
    return True


@fault("probe_host_or_path_unknown")
def probe_asks_for_old_path(sketch: Sketch, app: App, rng: Random) -> bool:
    if not app.check:
        return False
    app.check["path"] = "/old/health"
    for endpoint in sketch.served_by(app):
        spec = sketch.servers[endpoint]
        sketch.change(endpoint, routes=(Route("*", "/old/", Answer(404)), *spec.routes))
    return True


@fault("default_probe_host", weight=5.5)
def probe_not_assigned(sketch: Sketch, app: App, rng: Random) -> bool:
    """The default probe then asks for 127.0.0.1, which servers of named sites do not know."""
    if app.check is None or any(
        it.host == "*" for e in sketch.served_by(app) for it in sketch.servers[e].routes
    ):
        return False
    app.check = None
    return True
