"""The backend speaks HTTP/2 only, and the gateway HTTP/1.1."""

from collections.abc import Iterator

from bot.core.analysis.guides import site
from bot.core.analysis.probe_answer import AnswerFault, answer_fault
from bot.core.analysis.tls_fault import tls_fault
from bot.core.case.audiences import each_request
from bot.core.case.finding import Match
from bot.core.case.rule import Rule
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """It answers HTTP/1.1 with frames of HTTP/2, or its TLS wants an application protocol to be agreed (ALPN)."""
    fault = tls_fault(view)
    if fault is not None and fault.kind == "application_protocol":
        yield Match(
            f"{mark(view.server)} refuses TLS without an application protocol such as HTTP/2 being agreed, which the"
            " gateway does not speak to backends.",
            (fault.evidence,),
            view.backend,
            "medium",
        )
    match answer_fault(view):
        case AnswerFault(kind="http2") as answer:
            yield answer.seen(
                view.backend,
                f"{mark(view.server)} speaks HTTP/2 on port {answer.sent.port}, and does not take the HTTP/1.1 that"
                " the gateway speaks to its backends.",
            )


RULE = Rule(
    id="http2_only",
    severity="error",
    symptom="The backend speaks only HTTP/2.",
    cause="An application gateway takes HTTP/2 from clients, but speaks HTTP/1.1 to its backends; servers for gRPC, and"
    " those set to HTTP/2 only, do not understand that.",
    remedy="Let the server speak HTTP/1.1 too, on this port or on another one that the HTTP settings then name. Where"
    " the application needs HTTP/2 from end to end, as gRPC does, use Application Gateway for Containers instead.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-faq",
        "https://learn.microsoft.com/azure/application-gateway/for-containers/grpc",
    ),
    check=each_request(check),
    guide=site.SPEAK_HTTP_1,
)
