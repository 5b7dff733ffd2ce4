"""The Azure part of `agw check`: sign-in, gateways, one health report, one backend. Nothing is changed."""

from collections.abc import Sequence

from bot.aside import aside
from bot.cli.checked import Check, Checked, fix, ok, skip
from bot.core.arm.certificates_reader import certificate_data
from bot.core.arm.document import Document
from bot.core.arm.gateway_reader import gateway_id_in, read_gateway
from bot.core.arm.listing_reader import read_listed
from bot.core.arm.operations import Listed
from bot.core.arm.permissions import WRITE, allowed, needed_to_change, needed_to_try
from bot.core.model.gateway import Gateway
from bot.core.model.health import HealthNotKnown
from bot.core.model.observation import NotConnected, NotTried, Outcome, Unresolved
from bot.core.model.unavailable import Unavailable
from bot.core.problem import Problem
from bot.core.routing.gateway_request import probe_request
from bot.core.routing.routes import Backend, backends
from bot.workflow.ports import NOT_SIGNED_IN, Azure, Prober

HEALTH_WITHIN = 30.0
PROBE_WITHIN = 5.0
"""Seconds for one backend health report, and for one connection to a backend."""


class AzureChecks:
    """The checks, ordered so that each can use what the earlier ones found."""

    def __init__(self, azure: Azure, prober: Prober, *, read_only: bool, writer: bool) -> None:
        """`writer`: writing has an identity of its own."""
        self._azure = azure
        self._read_only = read_only
        self._writer = writer
        self._prober = prober
        self._listed: Listed | Problem | None = None
        self._example: Gateway | None = None

    def all(self) -> Sequence[Check]:
        """Every check with its label."""
        return (
            ("Azure sign-in", self.sign_in),
            ("gateways", self.gateways),
            ("backend health", self.health),
            *((("reading identity", self.reading),) if self._writer else ()),
            ("changing", self.changing),
            ("a backend", self.backend),
        )

    async def sign_in(self) -> Checked:
        """Listing the gateways is the first call that needs it."""
        try:
            self._listed = await self._azure.list_gateways(HEALTH_WITHIN)
        except Problem as problem:
            if problem.code in NOT_SIGNED_IN:
                raise
            self._listed = problem
        return ok("Azure accepts the bot's identity.")

    async def gateways(self) -> Checked:
        match self._listed:
            case None:
                return skip("needs the sign-in.")
            case Problem() as problem:
                raise problem
            case Listed(documents, gaps):
                self._example = await aside(self._one_to_try, documents)
                known, notes = read_listed(documents)
                seen = " ".join((f"{len(known)} seen.", *(f"{note}." for note in notes)))
        if gaps:
            return fix(
                f"{seen} {' '.join(gaps)}",
                "Assign the Reader role there to the bot's identity, or set AGW_SUBSCRIPTIONS to the others.",
            )
        if self._example is None:
            return fix(
                "No gateway is visible.",
                "Assign the Reader role to the bot's identity where the gateways are, or check AGW_SUBSCRIPTIONS.",
            )
        return ok(seen)

    async def health(self) -> Checked:
        """Reader is not enough for this: backend health is a separate action."""
        if self._example is None:
            return skip("needs a gateway.")
        name = self._example.name
        if self._example.operational_state != "Running":
            return skip(
                f"{name} is {self._example.operational_state}, and no other gateway is Running."
            )
        found = await self._azure.health(self._example.id, HEALTH_WITHIN)
        if isinstance(found, HealthNotKnown):
            return fix(
                f"cannot be read from {name}: {found.reason}.",
                "It needs Microsoft.Network/applicationGateways/backendhealth/action.",
            )
        return ok(f"can be read from {name}.")

    async def reading(self) -> Checked:
        """A second identity for writing protects something only if the first one may not write."""
        if self._example is None:
            return skip("needs a gateway.")
        grants = await self._azure.grants(self._example.id, HEALTH_WITHIN)
        if isinstance(grants, Unavailable):
            return skip(f"cannot be looked up: {grants.reason}.")
        name = self._example.name
        if allowed(grants, WRITE):
            return fix(
                f"The bot's own identity may change {name} as well, so AGW_WRITER_CLIENT_ID protects nothing.",
                f"Take {WRITE} out of its role.",
            )
        return ok(f"may not change {name}.")

    async def changing(self) -> Checked:
        """Writing a gateway takes more than reading it, and cannot be tried without writing."""
        if self._read_only:
            return skip("AGW_READ_ONLY is set, so nothing is ever changed.")
        if self._example is None:
            return skip("needs a gateway.")
        if self._writer:
            # Raises, where nobody can sign in as it.
            await self._azure.get_ready_to_put()
        own = "the bot's identity"
        writing = "the identity of AGW_WRITER_CLIENT_ID" if self._writer else own
        # Of one identity, one sentence.
        lacking: dict[str, list[str]] = {}
        needed = (
            *((writing, True, *it) for it in needed_to_change(self._example)),
            *((own, False, *it) for it in needed_to_try(self._example)),
        )
        for who, to_write, resource, action in needed:
            grants = await self._azure.grants(resource, HEALTH_WITHIN, to_write=to_write)
            if isinstance(grants, Unavailable):
                return skip(f"cannot be looked up: {grants.reason}.")
            if not allowed(grants, action):
                lacking.setdefault(who, []).append(action)
        name = self._example.name
        if lacking:
            said = ", ".join(f"{who} lacks {' and '.join(it)}" for who, it in lacking.items())
            return fix(
                f"not allowed on {name}: {said}.", "Add that to its role, or set AGW_READ_ONLY=1."
            )
        by = f" by {writing}" if self._writer else ""
        return ok(
            f"{name} may be written{by} and its subnets joined; other links were not checked."
        )

    async def backend(self) -> Checked:
        """A diagnosis is far better where the bot can connect to the backends."""
        found = backends(self._example) if self._example else ()
        if self._example is None or not found:
            return skip("needs a gateway with a backend.")
        attempt = probe_request(self._example, found[0]).to(found[0].server)
        (seen,) = await self._prober.observe((attempt,), (), PROBE_WITHIN)
        because = _not_reached(seen.outcome)
        if because is None:
            return ok(f"{_named(found[0])} is reachable.")
        return fix(
            f"{_named(found[0])} cannot be reached from here: {because}.",
            "Run agw where it can reach the backends, or set AGW_CONNECT_TO.",
        )

    def _one_to_try(self, documents: Sequence[Document]) -> Gateway | None:
        """The first running gateway with a backend, else the first running one, else the first."""
        read = [
            read_gateway(it, self._prober.read_certificates(certificate_data(it)))
            for it in documents
            if gateway_id_in(it) is not None
        ]
        running = [it for it in read if it.operational_state == "Running"]
        return next((it for it in running if backends(it)), next(iter([*running, *read]), None))


def _named(backend: Backend) -> str:
    return f"{backend.server}:{backend.settings.port}"


def _not_reached(outcome: Outcome) -> str | None:
    """Why there was no connection; what happened after one does not matter here."""
    match outcome:
        case NotTried(reason) | Unresolved(_, reason) | NotConnected(_, _, reason):
            return reason
        case _:
            return None
