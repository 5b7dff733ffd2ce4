"""The server, or what runs on it, is at fault."""

from collections.abc import Iterator

from bot.core.analysis import commands, server_commands
from bot.core.analysis.client_requests import client_requests
from bot.core.analysis.guides.common import (
    GATEWAY,
    answers,
    change_settings,
    server,
    settings_kind,
    whereabouts,
)
from bot.core.analysis.proxy_header import taken_with_header
from bot.core.case.guide import Step, of_backend
from bot.core.case.view import BackendView


def _start(view: BackendView) -> Iterator[Step]:
    port = view.request.port
    yield from whereabouts(view)
    yield Step(
        server(view),
        f"See what listens on port {port} there, and start the service if nothing does (in PowerShell:"
        f" Get-NetTCPConnection -State Listen -LocalPort {port}):",
        server_commands.listening(port),
    )
    yield Step(
        server(view),
        "If it listens only on 127.0.0.1, let it listen on the address that the pool has; if it listens well, a"
        " firewall on the server rejects the connection.",
    )
    yield Step(
        GATEWAY,
        f"If the service is meant to be on another port, correct the port of the {settings_kind(view)}:",
        change_settings(view, "--port", "PORT"),
    )
    yield answers(view)


def _fix(view: BackendView) -> Iterator[Step]:
    yield from whereabouts(view)
    yield Step(
        server(view),
        "Make the gateway's own request, and read the application's log for that moment:",
        commands.curl(view.attempt),
    )
    yield Step(
        server(view),
        "Fix what the log names: the application itself, or what it depends on (a database, a secret, another"
        " service); then restart it.",
    )
    yield answers(view)


def _speed_up(view: BackendView) -> Iterator[Step]:
    sent = view.request
    yield Step(
        server(view),
        f"See how long the page takes; the gateway waits {sent.timeout} s for it:",
        f"time {commands.curl(view.attempt)}",
    )
    yield Step(
        server(view), "Read in the application's log what the page waits for, and mend that."
    )
    yield Step(
        GATEWAY,
        "Until then, let the probe ask for a page that needs nothing else; if there is no custom probe, make one:",
        commands.show_probe(view.gateway, view.backend),
    )
    yield answers(view)


def _speed_up_site(view: BackendView) -> Iterator[Step]:
    slow = next((it.attempt for it in client_requests(view)), view.attempt)
    seconds = view.settings.request_timeout
    text = f"See how long the page takes; the gateway waits {seconds} s for its answer:"
    yield Step(server(view), text, f"time {commands.curl(slow)}")
    yield Step(
        server(view), "Read in the application's log what the page waits for, and mend that."
    )
    yield Step(
        GATEWAY,
        "If the page needs that long, raise the request time-out of the HTTP settings to more than it takes:",
        change_settings(view, "--timeout", "SECONDS"),
    )
    text = f"It is done when this ends within {seconds} s, or the raised time-out:"
    yield Step(server(view), text, f"time {commands.curl(slow)}", checks=True)


def _without_header(view: BackendView) -> Iterator[Step]:
    yield from whereabouts(view)
    taken = taken_with_header(view)
    # curl would speak HTTP after the header, which is not what this server waits for on the TCP/TLS proxy's port.
    if taken is not None and not view.settings.layer4:
        text = (
            "See that it is the PROXY protocol header that is missing: with it, this is answered:"
        )
        yield Step(server(view), text, commands.curl(taken))
    told = "" if view.settings.layer4 else " The client's address is in X-Forwarded-For."
    yield Step(
        server(view),
        "Switch the header off on the port that the gateway uses (nginx: `listen` without `proxy_protocol`, HAProxy:"
        f" `bind` without `accept-proxy`), or open another port without it.{told}",
    )
    if view.settings.layer4:
        yield Step(
            GATEWAY,
            "Or let the gateway send it: switch on client IP preservation in the backend settings, and the header in"
            " the health probe. These are the settings:",
            commands.show_settings(view.gateway, view.backend),
        )
    else:
        yield Step(
            GATEWAY,
            "If it is another port, name it in the HTTP settings:",
            change_settings(view, "--port", "PORT"),
        )
    yield answers(view)


START_SERVICE = of_backend("Start the service on the backend", _start)
FIX_APPLICATION = of_backend("Fix the application on the backend", _fix)
SPEED_UP = of_backend("Make the probed page answer in time", _speed_up)
SPEED_UP_SITE = of_backend("Make the site answer in time", _speed_up_site)
TAKE_WITHOUT_HEADER = of_backend("Let the server do without the PROXY header", _without_header)
