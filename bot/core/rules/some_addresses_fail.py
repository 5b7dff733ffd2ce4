"""A pool member's name has several addresses, and the site is well at some of them only."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.addresses import (
    ProbeResult,
    fail_differently,
    gateways_addresses,
    probe_results,
    shown,
)
from bot.core.analysis.reported_health import REACH, reported_class, reported_health
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match, Undecided
from bot.core.case.rule import Rule, Said, each_backend
from bot.core.routing.routes import Backend


def check(case: Case, backend: Backend) -> Iterator[Said]:
    """Every address was asked what the health probe asks; silence accuses one only if the gateway meets it too."""
    addresses = gateways_addresses(case, backend.server)
    if len(addresses) < 2:
        return
    stands = probe_results(case, backend, addresses)
    well, failing, silent = (_those(stands, it) for it in ("healthy", "faulty", "unreachable"))
    if failing and (well or fail_differently(case, backend, failing)):
        yield _seen(case, backend, failing, stands)
    elif well and silent and reported_class(case, backend) in REACH:
        yield _seen(case, backend, silent, stands)
    elif well and silent and reported_health(case, backend) == "unknown":
        yield Undecided(
            f"{', '.join(silent)}, of {len(stands)} addresses of {backend.server}, cannot be reached from here,"
            " and the gateway does not say whether it gets through",
            backend,
        )


def _those(stands: dict[str, ProbeResult], wanted: ProbeResult) -> tuple[str, ...]:
    return tuple(address for address, it in stands.items() if it == wanted)


def _seen(
    case: Case, backend: Backend, bad: tuple[str, ...], stands: dict[str, ProbeResult]
) -> Match:
    names = Evidence(
        f"{backend.server} resolves to {', '.join(stands)}", commands.resolve(backend.server)
    )
    return Match(
        f"{backend.server} has {len(stands)} addresses, and the health probe fails at"
        f" {', '.join(bad)}: requests fail whenever they go there.",
        (names, *(shown(case, backend, address) for address in stands)),
        backend,
        "high" if stands[bad[0]] == "faulty" else "medium",
    )


RULE = Rule(
    id="some_addresses_fail",
    severity="error",
    symptom="A pool member's name has several addresses, and they do not behave alike.",
    cause="A record that is left over from a server that is gone or now serves something else, or one server of"
    " several that is down or has another certificate.",
    remedy="Take the address out of DNS, or mend the server there; each address has to pass the health probe.",
    sources=(
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/troubleshoot-dns-resolution-issues",
        "https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting",
    ),
    check=each_backend(check),
    explains=("port_silent", "gateway_disagrees"),
)
