"""The gateway uses TLS on a port that answers something else."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides import network
from bot.core.analysis.tls_fault import TlsFault, tls_fault_of
from bot.core.case.audiences import each_request
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView, fault: TlsFault) -> Iterator[Match]:
    """The answer to the ClientHello is not TLS; mostly it is a web server's "400 Bad Request"."""
    yield fault.seen(
        view.backend,
        f"{mark(view.server)} does not speak TLS on port {fault.attempt.port}, but the gateway does.",
        Evidence(
            f"the health probe speaks HTTPS to port {fault.attempt.port}",
            commands.show_probe(view.gateway, view.backend),
        ),
    )


RULE = Rule(
    id="not_tls_on_https_port",
    severity="error",
    symptom="The gateway speaks HTTPS to a port of the backend that does not speak TLS.",
    cause="Protocol and port of the HTTP settings or the probe do not match (HTTPS with port 80 or"
    " 8080), or TLS was never enabled on the server.",
    remedy="Set the protocol to HTTP or the port to the server's TLS port, or enable TLS on the server.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
    ),
    check=each_request(tls_fault_of("not_tls", check)),
    guide=network.CORRECT_PROTOCOL,
)
