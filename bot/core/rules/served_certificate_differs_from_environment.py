"""An ILB App Service Environment shows another certificate than the one that Azure holds for it."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.ilb_comparison import compare_ilb_certificate
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView


def check(view: BackendView) -> Iterator[Match]:
    """Without SNI an environment shows its ILB certificate; with SNI it may show one of an app."""
    found = compare_ilb_certificate(view)
    if found is None or not found.differs:
        return
    name = found.environment.name
    served = found.served
    yield Match(
        f"{view.server} is App Service Environment {name}, but without SNI it shows another certificate"
        f" than the ILB certificate that Azure holds for {name}.",
        (
            Evidence(
                f"without SNI, {view.server} shows {served.subject}, issued by {served.issuer}"
                f" (SHA-256 {served.sha256})",
                commands.openssl(found.attempt),
            ),
            *(
                Evidence(
                    f"Azure holds {it.label} as ILB certificate of {name}",
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
    symptom="An ILB App Service Environment shows another certificate than the ILB certificate that Azure holds.",
    cause="Somebody is in between (a firewall or proxy that opens TLS, or an attacker), something else answers at"
    " this address, or a new ILB certificate has not reached every front end yet, which takes up to 40 minutes.",
    remedy="Upload nothing that is shown there. After a change of the ILB certificate wait, and diagnose again;"
    " else find out what answers at the address.",
    sources=(
        "https://learn.microsoft.com/azure/app-service/environment/create-from-template",
        "https://learn.microsoft.com/azure/app-service/environment/certificates",
    ),
    check=each_backend(check),
)
