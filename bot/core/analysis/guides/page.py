"""The application answers, but not to what it is asked: another host, path, status or text is expected."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.client_requests import client_requests
from bot.core.analysis.guides.common import GATEWAY, answers, change_settings, server, whereabouts
from bot.core.analysis.probe_answer import SIGN_IN
from bot.core.case.guide import Step, of_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark, mark_all


def _show(view: BackendView) -> Step:
    text = "See what the health probe asks for, and what counts as healthy:"
    return Step(GATEWAY, text, commands.show_probe(view.gateway, view.backend))


def _probe(view: BackendView, *options: str) -> str:
    """The command that changes the custom probe; where there is none, it makes one."""
    probe, sent = view.gateway.probe_of(view.settings), view.request
    if probe is not None:
        return commands.change(view.gateway, "probe", "update", probe.name, options)
    basis = ("--protocol", sent.protocol.capitalize(), "--host", sent.host, "--path", sent.path)
    kept = [
        it
        for pair in zip(basis[::2], basis[1::2], strict=True)
        if pair[0] not in options
        for it in pair
    ]
    return commands.change(view.gateway, "probe", "create", "PROBE", (*kept, *options))


def _refer(view: BackendView) -> Iterator[Step]:
    """A new probe counts only once the settings refer to it."""
    if view.gateway.probe_of(view.settings) is None:
        command = change_settings(view, "--probe", "PROBE")
        yield Step(GATEWAY, "Let the HTTP settings use the new probe:", command)


def _correct(view: BackendView) -> Iterator[Step]:
    sent = view.request
    yield _show(view)
    yield Step(
        server(view),
        f"Say which host name and path give a healthy page; {mark(sent.host)} and {mark(sent.path)} do not. What"
        " comes now:",
        commands.curl(view.attempt),
    )
    yield from whereabouts(view)
    yield Step(
        GATEWAY,
        "If the page has moved, let the probe ask for the right one; if the application should have it, it is to be"
        " mended there:",
        _probe(view, "--host", "HOST_NAME", "--path", "/PAGE"),
    )
    yield from _refer(view)
    yield answers(view)


def _text(view: BackendView) -> Iterator[Step]:
    wanted = view.request.match.body or ""
    yield _show(view)
    text = f"Look whether the page still has the text {mark(wanted)}, and whether it is the right page:"
    yield Step(server(view), text, commands.curl(view.attempt))
    codes = view.request.match.status_codes
    new = ("--match-status-codes", *codes, "--match-body", "TEXT")
    yield Step(GATEWAY, "If the page is right, correct the text in the probe:", _probe(view, *new))
    yield answers(view)


def _host(view: BackendView) -> Iterator[Step]:
    known = f" (listeners know {mark_all(view.backend.hosts)})" if view.backend.hosts else ""
    yield Step(
        GATEWAY,
        f"Give the HTTP settings a custom probe with the site's host name{known}; the default probe asks for"
        f" {mark(view.request.host)}:",
        _probe(view, "--host", next(iter(view.backend.hosts), "HOST_NAME")),
    )
    yield from _refer(view)
    yield answers(view)


def _site(view: BackendView) -> Iterator[Step]:
    live = next((it.attempt for it in client_requests(view)), view.attempt)
    yield Step(
        server(view),
        f"Make the request of a client, and see what comes for {mark(live.host)}:",
        commands.curl(live),
    )
    seen = view.case.response(live)
    if seen is not None and seen.status in SIGN_IN:
        yield Step(
            server(view),
            f"It answers {seen.status}: see whether that site admits callers by their address, and admit the gateway's"
            " subnet there.",
        )
    yield Step(
        server(view),
        f"Bind the site to {mark(live.host)} (App Service: add it as a custom domain; IIS: a binding; nginx:"
        " server_name).",
    )
    yield Step(
        GATEWAY,
        "Or let the HTTP settings send a name that the server knows; redirects and cookies may then carry it:",
        change_settings(view, "--host-name", "HOST_NAME"),
    )
    text = "It is done when this prints the status of the site's page:"
    yield Step(server(view), text, commands.curl(live), checks=True)


CORRECT_PAGE = of_backend("Let the probe ask for a page that exists", _correct)
CORRECT_TEXT = of_backend("Correct the text that the probe looks for", _text)
GIVE_HOST = of_backend("Give the probe the site's host name", _host)
BIND_SITE = of_backend("Let the backend know the site's host name", _site)
