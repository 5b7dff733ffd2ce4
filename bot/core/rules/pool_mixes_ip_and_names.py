"""A backend pool holds both IP addresses and names."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.case.case import Case
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule
from bot.core.model.gateway import is_ip
from bot.core.model.marked import mark


def check(case: Case) -> Iterator[Match]:
    """The gateway sends the two kinds different SNI and Host, so one setting seldom suits both."""
    for pool in dict.fromkeys(backend.pool for backend in case.backends):
        ips = [server for server in pool.servers if is_ip(server)]
        names = [server for server in pool.servers if not is_ip(server)]
        if ips and names:
            yield Match(
                f"{mark(pool.name)} holds both IPs ({mark(ips[0])}) and names ({mark(names[0])}): the gateway may"
                " ask them for different host names.",
                (
                    Evidence(
                        f"{len(ips)} IP and {len(names)} name members",
                        commands.show_gateway(case.gateway, "backendAddressPools"),
                    ),
                ),
                part=pool.name,
            )


RULE = Rule(
    id="pool_mixes_ip_and_names",
    severity="info",
    symptom="A backend pool holds both IP addresses and names.",
    cause="The SNI, and with pick host name also the Host header, come from the member, and an IP provides none.",
    remedy="Use names only, or IPs only with an explicit host name in the probe and the settings.",
    sources=(
        "https://learn.microsoft.com/azure/application-gateway/ssl-overview",
        "https://learn.microsoft.com/azure/application-gateway/configuration-http-settings",
    ),
    check=check,
)
