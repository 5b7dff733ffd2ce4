"""The health probe gets an HTTP status that is not among the healthy ones."""

from collections.abc import Iterator

from bot.core import commands
from bot.core.backend import Backend
from bot.core.case import Case
from bot.core.finding import Evidence, Seen, Undecided
from bot.core.looking import reported, reported_class, unseen
from bot.core.observation import Answered, NoResponse, Response
from bot.core.rule import Rule, Said, each_backend
from bot.core.status import in_ranges


def check(case: Case, backend: Backend) -> Iterator[Said]:
    """The very request of the health probe, made by us, is answered outside the match."""
    sent = case.sent(backend)
    attempt = case.probe_attempt(backend)
    match case.outcome(attempt):
        case Answered(http=Response(status=status)):
            if not in_ranges(status, sent.match.status_codes):
                expected = ", ".join(sent.match.status_codes)
                yield Seen(
                    f"{backend.server} answers the health probe (Host {sent.host}, path {sent.path}) with"
                    f" {status}; healthy is {expected}.",
                    (
                        Evidence(
                            f"status {status}, expected {expected}",
                            commands.curl(attempt),
                        ),
                        Evidence(
                            f"the probe sends Host {sent.host} and path {sent.path}",
                            commands.show_probe(case.gateway, backend),
                        ),
                    ),
                    backend,
                )
        case Answered(http=NoResponse(reason=reason)):
            if reported(case, backend) == "unknown" or reported_class(case, backend) == "status":
                yield Undecided(
                    f"the answer to the health probe could not be read: {reason}",
                    backend,
                )
        case outcome:
            because = unseen(case, backend, outcome)
            if because:
                yield Undecided(because, backend)


RULE = Rule(
    id="probe_status_unexpected",
    severity="error",
    symptom="The backend answers the health probe with an unexpected HTTP status.",
    cause="The probe asks for a host or path that the server does not know, needs a sign-in for, or fails on.",
    remedy="Correct the probe's host or path, or the status codes it takes as healthy.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_backend(check),
)
