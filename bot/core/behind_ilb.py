"""What a backend shows without SNI, beside what Azure holds for the App Service Environment at its address.

A certificate read from a socket is believed on first sight: whoever is in between can show their own. Where Azure
tells which one it has to be, nothing else is ever recommended for upload.
"""

from dataclasses import dataclass, replace

from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.certificate import Certificate
from bot.core.environment import Environment, Shown, private_members
from bot.core.observation import Attempt
from bot.core.option import NotApplicable
from bot.core.surroundings import NotRead

STEPS = (
    "Was the ILB certificate changed in the last hour? Every front end takes up to 40 minutes to show it:"
    " wait, then diagnose again.",
    "If not, find out what answers at this address: a firewall or proxy that opens TLS, or another server."
    " Upload nothing that it shows.",
)


@dataclass(frozen=True, slots=True)
class Beside:
    """An environment, and the certificate that was shown at its address without SNI."""

    environment: Environment
    attempt: Attempt
    served: Certificate

    @property
    def shown(self) -> Shown:
        """Which of the environment's certificates it is."""
        return self.environment.shown(self.served)

    @property
    def differs(self) -> bool:
        """Whether Azure holds an ILB certificate, and this is another one."""
        return bool(self.environment.held) and self.shown == "other"


def environment_at(case: Case, backend: Backend) -> Environment | None:
    """The environment that answers at the address of this pool member; None if none is known."""
    known = () if isinstance(case.environments, NotRead) else case.environments
    return next((it for it in known if backend.server in it.inbound), None)


def beside(case: Case, backend: Backend) -> Beside | None:
    """Both certificates; None if there is no environment, or nothing was shown without SNI."""
    environment = environment_at(case, backend)
    attempt = replace(case.probe_attempt(backend), sni=None)
    seen = case.handshake(attempt)
    if environment is None or seen is None or seen.leaf is None:
        return None
    return Beside(environment, attempt, seen.leaf)


def distrusted(case: Case, backend: Backend) -> NotApplicable | None:
    """Why nothing may be built on what this backend shows, or would show; None if nothing speaks against it."""
    found = beside(case, backend)
    if found is None or not found.differs:
        return None
    return NotApplicable(
        f"without SNI it shows another certificate than the ILB certificate of {found.environment.name}"
        " that Azure holds: somebody may be in between, or a new one is not rolled out yet (up to 40 minutes)",
        STEPS,
    )


def confirmation(case: Case, backend: Backend, served: Certificate) -> str:
    """Whether Azure holds the served certificate as well, to be added to what an approver reads."""
    environment = environment_at(case, backend)
    unread = environment.ilb_certificates if environment else case.environments
    if isinstance(unread, NotRead) and backend.server in private_members(case.gateway):
        return f"; it was not compared with what Azure holds, because {unread.reason}"
    if environment is not None and environment.holding(served):
        return f"; {held_by(environment)}"
    return ""


def held_by(environment: Environment) -> str:
    """That Azure holds the same certificate, in words."""
    return f"Azure holds the same certificate as ILB certificate of App Service Environment {environment.name}"
