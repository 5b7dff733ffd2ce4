"""The gateway speaks plain HTTP to a port that expects TLS."""

from collections.abc import Iterator

from bot.core.analysis.guides import network
from bot.core.analysis.probe_answer import AnswerFault, answer_fault
from bot.core.case.finding import Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """The answer to plain HTTP is TLS, or a page that says so."""
    match answer_fault(view):
        case AnswerFault(kind="tls_wanted") as fault:
            yield fault.seen(
                view.backend,
                f"{mark(view.server)} speaks TLS on port {fault.sent.port}, but the gateway speaks plain"
                " HTTP to it.",
            )


RULE = Rule(
    id="tls_on_http_port",
    severity="error",
    symptom="The gateway speaks plain HTTP to a port of the backend that expects TLS.",
    cause="Protocol and port of the HTTP settings or the probe do not match: HTTP with port 443 or 8443.",
    remedy="Set the protocol of the HTTP settings and the probe to HTTPS, or the port to the server's HTTP port.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-troubleshooting-502",
    ),
    check=each_backend(check),
    guide=network.CORRECT_PROTOCOL,
)
