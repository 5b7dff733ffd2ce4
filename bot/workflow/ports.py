"""What the workflow needs of the world outside; the edges fit these shapes and know nothing of each other.

Every method may raise `bot.core.problem.Problem`, and nothing else that is foreseeable.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from bot.core.arm.environment_reader import EnvironmentDocuments
from bot.core.arm.gateway_reader import Certificates, Document
from bot.core.arm.operations import Accepted, Listed, OperationState
from bot.core.arm.permissions import Grant
from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Change, State
from bot.core.model.certificate import Certificate
from bot.core.model.health import Health
from bot.core.model.load import Load
from bot.core.model.network import GatewayNetwork
from bot.core.model.observation import Attempt, Lookup, Observation, Question
from bot.core.model.unavailable import Unavailable
from bot.core.report.incident import Incident

__all__ = ["Accepted", "Azure", "Listed", "OperationState", "Prober", "Store"]


class Azure(Protocol):
    """Resource Manager."""

    async def list_gateways(self) -> Listed:
        """Every application gateway of the subscriptions in use."""

    async def read(self, gateway_id: str) -> Document:
        """One gateway's document, whole. Problem codes: not_found, forbidden, unreachable, throttled."""

    async def health(self, gateway_id: str, timeout: float) -> Health:
        """What the gateway says of its backends; a failure is a `HealthNotKnown`, never an exception."""

    async def health_on_demand(self, gateway_id: str, trial: Document, timeout: float) -> Health:
        """What the gateway says when it tries a probe by itself now (v2); changes nothing, never raises."""

    async def gateway_network(
        self, gateway: Document, timeout: float
    ) -> GatewayNetwork | Unavailable:
        """The network around a gateway, given its document; a failure is an `Unavailable`, never an exception."""

    async def environments(
        self, gateway: Document, timeout: float
    ) -> tuple[EnvironmentDocuments | Unavailable, ...]:
        """The App Service Environments that may be pool members, a part for each subscription looked at.

        A failure is an `Unavailable`, never an exception.
        """

    async def load(self, gateway: Document, until: datetime, timeout: float) -> Load | Unavailable:
        """How busy a gateway was in the hour before, given its document; a failure is `Unavailable`, no exception."""

    async def grants(self, resource: str, timeout: float) -> tuple[Grant, ...] | Unavailable:
        """What the bot's identity may do at a resource; a failure is an `Unavailable`, never an exception."""

    async def put(self, gateway_id: str, document: Document, etag: str, client_id: str) -> Accepted:
        """Write the gateway as a whole with If-Match, sent exactly once, never retried.

        `client_id` goes out as x-ms-client-request-id. Problem codes: etag_mismatch (412), busy (429 or 409:
        another operation), forbidden, invalid (400, with ARM's code in the message), lost (no answer came back:
        it may have been carried out).
        """

    async def operation(self, url: str) -> OperationState:
        """Look once at a long-running operation; refuses a url that is not of the ARM endpoint."""


class Prober(Protocol):
    """Our own connections to backends, and everything that needs an X.509 library."""

    def read_certificates(self, data: Iterable[str]) -> Certificates:
        """What each certificate text of a gateway's document is."""

    def read_bundles(self, data: Iterable[str]) -> Certificates:
        """The server's own certificate in each bundle that Azure shows of a listener's."""

    async def observe(
        self,
        attempts: Sequence[Attempt],
        anchors: Iterable[Certificate],
        timeout: float,
        done: Callable[[Observation], None] | None = None,
    ) -> tuple[Observation, ...]:
        """Make the attempts side by side, one connection each; the result is in the attempts' order.

        Each handshake's chain is tried against every anchor, every root it carries itself, and the public CAs.
        """

    async def look_up(self, questions: Sequence[Question], timeout: float) -> tuple[Lookup, ...]:
        """What single DNS servers say of names, in the questions' order; a failure is an answer too."""


class Store(Protocol):
    """What survives a restart."""

    async def first_time(self, key: str, now: datetime) -> bool:
        """Remember a delivery; False if it was seen before."""

    async def save_incident(self, incident: Incident) -> None:
        """Insert or replace."""

    async def incident(self, incident_id: str) -> Incident | None:
        """One incident by id."""

    async def recent_incidents(self, gateway_id: str, since: datetime) -> tuple[Incident, ...]:
        """The incidents of one gateway since a moment, newest first."""

    async def add_change(self, change: Change) -> None:
        """Insert a new one, offered."""

    async def change(self, change_id: str) -> Change | None:
        """One change by id."""

    async def changes(self, gateway_id: str | None = None) -> tuple[Change, ...]:
        """Changes, newest first."""

    async def advance(
        self, change_id: str, before: State, after: State, /, **fields: Any
    ) -> Change | None:
        """Move from one state to the next and set fields, in one step; None if it was not in `before`.

        Also None if the gateway already has another active change: the database sees to that.
        """

    async def note(self, change_id: str, **fields: Any) -> Change:
        """Set fields that are not the state (card, outcome, after_etag, undone_by)."""

    async def active_changes(self) -> tuple[Change, ...]:
        """Changes that a restart has to go on with, oldest first."""

    async def audit(self, entry: AuditEntry) -> None:
        """Append one line."""

    async def audit_log(
        self, gateway: str | None = None, since: datetime | None = None
    ) -> tuple[AuditEntry, ...]:
        """The lines, oldest first; `gateway` matches an id or a name."""

    async def close(self) -> None:
        """Let go of the file or the connections."""
