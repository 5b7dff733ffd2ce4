"""Names with several addresses, and names that resolve differently for the gateway and the bot."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.lab.azure.options import Options
from bot.lab.backends import Refusing
from bot.lab.pki import EXPIRED, leaf
from bot.lab.scenario import Expected, Scenario
from bot.lab.scenarios.common import (
    ASE_IP,
    ASE_SUFFIX,
    OPTIONS,
    PUBLIC_ISSUING,
    SUBSCRIPTION,
    TEST_HOST,
    ase,
    ase_v2,
    shop_backends,
)
from bot.lab.scenarios.ilb_ase import APP, ILB_ASE
from bot.lab.scenarios.shapes import (
    HOST,
    IP,
    OTHER_HOST,
    OTHER_IP,
    PUBLIC_SITE,
    one_site,
    scenario_of,
    web_server,
)

_CHAIN = PUBLIC_SITE.path[:2]
_OTHER = leaf(OTHER_HOST, issuer=PUBLIC_ISSUING).path[:2]
_PUBLIC_IP = "203.0.113.10"
_DNS_SERVER = "10.9.0.5"
_NETWORKS = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Network/virtualNetworks"


def _own_dns(name: str) -> Options:
    """A world in which the network of the gateway `agw-<name>` has its own DNS server."""
    network = {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "dhcpOptions": {"dnsServers": [_DNS_SERVER]},
    }
    return replace(OPTIONS, networks={f"{_NETWORKS}/vnet-agw-{name}": network})


def _says(*addresses: str) -> Mapping[str, list[str]]:
    return {HOST: list(addresses)}


def _only_the_name(name: str, bot: str, gateway: str) -> dict[str, Any]:
    """The arguments of a scenario in which the bot and the gateway get different addresses for the site's name."""
    return {
        "gateway": one_site(name, servers=(HOST,)),
        "bot_dns": _says(bot),
        "dns": _says(gateway),
        "dns_servers": {_DNS_SERVER: _says(gateway)},
        "options": _own_dns(name),
    }


