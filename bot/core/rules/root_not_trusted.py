"""v2: the served chain does not end in a root that the gateway trusts for these settings."""

from collections.abc import Iterator

from bot.core.analysis.chain_fault import ChainFault, chain_fault
from bot.core.analysis.guides import tls
from bot.core.case.audiences import each_request
from bot.core.case.finding import Undecided
from bot.core.case.rule import Rule, Said
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Said]:
    """Whatever no other rule about the chain covers; it also says, for all of them, what could not be known."""
    fault = chain_fault(view)
    if isinstance(fault, Undecided):
        yield fault
    elif fault is not None and fault.kind == "root_not_trusted":
        yield fault.seen(view.backend, _summary(view, fault))


def _summary(view: BackendView, fault: ChainFault) -> str:
    leaf, top = fault.path[0], fault.path[-1]
    begins = f"The certificate of {mark(view.server)} ({mark(leaf.subject)})"
    name = mark(view.settings.name)
    if view.gateway.roots(view.settings):
        root = "its root" if fault.root_sent else f"{mark(top.issuer)}, which it does not send,"
        return f"{begins} does not end in a root that {name} trusts: {root} is not among them."
    if fault.root_sent:
        return f"{begins} comes from a private CA, and {name} trusts no private root."
    return (
        f"{begins} leads to {mark(top.issuer)}, which is neither sent nor a well-known CA, and {name}"
        " trusts no private root."
    )


RULE = Rule(
    id="root_not_trusted",
    severity="error",
    symptom="The backend's certificate chain does not end in a root that the gateway trusts (v2).",
    cause="The certificate comes from a private CA whose root is not uploaded to the HTTP settings, or they list"
    " a different root. Once a root is listed, well-known CAs no longer count.",
    remedy="Upload the issuing root to the HTTP settings.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_request(check),
    guide=tls.TRUST_ROOT,
)
