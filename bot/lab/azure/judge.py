"""What a backend answers to one request of the gateway, and what that says of its health."""

import asyncio
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography import x509

from bot.lab.azure.messages import SUCCESS, Era, Symptom
from bot.lab.azure.targets import Target
from bot.lab.azure.trust import judge_certificates
from bot.lab.azure.wire import ConnectionFailed, HandshakeFailed, HttpAnswer, Wire
from bot.lab.values import Endpoint


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one probe found; `log` is the text for healthProbeLog."""

    healthy: bool
    log: str


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why a backend's answer did not come, or is not believed; `details` fill the blanks of the message."""

    symptom: Symptom
    details: Mapping[str, object] = field(default_factory=dict)


CONNECTED = HttpAnswer(0, b"")
"""Stands for the answer of a server that was asked nothing."""


@dataclass(frozen=True, slots=True)
class Judge:
    """Asks targets over real sockets, as probes do and as requests of clients do.

    `resolve` gives the addresses of a pool member, none if its name is unknown; `connect_to`
    where a connection to an address really goes: what it lacks cannot be reached. `time_allowed`
    turns the timeout of a probe, in seconds of the gateway's clock, into real seconds. With
    `large_client_hello`, v2 begins TLS with a ClientHello that is longer than one packet.
    `source` is the loopback address that it connects from; `revoked` are the certificates (SHA-256) that it knows to be
    revoked; `wordings` are what it says instead of the texts of `messages`.
    """

    resolve: Callable[[str], Sequence[str]]
    connect_to: Callable[[], Mapping[Endpoint, Endpoint]]
    well_known: Sequence[x509.Certificate]
    era: Era
    time_allowed: Callable[[float], float]
    large_client_hello: bool = False
    source: str | None = None
    revoked: Set[str] = frozenset()
    wordings: Mapping[Symptom, str] = field(default_factory=dict)

    async def probe(self, target: Target) -> Verdict:
        """Probe once; only the symptoms of `messages` come out, never an exception.

        A `bare` target is well once it is connected, and its certificate accepted.
        """
        found = await self.answer(target, self.time_allowed(target.timeout))
        if isinstance(found, HttpAnswer):
            return self._judge_answer(target, found)
        return self._unhealthy(found)

    async def answer(
        self, target: Target, seconds: float, address: str | None = None
    ) -> HttpAnswer | NoAnswer:
        """What the target answers within so many real seconds, whatever its status; never an exception.

        `address` is one of those of its name, by default the first.
        """
        addresses = (address,) if address else self.resolve(target.server)
        if not addresses:
            return NoAnswer(Symptom.DNS)
        try:
            async with asyncio.timeout(seconds):
                return await self._ask(target, addresses[0])
        except TimeoutError:
            return NoAnswer(Symptom.TIMEOUT)
        except ConnectionFailed:
            return NoAnswer(Symptom.TCP)
        except HandshakeFailed as error:
            # Where no cipher is shared the gateway speaks, wrongly, of dates:
            # https://github.com/MicrosoftDocs/azure-docs/issues/41492
            return NoAnswer(Symptom.EXPIRED if error.incompatible else Symptom.TCP)

    async def _ask(self, target: Target, address: str) -> HttpAnswer | NoAnswer:
        real = self.connect_to().get((address, target.port))
        if real is None:
            return NoAnswer(Symptom.TCP)
        async with await Wire.connect(*real, self.source) as wire:
            if target.trust:
                # https://learn.microsoft.com/azure/application-gateway/application-gateway-tls-version-retirement
                v2 = not target.trust.v1
                presented = await wire.shake_hands(
                    target.sni, tls13=v2, large=v2 and self.large_client_hello
                )
                distrust = judge_certificates(
                    presented, target.trust, self.well_known, datetime.now(UTC), self.revoked
                )
                if distrust:
                    return NoAnswer(distrust.symptom, {"code": distrust.code})
            if target.bare:
                return CONNECTED
            return await wire.ask(target.host, target.path)

    def _judge_answer(self, target: Target, answer: HttpAnswer) -> Verdict:
        if target.bare:
            return Verdict(True, "")
        if not any(status_matches(answer.status, wanted) for wanted in target.statuses):
            details = {"expected": ",".join(target.statuses), "received": answer.status}
            return self._unhealthy(NoAnswer(Symptom.STATUS, details))
        if target.body and target.body.encode() not in answer.body:
            return self._unhealthy(NoAnswer(Symptom.BODY, {"expected": target.body}))
        return Verdict(True, SUCCESS.format(status=answer.status))

    def _unhealthy(self, why: NoAnswer) -> Verdict:
        said = self.wordings.get(why.symptom) or why.symptom.say(self.era, **why.details)
        return Verdict(False, said)


def status_matches(status: int, wanted: str) -> bool:
    """`wanted` is one code or a range such as 200-399; what is neither matches nothing."""
    low, _, high = wanted.partition("-")
    high = high or low
    return low.isdigit() and high.isdigit() and int(low) <= status <= int(high)
