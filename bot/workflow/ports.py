"""What the workflow needs from outside, as protocols; the edges implement them and do not know each other.

Every method may raise `bot.core.problem.Problem`, and no other expected exception.
"""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.core.arm.certificates_reader import Certificates
from bot.core.arm.document import Document
from bot.core.arm.environment_reader import EnvironmentDocuments
from bot.core.arm.operations import Accepted, Listed, OperationState
from bot.core.arm.permissions import Grant
from bot.core.changes.audit import AuditEntry, AuditLine
from bot.core.changes.audit_chain import AuditHead, Broken, Intact
from bot.core.changes.change import Change, ChangeState
from bot.core.changes.lease import Lease
from bot.core.changes.word import Unsaid, Word
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.health import Health
from bot.core.model.load import Load
from bot.core.model.lock import Lock
from bot.core.model.network import GatewayNetwork
from bot.core.model.observation import Attempt, Lookup, Observation, Question
from bot.core.model.unavailable import Unavailable
from bot.core.report.incident import Incident

__all__ = ["NOT_SIGNED_IN", "Accepted", "Azure", "Listed", "OperationState", "Prober", "Store"]

NOT_SIGNED_IN = frozenset({"bad_setting", "signin", "unreachable", "unreadable"})
"""With these codes of a `Problem`, Azure did not answer, or not to us; every other refusal comes after the sign-in."""


class Azure(Protocol):
    """Resource Manager."""

    async def answers(self) -> None:
        """Ask the least that can be asked; `Problem` says why there was no answer, or which."""

    async def list_gateways(self, timeout: float) -> Listed:
        """Every application gateway of the subscriptions in use, as far as `timeout` seconds allow; then with gaps."""

    async def read(self, gateway_id: str) -> Document:
        """One gateway's complete document. Problem codes: not_found, forbidden, unreachable, throttled."""

    async def health(self, gateway_id: str, timeout: float) -> Health:
        """What the gateway reports about its backends; a failure is a `HealthNotKnown`, never an exception."""

    async def health_on_demand(self, gateway_id: str, trial: Document, timeout: float) -> Health:
        """What the gateway reports when it tries a probe itself now (v2); changes nothing, never raises."""

    async def gateway_network(
        self, gateway: Document, timeout: float
    ) -> GatewayNetwork | Unavailable:
        """The network around a gateway, given its document; a failure is an `Unavailable`, never an exception."""

    async def environments(
        self, gateway: Document, timeout: float
    ) -> tuple[EnvironmentDocuments | Unavailable, ...]:
        """The App Service Environments that may be pool members, one entry for each subscription read.

        A failure is an `Unavailable`, never an exception.
        """

    async def load(self, gateway: Document, until: datetime, timeout: float) -> Load | Unavailable:
        """A gateway's load in the hour before, given its document; a failure is an `Unavailable`, not an exception."""

    async def grants(
        self, resource: str, timeout: float, *, to_write: bool = False
    ) -> tuple[Grant, ...] | Unavailable:
        """What the identity that reads, or the one that writes, may do with a resource.

        A failure is an `Unavailable`, never an exception.
        """

    async def locks(self, gateway_id: str, timeout: float) -> tuple[Lock, ...] | Unavailable:
        """The locks that forbid to change a gateway; a failure is an `Unavailable`, never an exception."""

    async def policy_denials(
        self, gateway_id: str, planned: Document, timeout: float
    ) -> tuple[str, ...] | Unavailable:
        """The assignments of Azure Policy that would deny a gateway as planned; a failure is an `Unavailable`."""

    async def get_ready_to_put(self) -> None:
        """Load what the first PUT needs, and sign in: afterwards, nothing but Resource Manager is waited for."""

    async def put(self, gateway_id: str, document: Document, etag: str, client_id: str) -> Accepted:
        """Write the whole gateway with If-Match, sent exactly once, never retried.

        `client_id` is sent as x-ms-client-request-id. Problem codes: etag_mismatch (412), busy (429 or 409: another
        operation), forbidden, invalid (400, with ARM's code in the message), lost (no response: it may have been
        carried out).
        """

    async def operation(self, url: str) -> OperationState:
        """Read the state of a long-running operation once; refuses a URL outside the ARM endpoint."""


class Prober(Protocol):
    """Our own connections to backends, and everything that needs an X.509 library."""

    def read_certificates(self, data: Iterable[str]) -> Certificates:
        """The certificate in each text of a gateway's document."""

    def read_bundles(self, data: Iterable[str]) -> Certificates:
        """The leaf certificate in each PKCS#7 bundle that Azure returns for a listener."""

    def read_handed(self, content: bytes) -> Certificate | Unreadable:
        """The one certificate in a file or text that a person hands in."""

    async def observe(
        self,
        attempts: Sequence[Attempt],
        anchors: Iterable[Certificate],
        timeout: float,
        done: Callable[[Observation], None] | None = None,
    ) -> tuple[Observation, ...]:
        """Make the attempts in parallel, one connection each; the results are in the attempts' order.

        Each handshake's chain is verified against every anchor, every root it contains, and the public CAs.
        """

    async def look_up(self, questions: Sequence[Question], timeout: float) -> tuple[Lookup, ...]:
        """What individual DNS servers answer for names, in the questions' order; a failure is an answer too."""


