"""Cases in which the backend is reached and what matters is how it answers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.core.arm.document import Document
from bot.core.case.case import Case
from bot.core.case.view import BackendView
from bot.core.model.observation import Answered, NoResponse, Observation, Response
from tests.core.make import APP, SERVER, case, document, handshake, settings

NO_PROBE = document(backendHttpSettingsCollection=[settings(probe=None)])
SILENCE = NoResponse("timeout", "no HTTP answer within 10.0 s")
SLOW = (
    "Time taken by the backend to respond to application gateway\u2019s health probe is more than the"
    " timeout threshold in the probe setting."
)


def reply(status: int, body: str = "", location: str | None = None) -> Response:
    """One HTTP answer."""
    return Response(status, location, body)


def replied(
    http: Response | NoResponse,
    made: Document | None = None,
    *,
    seconds: float = 0.1,
    under: Mapping[str, int] | None = None,
    **changes: Any,
) -> Case:
    """The probe's own request was answered so; `under` is what other host names were answered."""
    base = case(made, **changes)
    (backend,) = base.backends
    own = BackendView(base, backend).probe_attempt
    others = (
        Observation(
            replace(own, host=host, sni=host), Answered(SERVER, handshake(APP), reply(status))
        )
        for host, status in (under or {}).items()
    )
    first = Observation(own, Answered(SERVER, handshake(APP), http), seconds)
    return replace(base, observations=(first, *others))
