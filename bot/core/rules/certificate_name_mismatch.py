"""The certificate is not for the name that the gateway asks for."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.chain_fault import leaf_elsewhere
from bot.core.analysis.guides import tls
from bot.core.analysis.reported_health import probe_handshake
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said, each_backend
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.hostname import certificate_names, covers
from bot.core.model.marked import mark, mark_all
from bot.core.routing.gateway_request import fixed_sni


def check(view: BackendView) -> Iterator[Said]:
    """The name is the SNI of the probe; without one there is nothing to compare with.

    An SNI that is fixed in the settings has a rule of its own, `sni_name_differs`.
    """
    wanted = view.probe_request.sni
    if wanted is None or not view.settings.validate_sni or leaf_elsewhere(view):
        return
    if fixed_sni(view.gateway, view.settings) is not None:
        return
    seen = probe_handshake(view)
    if isinstance(seen, Undecided):
        yield seen
    elif seen is not None and seen.leaf is not None and not covers(seen.leaf, wanted):
        carried = mark_all(certificate_names(seen.leaf)) or "no name at all"
        yield Match(
            f"{mark(view.server)} serves a certificate for {carried}, but the gateway asks for {mark(wanted)}.",
            (
                Evidence(
                    f"with SNI {mark(wanted)} the certificate is for: {carried}",
                    commands.openssl(view.probe_attempt),
                ),
                Evidence(
                    f"the health probe asks for {mark(wanted)}",
                    commands.show_probe(view.gateway, view.backend),
                ),
                *_misleading(view, seen.leaf),
            ),
            view.backend,
        )


def _misleading(view: BackendView, leaf: Certificate) -> Iterator[Evidence]:
    # Reported for v1 in MicrosoftDocs/azure-docs, issue 40941.
    listed = {it.certificate for it in view.gateway.allow_list(view.settings)}
    if leaf in listed:
        yield Evidence(
            "the certificate itself is allow-listed; because of its name, a v1 gateway may still report that it"
            " is not",
            commands.show_settings(view.gateway, view.backend),
        )


RULE = Rule(
    id="certificate_name_mismatch",
    severity="error",
    symptom="The backend's certificate is not for the name that the gateway asks for.",
    cause="v2 compares the certificate with the probe's host or the settings' host name, v1 with the pool"
    " member's name. If there is a subject alternative name, the common name does not count.",
    remedy="v2: set the host name of the probe or the settings to a name in the certificate. v1: put that name in"
    " the pool.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://github.com/MicrosoftDocs/azure-docs/issues/40941",
    ),
    check=each_backend(check),
    guide=tls.MATCH_NAME,
)
