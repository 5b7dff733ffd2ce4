"""An ILB App Service Environment shows a different certificate from the one that Azure holds for it."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.ilb_comparison import compare_ilb_certificate
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """Without SNI an environment shows its ILB certificate; with SNI it may show an app's."""
    found = compare_ilb_certificate(view)
    if found is None or not found.differs:
        return
    name = mark(found.environment.name)
    served = found.served
    yield Match(
        f"{mark(view.server)} is App Service Environment {name}, but without SNI it shows a different"
        " certificate from the ILB certificate that Azure holds for it.",
        (
            Evidence(
                f"without SNI, {mark(view.server)} shows {mark(served.subject)}, issued by {mark(served.issuer)}"
                f" (SHA-256 {served.sha256})",
                commands.openssl(found.attempt),
            ),
            *(
                Evidence(
                    f"Azure holds {it.label} as the ILB certificate of {name}",
                    commands.show_thumbprint(it.id),
                )
                for it in found.environment.held
            ),
        ),
        view.backend,
    )


RULE = Rule(
    id="served_certificate_differs_from_environment",
    severity="warning",
    symptom="An ILB App Service Environment shows a different certificate from the ILB certificate that Azure holds.",
    cause="Somebody is in between (a firewall or proxy that decrypts TLS, or an attacker), something else answers at"
    " this address, or a new ILB certificate has not reached every front end yet, which takes up to 40 minutes.",
    remedy="Do not upload what is shown there. After a change of the ILB certificate, wait and diagnose again;"
    " otherwise find out what answers at the address.",
    sources=(
        "https://learn.microsoft.com/azure/app-service/environment/create-from-template",
        "https://learn.microsoft.com/azure/app-service/environment/certificates",
    ),
    check=each_backend(check),
)
