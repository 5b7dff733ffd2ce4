"""The gateway speaks plain HTTP to a port that expects TLS."""

from collections.abc import Iterator

from bot.core.analysis.guides import network
from bot.core.analysis.probe_answer import AnswerFault, answer_fault_of
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: AnswerFault) -> Iterator[Match]:
    """The answer to plain HTTP is TLS, or a page that says so; or a hello on the same port shows it."""
    yield fault.seen(view.backend, _summary(view, fault))


def _summary(view: BackendView, fault: AnswerFault) -> str:
    server, port = mark(view.server), fault.sent.port
    if fault.sent.protocol == "http":
        return f"{server} speaks TLS on port {port}, but the gateway speaks plain HTTP to it."
    return (
        f"{server} ends TLS on port {port} and passes the request on as plain HTTP, to a port that expects TLS: that is"
        " what its answer says."
    )


RULE = Rule(
    id="tls_on_http_port",
    severity="error",
    symptom="The gateway speaks plain HTTP to a port of the backend that expects TLS.",
    cause="Protocol and port of the HTTP settings or the probe do not match: HTTP with port 443 or 8443. Or a proxy on"
    " the backend ends TLS, and speaks plain HTTP to the TLS port of the server behind it.",
    remedy="Set the protocol of the HTTP settings and the probe to HTTPS, or the port to the server's HTTP port;"
    " behind a proxy, correct the port or the protocol that the proxy uses.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-troubleshooting-502",
    ),
    check=each_request(answer_fault_of("tls_wanted", check)),
    guide=network.CORRECT_PROTOCOL,
)
