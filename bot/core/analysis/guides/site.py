"""What clients get of a site: its path, its redirects, its place among the others."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides.common import GATEWAY, change_settings, server
from bot.core.analysis.hidden_site import differing_answer
from bot.core.analysis.redirects import redirected_astray
from bot.core.case.guide import Step, of_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def _served(view: BackendView) -> Step:
    text = "It is done when this prints the status of the site's page:"
    return Step(server(view), text, commands.curl(view.attempt), checks=True)


def _override(view: BackendView) -> Iterator[Step]:
    text = f"Say where the pages are now; under {mark(view.request.path)} there is none:"
    yield Step(server(view), text, commands.curl(view.attempt))
    yield Step(
        GATEWAY,
        "Correct the path override of the HTTP settings, or clear it (an empty text):",
        change_settings(view, "--path", "/PATH/"),
    )
    yield _served(view)


def _https(view: BackendView) -> Iterator[Step]:
    astray = redirected_astray(view)
    protocol, port = (astray.protocol, astray.port) if astray else ("https", 443)
    yield Step(server(view), "See where it sends clients:", commands.curl(view.attempt))
    if astray is not None and astray.kind == "unserved":
        yield Step(
            GATEWAY,
            f"If clients should come over {protocol.upper()} on port {port}, give the gateway a listener and a rule for"
            " their host there; it has these:",
            commands.show_gateway(view.gateway, "httpListeners"),
        )
    if protocol == "https":
        yield Step(
            GATEWAY,
            "Let the HTTP settings speak HTTPS to the port that the redirect names, and the health probe too:",
            change_settings(view, "--protocol", "Https", "--port", str(port)),
        )
    other = protocol == "https" or (astray is not None and astray.kind == "unserved")
    yield Step(
        server(view),
        f"{'Or let' if other else 'Let'} the application take `X-Forwarded-Proto: https` for a safe request and use the"
        " host that clients ask for (`X-Original-Host`).",
    )
    yield _served(view)


def _first(view: BackendView) -> Iterator[Step]:
    own = differing_answer(view)
    name = own.rule.name if own else "RULE"
    yield Step(
        GATEWAY,
        "See in which order the rules are tried:",
        commands.show_gateway(view.gateway, "requestRoutingRules"),
    )
    text = f"Give {mark(name)} a smaller priority number than the broader rule's (v1: make the broader rule anew):"
    new = ("--priority", "NUMBER")
    yield Step(GATEWAY, text, commands.change(view.gateway, "rule", "update", name, new))
    text = "It is done when the site's own rule has the smaller number here:"
    shown = commands.show_gateway(view.gateway, "requestRoutingRules")
    yield Step(GATEWAY, text, shown, checks=True)


def _http_1(view: BackendView) -> Iterator[Step]:
    yield Step(
        server(view),
        "Let the server speak HTTP/1.1 as well, on this port or on another one.",
    )
    yield Step(
        GATEWAY,
        "If it is another port, name it in the HTTP settings:",
        change_settings(view, "--port", "PORT"),
    )
    yield _served(view)


def _port(view: BackendView) -> Iterator[Step]:
    port = str(view.probe_request.port)
    yield Step(server(view), f"Say whether clients should be served on port {port}.")
    new = change_settings(view, "--port", port)
    yield Step(GATEWAY, "If so, set the port of the HTTP settings:", new)
    yield _served(view)


CORRECT_PORT = of_backend("Send clients to the port that has the site", _port)
CORRECT_OVERRIDE = of_backend("Correct the path override of the HTTP settings", _override)
SPEAK_HTTPS = of_backend("Speak HTTPS to the application", _https)
COME_FIRST = of_backend("Let the site's own rule come first", _first)
SPEAK_HTTP_1 = of_backend("Let the server speak HTTP/1.1", _http_1)
