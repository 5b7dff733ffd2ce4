"""The edges, opened as the settings say. Azure's library is large, so it is imported only where it is needed."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, nullcontext
from datetime import UTC, datetime

from bot.cli.measuring import azure_asked
from bot.cli.syslog_sender import open_sender
from bot.cli.tidying import tidying
from bot.core.changes.limits import Limits
from bot.probe import NetworkProber
from bot.settings import Settings
from bot.store import DatabaseStore
from bot.store import open_store as opened
from bot.workflow import Policy, Workflow
from bot.workflow.ports import Azure


def now() -> datetime:
    """The clock passed to everything else."""
    return datetime.now(UTC)


def open_prober(settings: Settings) -> NetworkProber:
    """The prober for our own connections to backends."""
    return NetworkProber(
        connect_to=settings.connect_to,
        loopback_only=settings.loopback_only,
        extra_public_roots=settings.public_ca_file,
        dns_servers=settings.dns_servers,
    )


@asynccontextmanager
async def open_azure(settings: Settings) -> AsyncIterator[Azure]:
    """Resource Manager, closed after the block."""
    from bot.azure import ResourceManager

    manager = ResourceManager(settings.arm_url, settings.subscriptions, settings.writer_client_id)
    try:
        yield manager
    finally:
        await manager.close()


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[DatabaseStore]:
    """The database, closed after the block."""
    store = await opened(settings.database_url)
    try:
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def open_workflow(settings: Settings) -> AsyncIterator[Workflow]:
    """The workflow with all its edges."""
    policy = Policy(
        read_only=settings.read_only,
        limits=Limits(settings.freeze, settings.change_only, settings.change_never),
        require_second_person=settings.require_second_person,
        approval_ttl=settings.approval_ttl,
    )
    async with (
        open_azure(settings) as azure,
        open_store(settings) as store,
        _told(store, settings),
        tidying(store, settings.retention),
        azure_asked(azure) if settings.health_listen else nullcontext(),
    ):
        yield Workflow(azure, open_prober(settings), store, policy, now)


@asynccontextmanager
async def _told(store: DatabaseStore, settings: Settings) -> AsyncIterator[None]:
    """What is stored in the audit log goes to the syslog server, if there is one."""
    async with AsyncExitStack() as stack:
        if settings.audit_syslog is not None:
            sender = await stack.enter_async_context(open_sender(settings.audit_syslog))
            store.tell_lines(sender.tell)
        yield
