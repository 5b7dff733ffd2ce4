"""Values to store; a test names only what matters to it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.core.arm.edit import Item, Reference, Value
from bot.core.changes.audit import AuditEntry
from bot.core.changes.change import Change, Person
from bot.core.changes.plan import BlastRadius, Expectation, Line, Plan
from bot.workflow.ports import Store
from tests.core.make import ID, NOW

ADA = Person("T1", "U1")
BEN = Person("T1", "U2")
LATER = NOW + timedelta(seconds=10)
OLD = datetime(2020, 1, 1, tzinfo=UTC)


def plan(gateway: str = ID, **changes: Any) -> Plan:
    """One upload of a certificate to one gateway."""
    collection = "backendHttpSettingsCollection"
    fields: dict[str, Any] = {
        "gateway_id": gateway,
        "gateway_name": gateway.rpartition("/")[2],
        "etag": 'W/"1"',
        "option": "upload_ilb_certificate",
        "title": "Upload the ILB certificate",
        "edits": (
            Item("add", "authenticationCertificates", "ilb", {"data": "QUJD"}),
            Reference("add", collection, "https", "authenticationCertificates", f"{gateway}/ilb"),
            Value("probes", "probe", "host", "test.appgwtestase.com", None),
        ),
        "lines": (Line("HTTP settings https", "app", "app, ilb"),),
        "certificates": (),
        "expects": (Expectation("10.1.5.11", 443, None, "ab" * 32),),
        "blast_radius": BlastRadius(("https",), ("ase",), ("rule",), ("listener",), ("host",)),
        "watched": (("pool", "settings", "10.1.5.11"),),
        "probe_interval": 30,
    }
    return Plan(**fields | changes)


def change(change_id: str = "c1", gateway: str = ID, **changes: Any) -> Change:
    """An offer, made now."""
    fields: dict[str, Any] = {
        "id": change_id,
        "plan": plan(gateway),
        "state": "offered",
        "requested_by": ADA,
        "created": NOW,
        "expires": NOW + timedelta(minutes=30),
    }
    return Change(**fields | changes)


def gateway(name: str) -> str:
    """The resource id of another gateway."""
    return f"{ID.rpartition('/')[0]}/{name}"


async def entries_of(
    store: Store, gateway: str | None = None, since: datetime | None = None
) -> AsyncIterator[AuditEntry]:
    """What the lines of the audit log say, without their place in the chain."""
    async for line in store.audit_lines(gateway, since):
        yield line.entry
