"""The same problem on v2: the probe sends no SNI, so the wrong certificate is served."""

from dataclasses import replace

from bot.lab.azure.build import Site, certificate, gateway_document, https_settings, pool, probe
from bot.lab.azure.document import GatewayId
from bot.lab.pki import authority, leaf
from bot.lab.scenario import Expected, Scenario
from bot.lab.scenarios.common import (
    API_HOST,
    ASE_IP,
    ASE_SUFFIX,
    GROUP,
    OPTIONS,
    SUBSCRIPTION,
    TEST_HOST,
    ase,
    ase_v3,
    browser_certificate,
    shop_backends,
    shop_gateway,
)

_APP_ROOT = authority("AppGwTestASE Root CA")
_APP = leaf(TEST_HOST, dns_names=[TEST_HOST, API_HOST], issuer=_APP_ROOT)
_ILB_ROOT = authority("AppGwTestASE ILB Root CA")
_ILB = leaf(f"*.{ASE_SUFFIX}", issuer=_ILB_ROOT)

_GATEWAY = gateway_document(
    GatewayId(SUBSCRIPTION, GROUP, "agw-test-v2"),
    tier="Standard_v2",
    pools=[pool("ilb-ase", ips=[ASE_IP]), pool("ilb-ase-api", ips=[ASE_IP])],
    settings=[https_settings("https-ase", probe="ase-probe", trusted_roots=["app-root"])],
    # An IP literal is never sent as SNI (RFC 6066), and the ASE knows no site of that name.
    probes=[probe("ase-probe", host=ASE_IP)],
    trusted_roots=[certificate("app-root", _APP_ROOT)],
    sites=[
        Site("test", TEST_HOST, "ilb-ase", "https-ase", browser_certificate(TEST_HOST)),
        Site("api", API_HOST, "ilb-ase-api", "https-ase", browser_certificate(API_HOST)),
        Site("test-http", TEST_HOST, redirect_to="test"),
    ],
)

ILB_ASE_V2 = Scenario(
    name="ilb-ase-v2",
    title="502 from an ILB App Service Environment behind a v2 gateway: no SNI",
    summary=(
        "The probe of agw-test-v2 names the environment by its IP address, so it carries no SNI "
        "and gets the ILB certificate, which another private CA has issued. Trusting that CA "
        "would not be enough: no site answers to an IP address. With the app's host name in the "
        "probe, the app's certificate is served, whose root the gateway already trusts."
    ),
    story=(
        'Say "502 from gateway agw-test-v2" in the channel.',
        "Compare the two certificates: the one without SNI, and the one for the app's name.",
        "As an approver, press the button that sets the host name of the probe.",
        "Watch the gateway turn healthy.",
    ),
    gateways=(_GATEWAY, shop_gateway()),
    backends=(ase(app=_APP.path, ilb=_ILB.path), *shop_backends()),
    expected=Expected(
        "agw-test-v2",
        "root_not_trusted",
        "set_host_name",
        heals=True,
        also=("probe_host_or_path_unknown",),
    ),
    options=replace(OPTIONS, environments=(ase_v3(),)),
)