class Store(Protocol):
    """What survives a restart, for one replica or for several.

    Where a method takes `entries` and `words`, they are stored in the same transaction: all of it, or nothing.
    """

    async def now(self) -> datetime:
        """What time it is by the database's clock, which leases go by."""

    async def first_time(self, key: str, now: datetime) -> bool:
        """Remember a delivery; False if it was already seen."""

    async def add_incident(
        self, incident: Incident, *, entries: Sequence[AuditEntry] = (), words: Sequence[Word] = ()
    ) -> None:
        """Insert a new incident."""

    async def alter_incident(
        self,
        incident_id: str,
        altered: Callable[[Incident], Incident | None],
        *,
        entries: Callable[[Incident], Sequence[AuditEntry]] = ...,
        words: Sequence[Word] = (),
    ) -> Incident | None:
        """Make of it what it is to be, as it is stored, so that nobody's part of it is lost; as it is then.

        None, and nothing is stored, if there is no such incident, or if `altered` says so. That is pure, as it is
        called again where somebody else was faster, and leaves the id, the gateway and the time as they are.
        """

    async def incident(self, incident_id: str) -> Incident | None:
        """One incident by id."""

    async def recent_incidents(
        self, gateway_id: str | None, since: datetime, *, limit: int
    ) -> tuple[Incident, ...]:
        """The newest incidents of one gateway, or of all, since a point in time, newest first."""

    async def add_change(
        self, change: Change, *, entries: Sequence[AuditEntry] = (), words: Sequence[Word] = ()
    ) -> None:
        """Insert a new change, in the state `offered`."""

    async def change(self, change_id: str) -> Change | None:
        """One change by id."""

    async def changes(
        self, gateway_id: str | None = None, *, limit: int | None = None
    ) -> tuple[Change, ...]:
        """Changes, newest first. In this and every other list, changes come without their `before`."""

    async def count_changes(self, gateway_id: str | None = None, *, most: int) -> int:
        """How many there are, counted up to `most`."""

    async def open_changes(
        self, gateway_id: str | None = None, *, limit: int | None = None
    ) -> tuple[Change, ...]:
        """Those that are offered or under way, newest first."""

    async def changes_of_card(self, incident_id: str) -> tuple[Change, ...]:
        """The changes offered on one card, oldest first."""

    async def expired_offers(self, now: datetime, limit: int) -> tuple[Change, ...]:
        """Offers that nobody may approve any more, those that ended first first."""

    async def changed_with_offers(self, since: datetime) -> tuple[Change, ...]:
        """Changes made since then that their gateway may hold, where that gateway has offers as well; oldest first."""

    async def advance(
        self,
        change_id: str,
        before: ChangeState,
        after: ChangeState,
        /,
        *,
        lease: Lease | None = None,
        entries: Sequence[AuditEntry] = (),
        words: Callable[[Change], Sequence[Word]] = ...,
        **fields: Any,
    ) -> Change | None:
        """Move from one state to the next and set fields, atomically; None if it was not in `before`.

        Also None if the gateway already has another active change: the database ensures that. `words`: what is told of
        the moved change. Problem code `lease_lost`: the lease has run out, or somebody else has taken it since.
        """

    async def note(self, change_id: str, **fields: Any) -> Change:
        """Set fields that are not the state (card, outcome, after_etag, undone_by, sought)."""

    async def amend(
        self,
        change_id: str,
        fields: Callable[[Change], Mapping[str, Any] | None],
        *,
        entries: Sequence[AuditEntry] = (),
        words: Sequence[Word] = (),
    ) -> Change | None:
        """The same, made of the change as it is stored, in one transaction; None if it is gone, or `fields` says so."""

    async def active_changes(self) -> tuple[Change, ...]:
        """The changes that are under way, oldest first."""

    async def free_changes(self, limit: int) -> tuple[Change, ...]:
        """Those of them that nobody works on, because nobody holds the lease `change:ID`; oldest first."""

    async def take(self, key: str, holder: str, seconds: float) -> Lease | None:
        """Take a lease for a while; None if it has a holder, even if that is the same one."""

    async def keep(self, lease: Lease, seconds: float) -> bool:
        """Prolong it, from now on; False if it is lost, because somebody else has taken it since it ran out."""

    async def let_go(self, lease: Lease) -> None:
        """Let somebody else take it at once."""

    async def say(self, *words: Word) -> None:
        """Store words without a change of state."""

    async def unsaid(self, limit: int, now: datetime | None = None) -> tuple[Unsaid, ...]:
        """Words to say, oldest first: of each place the first one, if it is due (`now`: by default the database's)."""

    async def unsaid_count(self) -> int:
        """How many words are not said yet, due or not."""

    async def begin_saying(self, seq: int, *, lease: Lease | None = None) -> None:
        """Note that an attempt is under way. Problem code `lease_lost`: somebody else says it now."""

    async def said(self, seq: int, ts: str = "") -> None:
        """Note that Slack took it; `ts` is the message."""

    async def put_off(self, seq: int, due: datetime, because: str) -> None:
        """Note that it was not said, and when to try again."""

    async def give_up(self, seq: int, because: str) -> None:
        """Note that it never will be said."""

    async def audit(self, *entries: AuditEntry) -> None:
        """Append lines."""

    def audit_lines(
        self, gateway: str | None = None, since: datetime | None = None
    ) -> AsyncIterator[AuditLine]:
        """The lines, oldest first, streamed; `gateway` matches an id or a name."""

    async def audit_head(self) -> AuditHead | None:
        """The newest line and its hash; None if there is none."""

    async def verify_audit(self, head: str = "") -> Intact | Broken:
        """Whether every line follows the one before it; `head` is a hash that was kept elsewhere."""

    async def forget(self, older: timedelta) -> None:
        """Forget documents, cards and words that are older and needed no more. Changes and the audit log stay."""

    async def forget_lines(self, older: timedelta) -> int:
        """Remove older lines of the audit log, so that the chain holds; how many. What may be undone keeps its own."""

    async def close(self) -> None:
        """Close the file or the connections."""
