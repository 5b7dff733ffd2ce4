"""What a report says about the App Service Environments among the backends: facts, a note, and their public JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.analysis.ilb_comparison import compare_ilb_certificate, environment_at
from bot.core.case.case import Case
from bot.core.case.view import view_of
from bot.core.model.app_service_environment import (
    Environment,
    EnvironmentVersion,
    IlbCertificate,
    Shown,
)
from bot.core.model.certificate import Certificate
from bot.core.model.marked import mark
from bot.core.model.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class HeldFacts:
    """A certificate that Azure holds as ILB certificate; None: Azure shows no more than its name and thumbprint."""

    name: str
    subject: str | None
    sha256: str | None
    not_after: datetime | None


@dataclass(frozen=True, slots=True)
class EnvironmentFacts:
    """An environment at the address `server`; `shown` is which of its certificates comes without SNI, if any came.

    `not_read` says why its ILB certificates are not known. How Azure is getting on with the custom suffix is in
    `suffix_state` and `suffix_details`, and where in Key Vault its certificate is in `suffix_certificate`.
    """

    id: str
    name: str
    version: EnvironmentVersion
    server: str
    dns_suffix: str | None
    custom_suffix: str | None
    ilb_certificates: tuple[HeldFacts, ...]
    not_read: str | None
    shown: Shown | None
    suffix_state: str | None = None
    suffix_details: str | None = None
    suffix_certificate: str | None = None


def environment_facts(case: Case) -> Iterator[EnvironmentFacts]:
    """One for each address at which an environment is a backend."""
    found: dict[str, tuple[Environment, Shown | None]] = {}
    for backend in case.backends:
        environment = environment_at(view_of(case, backend))
        if environment is not None:
            seen = compare_ilb_certificate(view_of(case, backend))
            _, before = found.get(backend.server, (environment, None))
            found[backend.server] = (environment, seen.shown if seen else before)
    for server, (environment, shown) in found.items():
        yield _facts(environment, server, shown)


def not_looked_up(case: Case) -> str | None:
    """Why it is not known whether there is one; None if it is known."""
    return case.environments.reason if isinstance(case.environments, Unavailable) else None


def environment_note(facts: EnvironmentFacts) -> str:
    """What it is, in a sentence."""
    unread = f"; its ILB certificate could not be read: {facts.not_read}" if facts.not_read else ""
    told = f"{_shows(facts)}{_held_up(facts)}{unread}"
    return f"{mark(facts.server)} is App Service Environment {mark(facts.name)} ({facts.version}){told}"


def environment_json(facts: EnvironmentFacts) -> dict[str, Any]:
    """Its part of the public document."""
    return {
        "id": facts.id,
        "name": facts.name,
        "version": facts.version,
        "server": facts.server,
        "dns_suffix": facts.dns_suffix,
        "custom_suffix": facts.custom_suffix,
        "custom_suffix_state": facts.suffix_state,
        "custom_suffix_details": facts.suffix_details,
        "custom_suffix_certificate": facts.suffix_certificate,
        "ilb_certificates": [
            {
                "name": it.name,
                "subject": it.subject,
                "sha256": it.sha256,
                "not_after": it.not_after.isoformat() if it.not_after else None,
            }
            for it in facts.ilb_certificates
        ],
        "not_read": facts.not_read,
        "shown": facts.shown,
    }


def _facts(environment: Environment, server: str, shown: Shown | None) -> EnvironmentFacts:
    certificates, suffix = environment.ilb_certificates, environment.custom_suffix
    return EnvironmentFacts(
        id=environment.id,
        name=environment.name,
        version=environment.version,
        server=server,
        dns_suffix=environment.dns_suffix,
        custom_suffix=suffix.name if suffix else None,
        ilb_certificates=tuple(map(_held, environment.held)),
        not_read=certificates.reason if isinstance(certificates, Unavailable) else None,
        shown=shown,
        suffix_state=suffix.state if suffix else None,
        suffix_details=suffix.details if suffix else None,
        suffix_certificate=suffix.certificate if suffix else None,
    )


def _held(held: IlbCertificate) -> HeldFacts:
    match held.certificate:
        case Certificate(subject=subject, sha256=sha256, not_after=end):
            return HeldFacts(held.name, subject, sha256, end)
    return HeldFacts(held.name, None, None, None)


def _shows(facts: EnvironmentFacts) -> str:
    match facts.shown:
        case "ilb":
            return "; without SNI it shows the ILB certificate that Azure holds for it"
        case "custom_suffix":
            return f"; without SNI it shows the certificate of its custom suffix {mark(facts.custom_suffix or '')}"
        case "default_domain":
            return f"; without SNI it shows the certificate of its default domain {mark(facts.dns_suffix or '')}"
        # Where Azure holds another one, a finding says so.
        case "other" if not facts.ilb_certificates:
            return "; without SNI it shows a certificate that Azure says nothing about"
    return ""


def _held_up(facts: EnvironmentFacts) -> str:
    """What is wrong with the custom suffix: its names may get an old certificate then, or the default domain's."""
    if facts.suffix_state is None or facts.suffix_state == "Succeeded":
        return ""
    because = f" ({facts.suffix_details})" if facts.suffix_details else ""
    suffix = mark(facts.custom_suffix or "")
    return f"; Azure says about its custom suffix {suffix}: {facts.suffix_state}{because}"
