"""The steps by which a person installs a certificate on a backend, and on the gateway beforehand."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.ilb_comparison import environment_at
from bot.core.case.view import BackendView
from bot.core.model.app_service_environment import Environment
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark, mark_command
from bot.core.routing.routes import Backend

AGAIN = "Diagnose again: the gateway sees it at its next health probe."

# How the steps call files and stored certificates that somebody has to make.
NEW = "backend-new"
ROOT = "backend-root"


def is_app_service(backend: Backend) -> bool:
    """Whether it is an app in App Service under its own name, outside any environment."""
    return backend.server.endswith(".azurewebsites.net")


def trust_command(view: BackendView, name: str) -> str:
    """v2: upload a root from the file of that name, and let the settings trust it along with the others."""
    gateway = view.gateway
    names = (it.name for it in gateway.roots(view.settings))
    upload = commands.create_root(gateway, name, f"{name}.cer")
    trust = commands.trust_roots(gateway, view.backend, [*names, name])
    return mark_command(f"{upload} && {trust}")


def upload_steps(view: BackendView) -> Iterator[str]:
    """v1: how its public part is uploaded to the gateway."""
    gateway = view.gateway
    if gateway.traits.verifies_chain:
        return
    names = [it.name for it in gateway.allow_list(view.settings)]
    yield (
        "Before you install it, upload its public part (.cer): a v1 gateway compares the certificate itself."
        f" {mark_command(commands.create_authentication_certificate(gateway, NEW, f'{NEW}.cer'))}"
    )
    yield (
        "Allow-list it along with the others:"
        f" {mark_command(commands.list_authentication_certificates(gateway, view.backend, (*names, NEW)))}"
    )


def install_steps(view: BackendView, old: Certificate) -> Iterator[str]:
    """Where and how the new one is installed; `old` is the one that is served now."""
    environment = environment_at(view)
    if environment is not None:
        yield _in_environment(environment, old)
    elif is_app_service(view.backend):
        # learn.microsoft.com/azure/app-service/configure-ssl-certificate, "Renew an uploaded certificate".
        yield "Upload it to the app in App Service, and bind it to the host name instead of the old one."
    else:
        yield f"Install it on {mark(view.server)}, and make the service there read it (reload or restart)."
    yield (
        "Install its whole chain with it, in this order: its own certificate, the intermediates, the root (which may"
        f" be left out). Check what is sent: {mark_command(commands.show_chain(view.attempt))}"
    )


def _in_environment(environment: Environment, old: Certificate) -> str:
    name = mark(environment.name)
    match environment.shown(old):
        case "ilb":
            # learn.microsoft.com/azure/app-service/environment/create-from-template
            return (
                f"Upload it as the ILB certificate of App Service Environment {name}; every front end takes up to 40"
                " minutes to show it."
            )
        case "custom_suffix":
            # learn.microsoft.com/azure/app-service/environment/how-to-custom-domain-suffix
            kept = environment.custom_suffix and environment.custom_suffix.certificate
            return (
                f"Put it into Key Vault as a new version of the certificate of the custom suffix of {name}"
                f"{f' ({mark(kept)})' if kept else ''}; the environment picks it up within 24 hours."
            )
        case "default_domain":
            return (
                f"It belongs to the default domain of App Service Environment {name}, where Microsoft installs it:"
                " ask Azure support."
            )
    return (
        f"Upload it to the app in App Service Environment {name}, and bind it to the host name instead of the old"
        " one."
    )
