"""A rewrite rule makes of clients' requests what the backend does not know."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import rewrites
from bot.core.analysis.rewritten_request import Misled, misled
from bot.core.case.audiences import each_client
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.routing.client_request import ClientRequest


def check(view: BackendView) -> Iterator[Said]:
    """Proven by the request as the client made it, by a host that is known, or by one page that all are sent to."""
    client, found = view.client, misled(view)
    if client is not None and client.way.unknown is not None and client.way.rewrites is not None:
        yield Undecided(
            f"what {mark(client.way.rewrites.name)} makes of clients' requests for {mark(client.way.site)} is not"
            f" known: {client.way.unknown}",
            view.backend,
        )
    if client is not None and found is not None:
        yield _seen(view, client, found)


def _seen(view: BackendView, client: ClientRequest, found: Misled) -> Match:
    sent, way = view.request, client.way
    as_sent = f"Host {mark(sent.host)}, path {mark(sent.path)}"
    evidence = [Evidence(f"{as_sent}: {found.status}", commands.curl(view.attempt))]
    original = found.original
    if original is not None:
        text = f"Host {mark(original.host)}, path {mark(original.path or '')}, without the rewrite: {found.answered}"
        evidence.append(Evidence(text, commands.curl(original)))
    elif found.proof == "host":
        evidence.append(Evidence(f"{mark(view.server)} answers the same path for another host"))
    else:
        evidence.append(Evidence("the rule sends whatever clients ask for to this one page"))
    evidence.append(
        Evidence(
            f"{client.changed_by or ''}", commands.show_gateway(view.gateway, "rewriteRuleSets")
        )
    )
    return Match(
        f"{mark(view.server)} answers clients of {mark(way.site)} with {found.status}: {client.changed_by or ''}.",
        tuple(evidence),
        view.backend,
    )


RULE = Rule(
    id="rewrite_breaks_request",
    severity="error",
    symptom="A rewrite rule gives clients' requests a host or a path that the backend does not know.",
    cause="The rewrite rule is misspelt or left over, or it has no condition and takes more requests than it is meant"
    " for; health probes are not rewritten, so they do not notice.",
    remedy="Correct the host or path in the rewrite rule, or give the rule a condition.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/rewrite-http-headers-url",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-rewrite-rules",
    ),
    check=each_client(check),
    guide=rewrites.CORRECT_REWRITE,
    explains=("live_host_unknown", "client_request_failing", "path_override_unknown"),
)
