"""A probe makes the gateway call some servers healthy whatever they answer."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.marked import mark


def check(case: Case) -> Iterator[Match]:
    """`minServers` above zero on a probe of a live route; said once for each pool and HTTP settings."""
    told: set[tuple[str, str]] = set()
    for backend in case.backends:
        probe = case.gateway.probe_of(backend.settings)
        if probe is None or probe.min_servers == 0 or backend.place in told:
            continue
        told.add(backend.place)
        members = sum(it.place == backend.place for it in case.backends)
        kept = min(probe.min_servers, members)
        yield Match(
            f"Probe {mark(probe.name)} keeps {kept} of {members} in {mark(backend.pool.name)} healthy whatever"
            " they answer, so requests may go to servers that are down.",
            (
                Evidence(
                    f"minServers of {mark(probe.name)} is {probe.min_servers}",
                    commands.show_probe(case.gateway, backend),
                ),
            ),
            part=backend.pool.name,
        )


RULE = Rule(
    id="min_servers_hides_failures",
    severity="warning",
    symptom="The probe keeps a number of servers healthy whatever they answer.",
    cause="The probe's minServers is above zero: the backend health shown then hides real failures.",
    remedy="Set the probe's minServers to 0.",
    sources=(
        "https://learn.microsoft.com/rest/api/application-gateway/application-gateways/get",
        "https://learn.microsoft.com/azure/application-gateway/application-gateway-probe-overview",
    ),
    check=check,
)
