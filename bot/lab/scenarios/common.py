"""What the scenarios share: the subscription, the ASE's two certificates, a healthy neighbour."""

from typing import Any

from bot.lab.azure.build import Site, gateway_document, http_settings, pool, probe
from bot.lab.azure.document import GatewayId
from bot.lab.azure.environments import HostingEnvironment
from bot.lab.azure.options import Options
from bot.lab.backends import Answer, BackendSpec, Chain, Route
from bot.lab.pki import Issued, authority, leaf

SUBSCRIPTION = "6a2b1f0e-4c1d-4b7e-9a35-2f7d8c90e1b4"
GROUP = "rg-test"
ASE_IP = "10.1.5.11"
DOMAIN = "appgwtestase.com"
ASE_SUFFIX = f"internal-ase.{DOMAIN}"
TEST_HOST = f"test.{DOMAIN}"
API_HOST = f"api.{DOMAIN}"

SHOP_ADDRESSES = ("10.2.0.4", "10.2.0.5")
_SHOP_HOST = "shop.example.com"

# Signs the listeners' certificates, and stands for every well-known CA.
PUBLIC_ROOT = authority("Lab Public Root CA")
PUBLIC_ISSUING = authority("Lab Public Issuing CA", issuer=PUBLIC_ROOT)
OPTIONS = Options(public_authorities=(PUBLIC_ROOT,))


def ase(*, app: Chain, ilb: Chain) -> BackendSpec:
    """An ILB App Service Environment with one app on two host names.

    With the SNI of a custom domain the front end sends the app's certificate, without SNI (or
    with a name it does not know) its ILB certificate; an unknown Host is answered with 404.
    https://learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment
    """
    return BackendSpec(
        address=ASE_IP,
        certificates={TEST_HOST: app, API_HOST: app},
        default=ilb,
        routes=(
            Route(TEST_HOST, answer=Answer(200, b"Hello from the test app.\n")),
            Route(API_HOST, answer=Answer(200, b'{"status": "ok"}\n')),
        ),
    )


def ase_v2(ilb: Issued) -> HostingEnvironment:
    """The same, as Resource Manager returns it: v2, with the ILB certificate that was uploaded to it."""
    return HostingEnvironment(
        SUBSCRIPTION,
        "rg-ase",
        "ase-test",
        "ASEV2",
        inbound=ASE_IP,
        dns_suffix=ASE_SUFFIX,
        ilb_certificates=(ilb,),
    )


def ase_v3() -> HostingEnvironment:
    """The same as a v3: its own domain, and a custom suffix whose certificate is in Key Vault."""
    return HostingEnvironment(
        SUBSCRIPTION,
        "rg-ase",
        "ase-test",
        "ASEV3",
        inbound=ASE_IP,
        dns_suffix="ase-test.appserviceenvironment.net",
        custom_suffix=ASE_SUFFIX,
    )


def browser_certificate(host: str) -> Issued:
    """A listener's certificate that browsers accept."""
    return leaf(host, issuer=PUBLIC_ISSUING)


def shop_gateway() -> dict[str, Any]:
    """A small healthy gateway next door, so that lists and nearest names have something to show."""
    return gateway_document(
        GatewayId(SUBSCRIPTION, "rg-shop", "agw-shop"),
        tier="Standard_v2",
        pools=[pool("web", ips=SHOP_ADDRESSES)],
        settings=[http_settings("http-web", probe="web")],
        probes=[probe("web", host=_SHOP_HOST, path="/health", protocol="Http")],
        sites=[Site("shop", _SHOP_HOST, "web", "http-web", browser_certificate(_SHOP_HOST))],
    )


def shop_backends() -> tuple[BackendSpec, ...]:
    return tuple(
        BackendSpec(address, port=80, routes=(Route(_SHOP_HOST),)) for address in SHOP_ADDRESSES
    )
