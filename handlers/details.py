"""What a person may ask for beyond the card and its modals: the certificate, code, status, history."""

import re
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime

from bot.core.changes.change import Change
from bot.core.model.certificate import Certificate
from bot.core.report.code_handout import handout, with_code
from bot.core.report.incident import Incident
from bot.core.report.report import Report
from bot.workflow import Ambiguous, Found, NotFound
from bot.workflow.lookup_result import Candidate
from handlers.blocks import help as helps
from handlers.blocks import history as past
from handlers.blocks.diagnosis import focus
from handlers.blocks.kit import note
from handlers.blocks.text import code, day, outside
from handlers.interactions import Interaction
from handlers.links import THREAD, card_urls, thread_link
from handlers.overview import LOOK_BACK
from handlers.shell import Shell

EVER = datetime.min.replace(tzinfo=UTC)


class Details:
    """Read-only answers."""

    def __init__(self, shell: Shell) -> None:
        self._shell = shell

    async def certificate(self, act: Interaction, incident_id: str) -> None:
        """Post the certificate that the gateway receives in the thread, as a Base-64 `.cer`."""
        incident = await self._shell.workflow.store.incident(incident_id)
        changes = await self._shell.cards.changes(incident) if incident is not None else ()
        report = incident.report if incident is not None else None
        found = wanted_certificate(report, changes) if report is not None else None
        if incident is None or found is None:
            await self._shell.tell(act, note("I no longer have this certificate. Diagnose again."))
            return
        comment = (
            f"{code(found.subject)}, issued by {code(found.issuer)}, valid until {day(found.not_after)},"
            f" SHA-256 {code(found.sha256)}"
        )
        await self._shell.slack.upload(
            incident.channel,
            incident.ts,
            file_name(found),
            ssl.DER_cert_to_PEM_cert(found.der).encode("ascii"),
            comment,
        )
        await self._tell_where(act, incident, file_name(found))

    async def as_code(self, act: Interaction, incident_id: str) -> None:
        """Post every option that changes the gateway in the thread, as code in one file."""
        incident = await self._shell.workflow.store.incident(incident_id)
        report = incident.report if incident is not None else None
        options = with_code(report) if report is not None else ()
        if incident is None or report is None or not options:
            await self._shell.tell(act, note("I no longer have this code. Diagnose again."))
            return
        name = f"{report.gateway.name}-as-code.md"
        titles = ", ".join(outside(it.title) for it in options)
        await self._shell.slack.upload(
            incident.channel,
            incident.ts,
            name,
            handout(report, options).encode(),
            f"For the Azure CLI, Terraform and Bicep: {titles}",
        )
        await self._tell_where(act, incident, name)

    async def _tell_where(self, act: Interaction, incident: Incident, file: str) -> None:
        # Where Slack takes a file but says no link, the words have to do.
        where = await thread_link(self._shell.slack, incident) or THREAD
        await self._shell.tell(act, note(f"{code(file)} is in {where}."))

    async def status(self, act: Interaction, target: str | None) -> None:
        """Recent diagnoses, open offers and changes under way."""
        candidate = await self._named(act, target)
        if target is not None and candidate is None:
            return
        store, most = self._shell.workflow.store, past.MOST_LISTED
        going_on = await store.open_changes(candidate.id if candidate else None, limit=most)
        since = self._shell.clock() - LOOK_BACK
        recent = await store.recent_incidents(candidate.id, since, limit=most) if candidate else ()
        urls = await card_urls(self._shell.slack, [(it.channel, it.ts) for it in recent])
        linked = [(it, urls.get((it.channel, it.ts))) for it in recent]
        where = candidate.name if candidate else None
        await self._shell.tell(act, past.status(where, linked, going_on))

    async def history(self, act: Interaction, target: str | None) -> None:
        """Past changes and diagnoses, newest first, each with the link to its card."""
        candidate = await self._named(act, target)
        if target is not None and candidate is None:
            return
        store, gateway_id = self._shell.workflow.store, candidate.id if candidate else None
        most, where = past.MOST_LISTED, candidate.name if candidate else None
        changes = await store.changes(gateway_id, limit=most)
        number = await store.count_changes(gateway_id, most=past.MOST_COUNTED)
        incidents = await store.recent_incidents(gateway_id, EVER, limit=most + 1)
        cards = [(it.card.channel, it.card.ts) for it in changes]
        cards += [(it.channel, it.ts) for it in incidents[:most]]
        urls = await card_urls(self._shell.slack, cards)
        await self._shell.tell(act, past.history(where, changes, number, incidents, urls))

    async def _named(self, act: Interaction, target: str | None) -> Candidate | None:
        """The gateway meant; None if none was named, or if the person was told why it is unclear."""
        if target is None:
            return None
        match await self._shell.workflow.name(target):
            case Found(candidate=candidate):
                return candidate
            case NotFound() as answer:
                await self._shell.tell(act, helps.not_found(answer))
            case Ambiguous(candidates=candidates):
                names = ", ".join(code(f"{it.resource_group}/{it.name}") for it in candidates[:10])
                await self._shell.tell(act, note(f"Which one? {names}"))
        return None


def wanted_certificate(report: Report, changes: tuple[Change, ...]) -> Certificate | None:
    """The one that the offered plan uploads, else the one that the faulty backend serves to the gateway."""
    served = {it.sha256: it for it in _served(report)}
    planned = (it.sha256 for change in changes for it in change.plan.certificates)
    by_plan = next((served[sha256] for sha256 in planned if sha256 in served), None)
    return by_plan or next(iter(served.values()), None)


def file_name(certificate: Certificate) -> str:
    """The certificate's common name as a file name; the portal asks for `.cer`."""
    shown = (certificate.common_name or "certificate").replace("*", "wildcard")
    return f"{re.sub(r'[^A-Za-z0-9.-]+', '-', shown).strip('.-')[:80] or 'certificate'}.cer"


def _served(report: Report) -> Iterator[Certificate]:
    """Every certificate seen, starting with the leaf that the faulty backend serves to the gateway."""
    first = focus(report)
    backends = sorted(report.backends, key=lambda it: it is not first)
    for backend in backends:
        made = sorted(backend.handshakes, key=lambda it: it.sni != backend.probe.sni)
        for handshake in made:
            yield from handshake.chain
