"""v1: is the served certificate among those that the HTTP settings allow-list, and if not, why not?

A v1 gateway compares the leaf, byte for byte, with the authentication certificates that the settings refer to:
https://learn.microsoft.com/azure/application-gateway/ssl-overview
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.analysis import commands
from bot.core.analysis.ilb_comparison import environment_at, held_by
from bot.core.analysis.reported_health import probe_handshake, reported_class, reported_health
from bot.core.case.finding import Evidence, Undecided
from bot.core.case.view import BackendView
from bot.core.model.asked_once import asked_once
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.model.hostname import certificate_names
from bot.core.model.marked import mark
from bot.core.model.observation import PUBLIC, Handshake
from bot.core.routing.gateway_request import sni_in_words

PLATFORM_SUFFIXES = (".azurewebsites.net", ".appserviceenvironment.net")
"""Names that only App Service answers to."""


@dataclass(frozen=True, slots=True)
class NotListed:
    """The served leaf is not allow-listed.

    `name_with_listed`: with this SNI a listed one is served; `predecessor`: the listed one that it replaced.
    """

    leaf: Certificate
    name_with_listed: str | None
    predecessor: Certificate | None
    evidence: tuple[Evidence, ...]


@asked_once
def not_listed(view: BackendView) -> NotListed | Undecided | None:
    """What a v1 gateway objects to; None if nothing, or on v2."""
    if view.gateway.traits.verifies_chain:
        return None
    seen = probe_handshake(view)
    if seen is None or isinstance(seen, Undecided):
        return seen
    if seen.leaf is None or _allowed(view, seen):
        return None
    doubt = _doubt(view)
    if doubt is not None:
        return None if reported_health(view) == "healthy" else Undecided(doubt, view.backend)
    name = _name_with_listed(view)
    return NotListed(
        leaf=seen.leaf,
        name_with_listed=name,
        predecessor=None if name else _predecessor(view, seen.leaf),
        evidence=tuple(_evidence(view, seen.leaf)),
    )


def _allowed(view: BackendView, seen: Handshake) -> bool:
    listed = _listed(view)
    if listed:
        return seen.leaf is not None and seen.leaf.sha256 in {it.sha256 for it in listed}
    # Nothing listed: only Microsoft's own services, such as App Service, pass by default (ssl-overview).
    public = seen.trusted_by(PUBLIC)
    carried = certificate_names(seen.leaf) if seen.leaf is not None else ()
    platform = bool(carried) and all(it.lower().endswith(PLATFORM_SUFFIXES) for it in carried)
    return platform and public is not None and public.code == 0


def _doubt(view: BackendView) -> str | None:
    """Why the served certificate may be a listed one that cannot be read; None if the gateway denies it."""
    if reported_class(view) == "not_allow_listed":
        return None
    for it in view.gateway.allow_list(view.settings):
        if isinstance(it.certificate, Unreadable):
            return (
                f"the certificate {mark(it.name)} of the settings cannot be read here ({it.certificate.reason}),"
                " so it is not known whether it is the served one"
            )
    return None


def _listed(view: BackendView) -> tuple[Certificate, ...]:
    stored = view.gateway.allow_list(view.settings)
    return tuple(it.certificate for it in stored if isinstance(it.certificate, Certificate))


def _name_with_listed(view: BackendView) -> str | None:
    listed = {it.sha256 for it in _listed(view)}
    for attempt, handshake in view.handshakes:
        if attempt.sni and handshake.leaf and handshake.leaf.sha256 in listed:
            return attempt.sni
    return None


def _predecessor(view: BackendView, leaf: Certificate) -> Certificate | None:
    """The newest listed certificate for the same subject or the same names."""
    same = [it for it in _listed(view) if _stands_for_the_same(it, leaf)]
    return max(same, key=lambda it: it.not_after, default=None)


def _stands_for_the_same(one: Certificate, other: Certificate) -> bool:
    shared = {it.lower() for it in certificate_names(one)}
    return one.subject == other.subject or (
        bool(shared) and shared == {it.lower() for it in certificate_names(other)}
    )


def _evidence(view: BackendView, leaf: Certificate) -> Iterator[Evidence]:
    attempt = view.attempt
    asked = f"with SNI {mark(attempt.sni)}" if attempt.sni else "without SNI, as this gateway asks"
    yield Evidence(
        f"{asked}, {mark(view.server)} serves {mark(leaf.subject)} (SHA-256 {leaf.sha256}),"
        f" valid from {leaf.not_before:%Y-%m-%d} to {leaf.not_after:%Y-%m-%d}",
        commands.openssl(attempt),
    )
    environment = environment_at(view)
    held = environment.holding(leaf) if environment else None
    if environment and held:
        yield Evidence(held_by(environment), commands.show_thumbprint(held.id))
    for stored in view.gateway.allow_list(view.settings):
        match stored.certificate:
            case Certificate(subject=subject, sha256=sha256, not_before=begin, not_after=end):
                text = (
                    f"allow-listed as {mark(stored.name)}: {mark(subject)} (SHA-256 {sha256}),"
                    f" valid from {begin:%Y-%m-%d} to {end:%Y-%m-%d}"
                )
            case unreadable:
                text = f"allow-listed as {mark(stored.name)}, but not readable: {unreadable.reason}"
        yield Evidence(text, commands.show_settings(view.gateway, view.backend))
    for other, handshake in view.handshakes:
        if handshake.leaf and handshake.leaf != leaf and other.sni != attempt.sni:
            yield Evidence(
                f"with {sni_in_words(other.sni)} it serves"
                f" {mark(handshake.leaf.subject)} (SHA-256 {handshake.leaf.sha256})",
                commands.openssl(other),
            )
