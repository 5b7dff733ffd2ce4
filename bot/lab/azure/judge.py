"""One health probe from beginning to end, as the gateway would tell it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
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
class Judge:
    """Probes targets over real sockets.

    `resolve` gives the addresses of a pool member, none if its name is unknown; `connect_to`
    where a connection to an address really goes: what it lacks cannot be reached. `time_allowed`
    turns the timeout of a probe, in seconds of the gateway's clock, into real seconds. With
    `large_client_hello`, v2 begins TLS with a ClientHello that is longer than one packet. `source` is the loopback
    address that it connects from; `wordings` are what it says instead of the texts of `messages`.
    """

    resolve: Callable[[str], Sequence[str]]
    connect_to: Callable[[], Mapping[Endpoint, Endpoint]]
    well_known: Sequence[x509.Certificate]
    era: Era
    time_allowed: Callable[[float], float]
    large_client_hello: bool = False
    source: str | None = None
    wordings: Mapping[Symptom, str] = field(default_factory=dict)

    async def probe(self, target: Target) -> Verdict:
        """Probe once. Only the symptoms of `messages` come out, never an exception."""
        addresses = self.resolve(target.server)
        if not addresses:
            return self._unhealthy(Symptom.DNS)
        try:
            async with asyncio.timeout(self.time_allowed(target.timeout)):
                return await self._probe(target, addresses[0])
        except TimeoutError:
            return self._unhealthy(Symptom.TIMEOUT)
        except ConnectionFailed:
            return self._unhealthy(Symptom.TCP)
        except HandshakeFailed as error:
            # Where no cipher is shared the gateway speaks, wrongly, of dates:
            # https://github.com/MicrosoftDocs/azure-docs/issues/41492
            return self._unhealthy(Symptom.EXPIRED if error.incompatible else Symptom.TCP)

    async def _probe(self, target: Target, address: str) -> Verdict:
        real = self.connect_to().get((address, target.port))
        if real is None:
            return self._unhealthy(Symptom.TCP)
        async with await Wire.connect(*real, self.source) as wire:
            if target.trust:
                # https://learn.microsoft.com/azure/application-gateway/application-gateway-tls-version-retirement
                v2 = not target.trust.v1
                presented = await wire.shake_hands(
                    target.sni, tls13=v2, large=v2 and self.large_client_hello
                )
                distrust = judge_certificates(
                    presented, target.trust, self.well_known, datetime.now(UTC)
                )
                if distrust:
                    return self._unhealthy(distrust.symptom, code=distrust.code)
            return self._judge_answer(target, await wire.ask(target.host, target.path))

    def _judge_answer(self, target: Target, answer: HttpAnswer) -> Verdict:
        if not any(status_matches(answer.status, wanted) for wanted in target.statuses):
            expected = ",".join(target.statuses)
            return self._unhealthy(Symptom.STATUS, expected=expected, received=answer.status)
        if target.body and target.body.encode() not in answer.body:
            return self._unhealthy(Symptom.BODY, expected=target.body)
        return Verdict(True, SUCCESS.format(status=answer.status))

    def _unhealthy(self, symptom: Symptom, **details: object) -> Verdict:
        said = self.wordings.get(symptom) or symptom.say(self.era, **details)
        return Verdict(False, said)


def status_matches(status: int, wanted: str) -> bool:
    """`wanted` is one code or a range such as 200-399; what is neither matches nothing."""
    low, _, high = wanted.partition("-")
    high = high or low
    return low.isdigit() and high.isdigit() and int(low) <= status <= int(high)
