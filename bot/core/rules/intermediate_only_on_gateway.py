"""v2: an intermediate that the backend does not send is accepted because it is uploaded as a trusted root."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.chain_fault import anchors_in_use, chain_verdict
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """OpenSSL completes a chain from everything that is trusted; Microsoft asks for a complete chain all the same."""
    seen = view.of_probe.handshake
    if seen is None or not view.gateway.roots(view.settings) or not view.settings.validate_chain:
        return
    verdict = chain_verdict(view, seen)
    if verdict is None or verdict.code:
        return
    for it in anchors_in_use(view, seen):
        if it.sha256 in verdict.path[:-1] and it not in seen.chain:
            yield Match(
                f"{mark(view.server)} does not send {mark(it.subject)}, an intermediate; its chain is"
                f" complete only"
                f" because {mark(view.settings.name)} trusts that one as well.",
                (
                    Evidence(
                        f"{mark(it.subject)} (SHA-256 {it.sha256}) is stored on the gateway, and not sent",
                        commands.show_chain(view.probe_attempt),
                    ),
                ),
                view.backend,
            )


RULE = Rule(
    id="intermediate_only_on_gateway",
    severity="warning",
    symptom="The backend does not send its intermediate, which the gateway has only as a trusted root (v2).",
    cause="The intermediate was uploaded beside the root, as a way round an incomplete chain. Other clients"
    " miss it, and it has to be uploaded again whenever the CA changes it.",
    remedy="Install the whole chain on the backend: its own certificate, the intermediates, the root, in"
    " this order.",
    sources=(
        ""
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_backend(check),
)
