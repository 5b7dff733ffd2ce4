"""The backend wants a line of the PROXY protocol before everything else, and the gateway sends none."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import service
from bot.core.analysis.proxy_header import taken_with_header
from bot.core.analysis.reported_health import reported_health, why_not_reached
from bot.core.case.audiences import each_request
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """Proven by the same request after such a line, which is answered."""
    taken = taken_with_header(view)
    # Where the gateway gets through, it is for us alone.
    if taken is None or reported_health(view.of_probe) == "healthy":
        return
    own = view.attempt
    cut_off = view.connection if own.tls else view.outcome
    told = why_not_reached(cut_off) if own.tls else "it closes the connection without a response"
    yield Match(
        f"{mark(view.server)} takes connections on port {own.port} only after a PROXY protocol header, which the"
        " gateway does not send.",
        (
            Evidence(f"without the header: {told}", commands.curl(own)),
            Evidence("after the header, the same request is answered", commands.curl(taken)),
        ),
        view.backend,
    )


RULE = Rule(
    id="proxy_header_demanded",
    severity="error",
    symptom="The backend closes connections that do not begin with a PROXY protocol header.",
    cause="The server, or a load balancer in front of it, is set up for a proxy that announces the client so (nginx:"
    " `proxy_protocol`, HAProxy: `accept-proxy`, ingress-nginx: `use-proxy-protocol`). An application gateway announces"
    " it in X-Forwarded-For; only its TCP/TLS proxy can send the header.",
    remedy="Give the gateway a port of the server that does without the header, or switch it off there.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/proxy-protocol-header",
        "https://docs.nginx.com/nginx/admin-guide/load-balancer/using-proxy-protocol/",
    ),
    check=each_request(check),
    guide=service.TAKE_WITHOUT_HEADER,
    explains=("tls_handshake_failed", "probe_answer_broken", "client_request_failing"),
)
