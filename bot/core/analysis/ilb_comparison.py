"""What a backend shows without SNI, compared with what Azure holds for the App Service Environment at its address.

A certificate read from a socket is trusted on first use: whoever is in between can show their own. Where Azure
says which one it has to be, no other is ever recommended for upload.
"""

from dataclasses import dataclass, replace

from bot.core.case.view import BackendView
from bot.core.model.app_service_environment import Environment, Shown, private_members
from bot.core.model.asked_once import asked_once
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark
from bot.core.model.observation import Attempt
from bot.core.model.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class IlbComparison:
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
        """Whether Azure holds an ILB certificate, and this is a different one."""
        return bool(self.environment.held) and self.shown == "other"


@asked_once
def environment_at(view: BackendView) -> Environment | None:
    """The environment that answers at the address of this pool member; None if none is known."""
    known = () if isinstance(view.case.environments, Unavailable) else view.case.environments
    return next((it for it in known if view.server in it.inbound), None)


@asked_once
def compare_ilb_certificate(view: BackendView) -> IlbComparison | None:
    """Both certificates; None if there is no environment, or nothing was shown without SNI."""
    environment = environment_at(view)
    if environment is None:
        return None
    attempt = replace(view.attempt, sni=None)
    seen = view.case.handshake(attempt)
    if seen is None or seen.leaf is None:
        return None
    return IlbComparison(environment, attempt, seen.leaf)


def confirmation(view: BackendView, served: Certificate) -> str:
    """Whether Azure holds the served certificate too: an addition to what an approver reads."""
    environment = environment_at(view)
    unread = environment.ilb_certificates if environment else view.case.environments
    if isinstance(unread, Unavailable) and view.server in private_members(view.gateway):
        return f"; it was not compared with what Azure holds, because {unread.reason}"
    if environment is not None and environment.holding(served):
        return f"; {held_by(environment)}"
    return ""


def held_by(environment: Environment) -> str:
    """That Azure holds the same certificate, in words."""
    name = mark(environment.name)
    return (
        f"Azure holds the same certificate as the ILB certificate of App Service Environment {name}"
    )
