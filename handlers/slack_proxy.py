"""The way to Slack: by the proxy that the environment names, but for the hosts that it exempts.

Slack's library knows no NO_PROXY, and would send what is meant for this machine to the proxy.
"""

from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def proxy_for(url: str) -> str | None:
    """The proxy for a URL; None: none. Never one for this machine.

    HTTPS_PROXY, HTTP_PROXY and NO_PROXY, also in small letters, as Python and aiohttp read them
    (https://docs.python.org/3/library/urllib.request.html#urllib.request.getproxies).
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_here(host) or proxy_bypass(host):
        return None
    return getproxies().get(parts.scheme)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
