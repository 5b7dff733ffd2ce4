"""What most scenarios are variations of: one gateway in front of one site, and its backend server."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.lab.azure.build import (
    Site,
    certificate,
    gateway_document,
    http_settings,
    https_settings,
    pool,
    probe,
)
from bot.lab.azure.document import GatewayId
from bot.lab.azure.faults import Fault
from bot.lab.azure.options import Options
from bot.lab.azure.targets import is_ip
from bot.lab.backends import ANY_HOST, Answer, BackendSpec, Chain, Route
from bot.lab.pki import Issued, authority, leaf
from bot.lab.scenario import Expected, Names, Scenario
from bot.lab.scenarios.common import OPTIONS, PUBLIC_ISSUING, SUBSCRIPTION, browser_certificate
from bot.lab.values import Json

V1, V2 = "Standard", "Standard_v2"
DOMAIN = "contoso.com"
HOST = f"shop.{DOMAIN}"
OTHER_HOST = f"news.{DOMAIN}"
IP = "10.4.0.10"
OTHER_IP = "10.4.0.11"

ROOT = authority("Contoso Root CA")
ISSUING = authority("Contoso Issuing CA", issuer=ROOT)
OTHER_ROOT = authority("Contoso Old Root CA")
LISTENER = browser_certificate(f"*.{DOMAIN}")

# The host that the default probe asks for.
ANYBODY = ("127.0.0.1",)
WORKS = Answer()
# The chain of a server that everybody trusts, and of one that only this company trusts.
PUBLIC_SITE = leaf(HOST, issuer=PUBLIC_ISSUING)
PRIVATE_SITE = leaf(HOST, issuer=ISSUING)


def one_site(
    name: str,
    tier: str = V2,
    *,
    servers: Sequence[str] = (IP,),
    host: str = HOST,
    asks: str | None = HOST,
    secure: bool = True,
    trusts: Sequence[Issued] = (),
    settings: Mapping[str, Any] = {},
    checks: Mapping[str, Any] = {},
    **more: Any,
) -> Json:
    """The gateway `agw-<name>` with one HTTPS listener for `host`, one pool and one HTTP setting.

    `asks` is the host of the custom probe, None: the default probe. `trusts` are the certificates
    that the setting refers to: authentication certificates on v1, trusted roots on v2. `settings`
    and `checks` are further arguments of the HTTP setting and of the probe; `more` of the document.
    """
    kind = "authentication_certificates" if tier == V1 else "trusted_roots"
    stored = [certificate(f"trusted-{number}", each) for number, each in enumerate(trusts, 1)]
    referred = {kind: [each["name"] for each in stored]} if secure else {}
    make = https_settings if secure else http_settings
    probing: dict[str, Any] = {"protocol": "Https" if secure else "Http", "host": asks, **checks}
    return document(
        name,
        tier,
        **{
            "pools": [members("web", *servers)],
            "settings": [
                make("backend", probe="site" if asks else None, **{**referred, **settings})
            ],
            "probes": [probe("site", **probing)] if asks else [],
            kind: stored,
            "sites": [Site("site", host, "web", "backend", LISTENER)],
            **more,
        },
    )


def document(name: str, tier: str = V2, **parts: Any) -> Json:
    """The gateway `agw-<name>`, made from the arguments of `gateway_document`."""
    return gateway_document(GatewayId(SUBSCRIPTION, "rg-web", f"agw-{name}"), tier=tier, **parts)


def members(name: str, *servers: str) -> Json:
    """A pool of IPs and names."""
    return pool(
        name,
        ips=[server for server in servers if is_ip(server)],
        fqdns=[server for server in servers if not is_ip(server)],
    )


def web_server(
    default: Chain | None = None,
    *,
    address: str = IP,
    port: int | None = None,
    knows: Sequence[str] = (HOST,),
    answer: Answer = WORKS,
    **more: Any,
) -> BackendSpec:
    """A server that answers for the hosts it knows, and with 404 for others.

    `default` is the chain it sends whatever the SNI; None: see `certificates`, or plain HTTP.
    """
    speaks_tls = default is not None or "certificates" in more
    routes = tuple(Route(host, answer=answer) for host in knows)
    return BackendSpec(
        address,
        port or (443 if speaks_tls else 80),
        default=default,
        **{"routes": routes, **more},
    )


def any_host(default: Chain | None = None, **more: Any) -> BackendSpec:
    """A server that answers to any host."""
    return web_server(default, knows=(ANY_HOST,), **more)


def scenario_of(
    name: str,
    title: str,
    summary: str,
    *,
    gateway: Json,
    backends: Sequence[BackendSpec],
    cause: str | None = None,
    option: str | None = None,
    heals: bool = False,
    also: Sequence[str] = (),
    notes: Sequence[str] = (),
    hidden: bool = False,
    undecided: Sequence[str] = (),
    dns: Mapping[str, Sequence[str]] = {},
    bot_dns: Names | None = None,
    dns_servers: Mapping[str, Names] = {},
    options: Options = OPTIONS,
    faults: Sequence[Fault] = (),
) -> Scenario:
    """A scenario about only this gateway; its story follows from how it must end."""
    expected = Expected(
        gateway["name"], cause, option, heals, tuple(also), tuple(notes), hidden, tuple(undecided)
    )
    return Scenario(
        name=name,
        title=title,
        summary=summary,
        story=_story(expected),
        gateways=(gateway,),
        backends=tuple(backends),
        expected=expected,
        dns=dns,
        bot_dns=bot_dns,
        dns_servers=dns_servers,
        options=options,
        faults=tuple(faults),
    )


def _story(expected: Expected) -> tuple[str, ...]:
    reported = f'Say "502 from gateway {expected.gateway}" in the channel.'
    if expected.heals:
        return (
            reported,
            "Read the verdict and the evidence for it.",
            "As an approver, press the button of the recommended option.",
            "Watch the gateway turn healthy; undo it if you like.",
        )
    if expected.cause:
        return (reported, "Read the verdict, and what must be done outside the gateway.")
    if expected.undecided:
        return (reported, "Read what cannot be told, and on what it depends.")
    return (reported, "Read that nothing is wrong, and what was checked.")