DNS: tuple[Scenario, ...] = (
    scenario_of(
        "two-addresses-alike",
        "Healthy: the name in the pool has two addresses, and the site works at both",
        "Two servers behind one name; either may be used.",
        gateway=one_site("two-addresses-alike", servers=(HOST,)),
        backends=[web_server(_CHAIN), web_server(_CHAIN, address=OTHER_IP)],
        dns=_says(IP, OTHER_IP),
    ),
    scenario_of(
        "one-address-dead",
        "The name in the pool has two addresses, and nothing listens at one of them",
        "The record of a removed server was left behind; some requests go there.",
        gateway=one_site("one-address-dead", servers=(HOST,)),
        backends=[web_server(_CHAIN, behaviour=Refusing()), web_server(_CHAIN, address=OTHER_IP)],
        dns=_says(IP, OTHER_IP),
        cause="some_addresses_fail",
        option="correct_dns_record",
    ),
    scenario_of(
        "one-address-of-two",
        "The name in the pool has two addresses, and one belongs to another site",
        "The gateway reached the right one, and reports the server healthy.",
        gateway=one_site("one-address-of-two", servers=(HOST,)),
        backends=[web_server(_CHAIN), web_server(_OTHER, address=OTHER_IP)],
        dns=_says(IP, OTHER_IP),
        cause="some_addresses_fail",
        option="correct_dns_record",
        hidden=True,
    ),
    scenario_of(
        "each-address-fails",
        "The name in the pool has two addresses, and each of them fails in its own way",
        "One serves another site's certificate, and nothing listens at the other.",
        gateway=one_site("each-address-fails", servers=(HOST,)),
        backends=[web_server(_OTHER), web_server(_CHAIN, address=OTHER_IP, behaviour=Refusing())],
        dns=_says(IP, OTHER_IP),
        cause="some_addresses_fail",
        option="remove_cause",
        also=["certificate_name_mismatch"],
    ),
    scenario_of(
        "split-horizon",
        "Healthy: the bot gets the public address of the site, and the gateway the private one",
        "Split-horizon DNS as intended: the site works at both.",
        backends=[web_server(_CHAIN), web_server(_CHAIN, address=_PUBLIC_IP)],
        **_only_the_name("split-horizon", _PUBLIC_IP, IP),
    ),
    scenario_of(
        "split-horizon-public-fault",
        "Healthy: the site's public address serves something else, and the gateway uses the private one",
        "The bot and the gateway reach different servers by this name.",
        backends=[web_server(_CHAIN), web_server(_OTHER, address=_PUBLIC_IP)],
        **_only_the_name("split-horizon-public-fault", _PUBLIC_IP, IP),
    ),
    scenario_of(
        "stale-record",
        "The DNS server of the gateway's network gives an address that the site has left",
        "The site moved; the record in the gateway's network still has the old server.",
        backends=[web_server(_CHAIN), web_server(_OTHER, address=OTHER_IP)],
        cause="dns_answers_split",
        option="correct_dns_record",
        **_only_the_name("stale-record", IP, OTHER_IP),
    ),
    scenario_of(
        "private-address-fault",
        "The site serves a wrong certificate at every address, both the gateway's and the bot's",
        "The DNS records are right; the servers are wrong.",
        backends=[web_server(_OTHER), web_server(_OTHER, address=_PUBLIC_IP)],
        cause="certificate_name_mismatch",
        option="replace_backend_certificate",
        **_only_the_name("private-address-fault", _PUBLIC_IP, IP),
    ),
    scenario_of(
        "unknown-to-the-gateway",
        "The name in the pool resolves for the bot, and not in the gateway's network",
        "The private zone is not linked where that network's DNS server would see it.",
        gateway=one_site("unknown-to-the-gateway", servers=(HOST,)),
        backends=[web_server(_CHAIN)],
        bot_dns=_says(IP),
        dns_servers={_DNS_SERVER: {}},
        options=_own_dns("unknown-to-the-gateway"),
        cause="backend_name_not_resolved",
        option="correct_dns",
    ),
)

ILB_ASE_PRIVATE_ZONE = replace(
    ILB_ASE,
    name="ilb-ase-private-zone",
    title="The same, with a private DNS zone in which the site's name resolves to the environment",
    summary=(
        "As in ilb-ase, the gateway agw-test reaches the App Service Environment by its IP address "
        "and gets the ILB certificate. Here test.appgwtestase.com resolves to that address in the "
        "gateway's network. So the pool may use the host name instead, and there is a button for that "
        "next to the one that uploads the ILB certificate."
    ),
    dns={TEST_HOST: [ASE_IP]},
    expected=Expected("agw-test", "certificate_not_allow_listed", "upload_ilb_certificate", True),
)

_EXPIRED_ILB = leaf(f"*.{ASE_SUFFIX}", issuer=PUBLIC_ISSUING, validity=EXPIRED)

ILB_ASE_EXPIRED = replace(
    ILB_ASE_PRIVATE_ZONE,
    name="ilb-ase-expired",
    title="An ILB App Service Environment whose ILB certificate has expired",
    summary=(
        "As in ilb-ase-private-zone, but the ILB certificate has expired, so uploading it would not "
        "help. The certificate of test.appgwtestase.com is valid and already allow-listed. With the "
        "host name in the pool the gateway sends SNI and gets that one."
    ),
    story=(
        'Say "502 from gateway agw-test" in the channel.',
        "Read why the ILB certificate should not be uploaded.",
        "As an approver, press the button that puts the host name into the pool.",
        "Watch the gateway turn healthy; undo it if you like.",
    ),
    backends=(ase(app=APP.path, ilb=_EXPIRED_ILB.path), *shop_backends()),
    options=replace(OPTIONS, environments=(ase_v2(_EXPIRED_ILB),)),
    expected=Expected(
        "agw-test",
        "certificate_not_allow_listed",
        "fqdn_in_pool",
        True,
        also=("certificate_not_in_date",),
    ),
)
