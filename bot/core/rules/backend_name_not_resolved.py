"""DNS has no answer for a pool member's name."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.addresses import addresses_there, dns_said
from bot.core.analysis.guides import network
from bot.core.analysis.reported_health import reported_class, reported_health
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark
from bot.core.model.observation import Unresolved


def check(view: BackendView) -> Iterator[Said]:
    """The gateway says so, or its network's DNS servers do and the gateway does not contradict them."""
    outcome = view.connection
    health = view.server_health
    if reported_class(view) == "dns" and health is not None:
        evidence = Evidence(
            f"the gateway says: {health.message}", commands.show_health(view.gateway)
        )
        yield Match(
            f"The gateway cannot resolve the name {mark(view.server)}.",
            (evidence, *_own(outcome), *dns_said(view.case, view.server)),
            view.backend,
        )
    elif reported_health(view) != "unknown" and reported_class(view) != "no_connection":
        return
    elif addresses_there(view.case, view.server) == ():
        yield Match(
            f"The DNS servers of the gateway's network have no address for {mark(view.server)}.",
            (*_said(view), *dns_said(view.case, view.server), *_own(outcome)),
            view.backend,
            # A gateway may keep using the last address that it knew.
            "medium",
        )
    elif reported_class(view) == "no_connection":
        yield from _neither(view, outcome)
    elif isinstance(outcome, Unresolved):
        # The bot may simply not see a private DNS zone that the gateway's network is linked to.
        yield Undecided(
            f"{mark(outcome.name)} does not resolve from here, and the gateway does not say whether it does there",
            view.backend,
        )


def _neither(view: BackendView, outcome: object) -> Iterator[Match]:
    """A name that does not exist is also reported as a server that cannot be connected to.

    https://learn.microsoft.com/azure/app-service/environment/integrate-with-application-gateway
    """
    if isinstance(outcome, Unresolved) and outcome.is_answer:
        yield Match(
            f"The gateway cannot connect to {mark(view.server)}, a name for which there is no address from here.",
            (*_said(view), *_own(outcome)),
            view.backend,
            "medium",
        )


def _said(view: BackendView) -> Iterator[Evidence]:
    health = view.server_health
    if health is not None and health.message:
        yield Evidence(f"the gateway says: {health.message}", commands.show_health(view.gateway))


def _own(outcome: object) -> tuple[Evidence, ...]:
    if not isinstance(outcome, Unresolved):
        return ()
    text = f"{mark(outcome.name)} does not resolve from here either: {outcome.reason}"
    return (Evidence(text, commands.resolve(outcome.name)),)


RULE = Rule(
    id="backend_name_not_resolved",
    severity="error",
    symptom="The name of a pool member does not resolve for the gateway.",
    cause="A misspelt name, a private DNS zone that is not linked to the gateway's network, or a DNS server"
    " change that the gateway has not picked up (it does so only when it is stopped and started).",
    remedy="Correct the name or the zone link; after a change of DNS servers, stop and start the gateway.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-dns-resolution-issues",
    ),
    check=each_backend(check),
    guide=network.CORRECT_NAME,
    explains=("port_silent",),
)
