"""The last check before a gateway is written: is everything still as it was shown?"""

from collections.abc import Callable, Iterator
from datetime import datetime

from bot.aside import aside
from bot.core.arm import edit
from bot.core.arm.certificates_reader import certificate_data
from bot.core.arm.document import Document, text_of
from bot.core.arm.gateway_reader import read_gateway
from bot.core.arm.verification import content_digest
from bot.core.changes.limits import in_zone
from bot.core.changes.on_demand import OnDemand, on_demand_trials
from bot.core.changes.plan import Expectation, Plan
from bot.core.changes.remark import Remark
from bot.core.changes.remark_text import remark
from bot.core.model.certificate import Certificate
from bot.core.model.gateway import Gateway, is_ip
from bot.core.model.health import BackendHealth, Health, ServerHealth
from bot.core.model.observation import Answered, Attempt, Observation, Unresolved
from bot.core.routing.routes import backends
from bot.workflow.foreseeing import refusal
from bot.workflow.policy import Policy
from bot.workflow.ports import Azure, Prober


class Preflight:
    """Finds the first reason not to write; changes nothing itself."""

    def __init__(
        self, azure: Azure, prober: Prober, policy: Policy, clock: Callable[[], datetime]
    ) -> None:
        self._azure = azure
        self._clock = clock
        self._prober = prober
        self._policy = policy

    async def objection(
        self, plan: Plan, document: Document, *, undoing: bool, waited: bool
    ) -> Remark | None:
        """Why the plan may not be carried out now; None if it may.

        `waited`: for the end of somebody's operation, after which the gateway may have another etag.
        """
        # In a thread: what a gateway holds as certificates may take long to read.
        data = tuple(certificate_data(document))
        certificates = await aside(self._prober.read_certificates, data)
        gateway = await aside(read_gateway, document, certificates)
        reason = self._frozen(undoing=undoing) or state_objection(gateway)
        if reason is not None:
            return reason
        planned = await aside(_planned, plan, document, waited=waited)
        if isinstance(planned, Remark):
            return planned
        reason = await refusal(self._azure, plan.gateway_id, document, planned)
        reason = reason or await self._seen(plan, gateway)
        # An undo restores what was there, healthy or not: there is nothing to try.
        if reason is not None or undoing:
            return reason
        trials = await aside(on_demand_trials, plan, document, certificates)
        return await self._tried(plan, trials)

    def _frozen(self, *, undoing: bool) -> Remark | None:
        """The freeze may have begun since the press."""
        until = None if undoing else self._policy.limits.frozen_until(self._clock())
        return remark("frozen", until=in_zone(until)) if until else None

    async def _seen(self, plan: Plan, gateway: Gateway) -> Remark | None:
        names = tuple(_name_attempts(gateway))
        expected = tuple(map(_attempt, plan.expects))
        made = await self._prober.observe((*names, *expected), (), self._policy.timeout / 2)
        return _unresolved(made[: len(names)]) or _other_certificate(
            plan.expects, made[len(names) :]
        )

    async def _tried(self, plan: Plan, trials: tuple[OnDemand, ...]) -> Remark | None:
        """Let the gateway itself try the new probe; if it cannot, that is no objection."""
        for trial in trials:
            health = await self._azure.health_on_demand(
                plan.gateway_id, trial.body, self._policy.timeout
            )
            sick = [it for it in _servers(health) if it.state == "unhealthy"]
            if sick:
                because = (sick[0].message or "it does not say why").rstrip(".")
                return remark("would_be_unhealthy", server=sick[0].server, message=because)
        return None


def state_objection(gateway: Gateway) -> Remark | None:
    """Why the state of a gateway speaks against a change.

    One whose last change failed or was cancelled does not, since a change is the cure.
    """
    if gateway.is_down:
        return remark("not_running", state=gateway.operational_state)
    if gateway.provisioning_state.lower() not in ("succeeded", "failed", "canceled", "unknown"):
        return remark("in_other_state", state=gateway.provisioning_state)
    return None


def _servers(health: Health) -> tuple[ServerHealth, ...]:
    return health.servers if isinstance(health, BackendHealth) else ()


def _planned(plan: Plan, document: Document, *, waited: bool) -> Document | Remark:
    """The document with the plan's edits; or why they do not fit."""
    if not _as_shown(plan, document, waited=waited):
        return remark("changed_since_offer")
    try:
        return edit.apply(plan.edits, document)
    except edit.Conflict as conflict:
        return remark("does_not_fit", conflict=str(conflict))


def _as_shown(plan: Plan, document: Document, *, waited: bool) -> bool:
    same_content = plan.content == content_digest(document)
    if text_of(document.get("etag")) == plan.etag:
        return same_content or not plan.content
    # An operation that ends gives a new etag; whoever approved was told that it is waited for.
    expected = waited or any(it.code == "waits_for_update" for it in plan.notes)
    return expected and same_content


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


def _unresolved(made: tuple[Observation, ...]) -> Remark | None:
    names = (it.outcome.name for it in made if isinstance(it.outcome, Unresolved))
    name = next(names, None)
    return remark("unresolved", server=name) if name is not None else None


def _other_certificate(
    expects: tuple[Expectation, ...], made: tuple[Observation, ...]
) -> Remark | None:
    for expected, it in zip(expects, made, strict=True):
        leaf, server = _leaf(it), f"{expected.server}:{expected.port}"
        if leaf is None:
            return remark("no_certificate", server=server)
        if leaf.sha256 != expected.sha256:
            return remark(
                "other_certificate",
                server=server,
                approved=expected.sha256,
                now=leaf.sha256,
                subject=leaf.subject,
            )
    return None


def _leaf(it: Observation) -> Certificate | None:
    match it.outcome:
        case Answered(handshake=handshake) if handshake is not None:
            return handshake.leaf
    return None
