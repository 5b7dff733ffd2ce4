"""Azure's side of `agw check`: sign-in, gateways, one health report, one backend. Nothing is changed."""

from collections.abc import Sequence

from bot.cli.checked import Check, Checked, fix, ok, skip
from bot.core.arm.gateway_reader import Document, certificate_data, read_gateway
from bot.core.arm.operations import Listed
from bot.core.arm.permissions import allowed, needed_to_change
from bot.core.case.attempts import wanted_attempts
from bot.core.model.gateway import Gateway
from bot.core.model.health import HealthNotKnown
from bot.core.model.observation import NotConnected, NotTried, Outcome, Unresolved
from bot.core.model.unavailable import Unavailable
from bot.core.problem import Problem
from bot.core.routing.routes import Backend, backends
from bot.workflow.ports import Azure, Prober

HEALTH_WITHIN = 30.0
PROBE_WITHIN = 5.0
"""Seconds for one backend health report, and for a look at one backend."""

NOT_SIGNED_IN = frozenset({"bad_setting", "signin", "unreachable", "unreadable"})
"""With these codes Azure has not even said who we are; every other refusal comes after that."""


class AzureChecks:
    """The checks, in an order in which each may use what the one before it found."""

    def __init__(self, azure: Azure, prober: Prober, *, read_only: bool) -> None:
        self._azure = azure
        self._read_only = read_only
        self._prober = prober
        self._listed: Listed | Problem | None = None
        self._example: Gateway | None = None

    def all(self) -> Sequence[Check]:
        """Every check, with what it looks at."""
        return (
            ("Azure sign-in", self.sign_in),
            ("gateways", self.gateways),
            ("backend health", self.health),
            ("changing", self.changing),
            ("a backend", self.backend),
        )

    async def sign_in(self) -> Checked:
        """Listing the gateways is the first thing that needs it."""
        try:
            self._listed = await self._azure.list_gateways()
        except Problem as problem:
            if problem.code in NOT_SIGNED_IN:
                raise
            self._listed = problem
        return ok("Azure knows the bot's identity.")

    async def gateways(self) -> Checked:
        match self._listed:
            case None:
                return skip("needs the sign-in.")
            case Problem() as problem:
                raise problem
            case Listed(documents, gaps):
                self._example = self._one_to_try(documents)
                seen = f"{len(documents)} seen."
        if gaps:
            return fix(
                f"{seen} {' '.join(gaps)}",
                "Give the bot's identity the role Reader there, or set AGW_SUBSCRIPTIONS to the others.",
            )
        if self._example is None:
            return fix(
                "No gateway can be seen.",
                "Give the bot's identity the role Reader where they are, or check AGW_SUBSCRIPTIONS.",
            )
        return ok(seen)

    async def health(self) -> Checked:
        """Reading is not enough for this one: it is an action of its own."""
        if self._example is None:
            return skip("needs a gateway to ask.")
        name = self._example.name
        if self._example.operational_state != "Running":
            return skip(f"{name} is {self._example.operational_state}, and so is every other one.")
        found = await self._azure.health(self._example.id, HEALTH_WITHIN)
        if isinstance(found, HealthNotKnown):
            return fix(
                f"{name} cannot be asked: {found.reason}.",
                "It needs Microsoft.Network/applicationGateways/backendhealth/action.",
            )
        return ok(f"{name} can be asked.")

    async def changing(self) -> Checked:
        """To write a gateway takes more than to read it, and nothing of it can be tried without writing."""
        if self._read_only:
            return skip("AGW_READ_ONLY is set, so nothing is ever changed.")
        if self._example is None:
            return skip("needs a gateway to ask about.")
        lacking = []
        for resource, action in needed_to_change(self._example):
            grants = await self._azure.grants(resource, HEALTH_WITHIN)
            if isinstance(grants, Unavailable):
                return skip(f"cannot be looked up: {grants.reason}.")
            if not allowed(grants, action):
                lacking.append(action)
        name = self._example.name
        if lacking:
            return fix(
                f"{name} may not be changed: the bot's identity lacks {' and '.join(lacking)}.",
                "Add that to its role, or set AGW_READ_ONLY=1.",
            )
        return ok(f"{name} may be written, and its subnets joined; other links were not looked up.")

    async def backend(self) -> Checked:
        """A diagnosis is far better where the backends can be seen as well."""
        found = backends(self._example) if self._example else ()
        if self._example is None or not found:
            return skip("needs a gateway with a backend.")
        attempt = wanted_attempts(self._example, found[:1])[0]
        (seen,) = await self._prober.observe((attempt,), (), PROBE_WITHIN)
        because = _not_reached(seen.outcome)
        if because is None:
            return ok(f"{_named(found[0])} can be reached.")
        return fix(
            f"{_named(found[0])} cannot be reached from here: {because}.",
            "Run agw where the gateway's backends can be reached, or set AGW_CONNECT_TO.",
        )

    def _one_to_try(self, documents: Sequence[Document]) -> Gateway | None:
        """The first that runs and has a backend, else the first that runs, else the first."""
        read = [
            read_gateway(it, self._prober.read_certificates(certificate_data(it)))
            for it in documents
        ]
        running = [it for it in read if it.operational_state == "Running"]
        return next((it for it in running if backends(it)), next(iter([*running, *read]), None))


def _named(backend: Backend) -> str:
    return f"{backend.server}:{backend.settings.port}"


def _not_reached(outcome: Outcome) -> str | None:
    """Why there was no connection; whatever came after one does not matter here."""
    match outcome:
        case NotTried(reason) | Unresolved(_, reason) | NotConnected(_, _, reason):
            return reason
        case _:
            return None
