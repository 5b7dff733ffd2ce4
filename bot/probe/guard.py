"""Which addresses may be contacted at all.

The resolved address is checked immediately before the connection: a name that passed a moment ago may resolve to
something else now (DNS rebinding). A pool member is text that somebody wrote into a gateway; it must not lead the bot
to the machine it runs on, nor to a cloud's metadata service.
"""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from bot.core.model.marked import mark

Address = IPv4Address | IPv6Address

_NEVER = tuple(
    (ip_network(network), what)
    for network, what in (
        # RFC 1122, 3.2.1.3: "this host on this network"; many systems treat it as loopback.
        ("0.0.0.0/8", "an unspecified address"),
        ("::/128", "an unspecified address"),
        # Instance metadata lives here: learn.microsoft.com/azure/virtual-machines/instance-metadata-service
        ("169.254.0.0/16", "a link-local address"),
        ("fe80::/10", "a link-local address"),
        # learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
        ("168.63.129.16/32", "an address of the Azure platform"),
        # docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
        # ::23 and ::253 are its neighbours: container credentials and DNS.
        ("fd00:ec2::/32", "a metadata address"),
        # cloud.google.com/compute/docs/metadata/querying-metadata
        ("fd20:ce::254/128", "a metadata address"),
        # docs.oracle.com/en-us/iaas/Content/Compute/Tasks/gettingmetadata.htm, over IPv6
        ("fd00:c1::a9fe:a9fe/128", "a metadata address"),
        # docs.cloud-init.io/en/latest/reference/datasources/scaleway.html and .../akamai.html
        ("fd00:42::42/128", "a metadata address"),
        ("fd00:a9fe:a9fe::1/128", "a metadata address"),
        # alibabacloud.com/help/en/ecs/user-guide/view-instance-metadata
        ("100.100.100.200/32", "a metadata address"),
        ("fd00:100::100:200/128", "a metadata address"),
        # docs.oracle.com/en-us/iaas/Content/Compute/Tasks/gettingmetadata.htm; RFC 6890: IETF protocol assignments
        ("192.0.0.0/24", "an address of no backend"),
        # Teredo tunnels lead to whatever IPv4 address is in them (RFC 4380).
        ("2001::/32", "a Teredo address"),
        # RFC 8215: a network translates these to IPv4 by its own rules, so nobody can say where they lead.
        ("64:ff9b:1::/48", "an address that is translated to IPv4"),
        # The IPv4-translated addresses of RFC 2765, which older translators still take.
        ("::ffff:0:0:0/96", "an address that is translated to IPv4"),
        ("224.0.0.0/4", "a multicast address"),
        ("ff00::/8", "a multicast address"),
        ("255.255.255.255/32", "the broadcast address"),
    )
)

AZURE_DNS = "168.63.129.16"

_NAT64 = ip_network("64:ff9b::/96")
_COMPATIBLE = ip_network("::/96")
_AS_THEY_ARE = (IPv6Address("::"), IPv6Address("::1"))


@lru_cache(maxsize=4_096)
def refusal(address: str, *, mapped: bool, loopback_only: bool) -> str | None:
    """Why this IP address must not be contacted; None if it may be.

    `mapped`: the operator mapped a backend to this address. Only then may loopback be contacted.

    Raises:
        ValueError: `address` is not an IP literal.
    """
    ip = _as_the_system_takes_it(ip_address(address))
    end = _translated(ip)
    if ip in _COMPATIBLE and ip not in _AS_THEY_ARE:
        # Deprecated (RFC 4291, 2.5.5.1): some systems take it as the IPv4 address in it.
        return f"{mark(address)} is an IPv4-compatible address, which is never contacted"
    for network, what in _NEVER:
        if ip in network or end in network:
            return f"{mark(address)} is {what}, which is never contacted"
    if loopback_only and not ip.is_loopback:
        return f"{mark(address)} is not a loopback address, and only loopback may be contacted here"
    if not (mapped or loopback_only) and (ip.is_loopback or end.is_loopback):
        return f"{mark(address)} is this machine, not a backend"
    return None


def dns_refusal(server: str, *, chosen: bool, loopback_only: bool) -> str | None:
    """Why this DNS server (an IP address) must not be queried; None if it may be.

    `chosen`: the operator configured it. Only then is Azure's own DNS queried, which is the resolver of machines in
    Azure anyway (learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16). It is not queried because
    a gateway's network uses it: it answers each machine as that machine's own network sees names, so its answer here
    proves nothing about the gateway.

    Raises:
        ValueError: `server` is not an IP literal.
    """
    if chosen and not loopback_only and ip_address(server) == ip_address(AZURE_DNS):
        return None
    return refusal(server, mapped=chosen, loopback_only=loopback_only)


def _as_the_system_takes_it(ip: Address) -> Address:
    """IPv4-mapped addresses are IPv4 (RFC 4291, 2.5.5.2)."""
    return ip if isinstance(ip, IPv4Address) else ip.ipv4_mapped or ip


def _translated(ip: Address) -> Address:
    """The IPv4 address to which a router on the path may translate it (6to4, RFC 3056; NAT64, RFC 6052), or itself."""
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.sixtofour or ip
