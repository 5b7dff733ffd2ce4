"""The last check before a gateway is written: is everything still as it was shown?"""

from collections.abc import Iterator

from bot.core.arm import edit
from bot.core.arm.document import Document
from bot.core.arm.gateway_reader import certificate_data, read_gateway
from bot.core.changes.on_demand import OnDemand, on_demand_trials
from bot.core.changes.plan import Expectation, Plan
from bot.core.model.certificate import Certificate
from bot.core.model.gateway import Gateway, is_ip
from bot.core.model.health import BackendHealth, Health, ServerHealth
from bot.core.model.marked import mark
from bot.core.model.observation import Answered, Attempt, Observation, Unresolved
from bot.core.routing.routes import backends
from bot.workflow.policy import Policy
from bot.workflow.ports import Azure, Prober


class Preflight:
    """Finds the first reason not to write; changes nothing itself."""

    def __init__(self, azure: Azure, prober: Prober, policy: Policy) -> None:
        self._azure = azure
        self._prober = prober
        self._policy = policy

    async def objection(self, plan: Plan, document: Document, *, undoing: bool) -> str | None:
        """Why the plan may not be carried out now, in one sentence; None if it may."""
        certificates = self._prober.read_certificates(certificate_data(document))
        gateway = read_gateway(document, certificates)
        reason = _state(plan, gateway) or _fit(plan, document)
        if reason is not None:
            return reason
        seen = await self._seen(plan, gateway)
        # An undo restores what was there, healthy or not: there is nothing to try.
        if seen is not None or undoing:
            return seen
        return await self._tried(plan, on_demand_trials(plan, document, certificates))

    async def _seen(self, plan: Plan, gateway: Gateway) -> str | None:
        names = tuple(_name_attempts(gateway))
        expected = tuple(map(_attempt, plan.expects))
        made = await self._prober.observe((*names, *expected), (), self._policy.timeout / 2)
        return _unresolved(made[: len(names)]) or _other_certificate(
            plan.expects, made[len(names) :]
        )

    async def _tried(self, plan: Plan, trials: tuple[OnDemand, ...]) -> str | None:
        """Let the gateway itself try the new probe; if it cannot, that is no objection."""
        for trial in trials:
            health = await self._azure.health_on_demand(
                plan.gateway_id, trial.body, self._policy.timeout
            )
            sick = [it for it in _servers(health) if it.state == "unhealthy"]
            if sick:
                return (
                    f"the gateway tried the new probe itself, and {mark(sick[0].server)} would be unhealthy:"
                    f" {sick[0].message or 'it does not say why'}."
                )
        return None


def _servers(health: Health) -> tuple[ServerHealth, ...]:
    return health.servers if isinstance(health, BackendHealth) else ()


def _state(plan: Plan, gateway: Gateway) -> str | None:
    if gateway.operational_state.lower() not in ("running", "unknown"):
        return f"the gateway's operational state is {mark(gateway.operational_state)}."
    if gateway.provisioning_state.lower() not in ("succeeded", "unknown"):
        return (
            f"the gateway's provisioning state is {mark(gateway.provisioning_state)}; another change is under way"
            " or has failed."
        )
    if gateway.etag != plan.etag:
        return "the gateway was changed since this was offered. Diagnose again for a new offer."
    return None


def _fit(plan: Plan, document: Document) -> str | None:
    try:
        edit.apply(plan.edits, document)
    except edit.Conflict as conflict:
        return f"the gateway is not as it was shown: {conflict}."
    return None


def _name_attempts(gateway: Gateway) -> Iterator[Attempt]:
    """A look-up for every named pool member.

    A PUT while a member's name does not resolve discards the last addresses the gateway knew, and takes down a pool
    that still worked (learn.microsoft.com/troubleshoot/azure/application-gateway/
    application-gateway-backend-health-troubleshooting, "DNS resolution").
    """
    ports = {(it.pool.id, it.server): it.settings.port for it in backends(gateway)}
    for pool in gateway.pools:
        for server in pool.servers:
            if not is_ip(server):
                port = ports.get((pool.id, server), 443)
                yield Attempt(server, port, False, None, server, None)


def _attempt(expected: Expectation) -> Attempt:
    return Attempt(
        expected.server,
        expected.port,
        True,
        expected.sni,
        expected.sni or expected.server,
        None,
    )


def _unresolved(made: tuple[Observation, ...]) -> str | None:
    for it in made:
        if isinstance(it.outcome, Unresolved):
            return (
                f"the pool member {mark(it.outcome.name)} does not resolve from here. Writing the gateway while a"
                " name does not resolve would make it forget the address it still uses."
            )
    return None


def _other_certificate(
    expects: tuple[Expectation, ...], made: tuple[Observation, ...]
) -> str | None:
    for expected, it in zip(expects, made, strict=True):
        leaf, where = _leaf(it), mark(f"{expected.server}:{expected.port}")
        if leaf is None:
            return (
                f"{where} no longer shows its certificate from here, so it cannot be compared with the approved"
                " one."
            )
        if leaf.sha256 != expected.sha256:
            return (
                f"{where} now serves a different certificate from the approved one:"
                f" approved SHA-256 {expected.sha256}, now {leaf.sha256} ({mark(leaf.subject)})."
            )
    return None


def _leaf(it: Observation) -> Certificate | None:
    match it.outcome:
        case Answered(handshake=handshake) if handshake is not None:
            return handshake.leaf
    return None
