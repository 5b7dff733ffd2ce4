"""What happens to random gateways: outcomes of connections, health reports, and whole cases of them."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from bot.core.arm.gateway_reader import read_gateway
from bot.core.case.attempts import wanted_attempts
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.certificate import Certificate
from bot.core.model.gateway import Gateway
from bot.core.model.health import BackendHealth, Health, HealthNotKnown, HealthState, ServerHealth
from bot.core.model.observation import (
    PUBLIC,
    Answered,
    Attempt,
    Handshake,
    HandshakeFailed,
    NoResponse,
    NotConnected,
    NotTried,
    Observation,
    Outcome,
    Response,
    Trust,
    Unresolved,
)
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import WhatIf, attempts_to_judge, try_options
from bot.core.routing.routes import backends
from bot.core.rules import RULES
from bot.lab.azure.messages import Symptom
from tests.core.make import APP, HOST, ILB, NOW, ROOT, SERVER, certificate, certificates
from tests.corpus.gateways import HOSTS, LATE, gateways, maybe

OTHER = certificate("other.contoso.com")
ALONE = certificate(HOST, issuer=f"CN={HOST}", self_signed=True, sha256="2" * 64, der=b"alone")
ISSUING = certificate("issuing CA", is_ca=True, has_san=False, dns_names=())
KNOWN = (LATE, OTHER, ALONE, ISSUING)
CHAINS = (
    (APP,),
    (ILB,),
    (APP, ROOT),
    (LATE,),
    (OTHER, ISSUING),
    (ALONE,),
    (ISSUING, APP),
    (ROOT,),
    (),
)
STATES: tuple[HealthState, ...] = ("healthy", "unhealthy", "partial", "draining", "unknown")


@st.composite
def outcomes(draw: st.DrawFn, attempt: Attempt, gateway: Gateway) -> Outcome:
    kind = draw(
        st.sampled_from(["answered"] * 6 + ["refused", "silent", "alert", "dns", "skipped"])
    )
    match kind:
        case "refused":
            return NotConnected("refused", attempt.server, "connection refused")
        case "silent":
            return NotConnected("timeout", attempt.server, "no answer")
        case "alert":
            number = draw(st.sampled_from([40, 70, 112, None]))
            failed = HandshakeFailed("alert", attempt.server, number, "handshake failed")
            others = [replace(failed, kind=it) for it in ("not_tls", "closed", "timeout")]
            return draw(st.sampled_from([failed, *others]))
        case "dns":
            return Unresolved(attempt.server, "no such name")
        case "skipped":
            return NotTried("refused by the guard")
    said = draw(
        st.builds(
            Response,
            st.sampled_from([200, 200, 302, 400, 401, 404, 500]),
            maybe(st.just("/login")),
            st.sampled_from(["", "all good"]),
        )
        | st.sampled_from([NoResponse("timeout", "late"), NoResponse("client_certificate", "no")])
    )
    handshake = draw(handshakes(gateway)) if attempt.tls else None
    return Answered(attempt.server, handshake, said)


@st.composite
def handshakes(draw: st.DrawFn, gateway: Gateway) -> Handshake:
    chain = draw(st.sampled_from(CHAINS))
    stored = (it.certificate for it in gateway.trusted_roots)
    roots = [it.sha256 for it in stored if isinstance(it, Certificate)]
    sent = [it.sha256 for it in chain if it.self_signed]
    codes = st.sampled_from([0, 0, 19, 20])
    trust = tuple(Trust(anchor, draw(codes), "said") for anchor in (*roots, *sent, PUBLIC))
    return Handshake("TLSv1.2", "ECDHE", chain, trust)


@st.composite
def healths(draw: st.DrawFn, gateway: Gateway) -> Health:
    if draw(st.integers(0, 5)) == 0:
        return HealthNotKnown("no permission")
    messages = [newer for newer, _ in (it.value for it in Symptom)]
    return BackendHealth(
        tuple(
            ServerHealth(
                it.pool.id,
                it.settings.id,
                it.server,
                draw(st.sampled_from(STATES)),
                draw(maybe(st.sampled_from(messages))),
            )
            for it in backends(gateway)
        )
    )


@dataclass(frozen=True, slots=True)
class Server:
    """A server that behaves: the same certificate for the same name, the same answer for the same host."""

    default: tuple[Certificate, ...]
    named: tuple[Certificate, ...]
    public: bool
    knows: tuple[str, ...]
    status: int

    def outcome(self, attempt: Attempt, gateway: Gateway) -> Outcome:
        chain = self.named if attempt.sni in HOSTS[:2] else self.default
        status = self.status if attempt.host in self.knows else 404
        handshake = self._handshake(chain, gateway) if attempt.tls else None
        return Answered(attempt.server, handshake, Response(status, None, "all good"))

    def _handshake(self, chain: tuple[Certificate, ...], gateway: Gateway) -> Handshake:
        stored = (it.certificate for it in gateway.trusted_roots)
        roots = [it.sha256 for it in stored if isinstance(it, Certificate)]
        ends = {it.sha256 for it in chain if it.is_root}
        trust = tuple(Trust(it, 0 if it in ends else 20, "said") for it in {*roots, *ends})
        public = Trust(PUBLIC, 0 if self.public else 20, "said")
        return Handshake("TLSv1.2", "ECDHE", chain, (*trust, public))


SERVER_CHAINS = st.sampled_from([(APP, ROOT), (ILB, ROOT), (APP,), (LATE, ROOT), (OTHER, ROOT)])
servers = st.builds(
    Server,
    SERVER_CHAINS,
    SERVER_CHAINS,
    st.booleans(),
    st.sampled_from([(*HOSTS, SERVER, "127.0.0.1"), HOSTS, HOSTS[:1]]),
    st.sampled_from([200, 200, 200, 401]),
)


@st.composite
def observed(
    draw: st.DrawFn, attempts: tuple[Attempt, ...], gateway: Gateway
) -> tuple[Observation, ...]:
    return tuple(
        Observation(it, draw(outcomes(it, gateway)), draw(st.sampled_from([0.1, 25.0])))
        for it in attempts
    )


@st.composite
def papers(draw: st.DrawFn) -> WhatIf:
    """A gateway that was read and looked at; what its trials still miss is seen as well, as in life."""
    made = draw(gateways())
    meant = certificates(*KNOWN)
    gateway = read_gateway(made, meant)
    case = Case(gateway, draw(healths(gateway)), (), NOW)
    attempts = wanted_attempts(case)
    server = draw(maybe(servers))
    if server is None:
        return WhatIf(
            replace(case, observations=draw(observed(attempts, gateway))), made, meant, RULES
        )
    seen = tuple(Observation(it, server.outcome(it, gateway), 0.1) for it in attempts)
    what_if = WhatIf(replace(case, observations=seen), made, meant, RULES)
    further = attempts_to_judge(
        what_if, try_options(what_if, diagnose(what_if.case, RULES), OPTIONS)
    )
    more = tuple(Observation(it, server.outcome(it, gateway), 0.1) for it in further)
    return replace(what_if, case=replace(what_if.case, observations=(*seen, *more)))
