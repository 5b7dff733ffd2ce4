"""On v2, with the right SNI: the CA that issued the app's certificate is not trusted."""

from dataclasses import replace

from bot.lab.azure.build import Site, gateway_document, https_settings, pool, probe
from bot.lab.azure.document import GatewayId
from bot.lab.pki import authority, leaf
from bot.lab.scenario import Expected, Scenario
from bot.lab.scenarios.common import (
    API_HOST,
    ASE_IP,
    DOMAIN,
    GROUP,
    OPTIONS,
    SUBSCRIPTION,
    TEST_HOST,
    ase,
    browser_certificate,
    shop_backends,
    shop_gateway,
)

_ROOT = authority("AppGwTestASE Root CA")
_APP = leaf(TEST_HOST, dns_names=[TEST_HOST, API_HOST], issuer=_ROOT)
_ILB = leaf(f"*.internal-ase.{DOMAIN}", issuer=_ROOT)

_GATEWAY = gateway_document(
    GatewayId(SUBSCRIPTION, GROUP, "agw-test-v2"),
    tier="Standard_v2",
    pools=[pool("ilb-ase", ips=[ASE_IP]), pool("ilb-ase-api", ips=[ASE_IP])],
    settings=[https_settings("https-ase", probe="ase-probe")],
    probes=[probe("ase-probe", host=TEST_HOST)],
    sites=[
        Site("test", TEST_HOST, "ilb-ase", "https-ase", browser_certificate(TEST_HOST)),
        Site("api", API_HOST, "ilb-ase-api", "https-ase", browser_certificate(API_HOST)),
    ],
)

ILB_ASE_V2_ROOT = Scenario(
    name="ilb-ase-v2-root",
    title="502 from an ILB App Service Environment behind a v2 gateway: private CA",
    summary=(
        "The probe of agw-test-v2 names the app, and the right certificate is served. A private CA "
        "has issued it, and the HTTP settings trust only well-known CAs. Uploading that CA's "
        "root certificate to the HTTP settings fixes it."
    ),
    story=(
        'Say "502 from gateway agw-test-v2" in the channel.',
        "Read who issued the app's certificate.",
        "As an approver, press the button that uploads the root certificate.",
        "Watch the gateway turn healthy.",
    ),
    gateways=(_GATEWAY, shop_gateway()),
    backends=(ase(app=_APP.path, ilb=_ILB.path), *shop_backends()),
    expected=Expected("agw-test-v2", "root_not_trusted", "upload_root_certificate", True),
    options=OPTIONS,
)

ILB_ASE_V2_ROOT_OUT_OF_REACH = replace(
    ILB_ASE_V2_ROOT,
    name="ilb-ase-v2-root-out-of-reach",
    title="An ILB App Service Environment behind a v2 gateway that the bot cannot reach: private CA",
    summary=(
        "As ilb-ase-v2-root, but the bot gets no connection with the environment: only Azure says "
        "that the certificate comes from an unknown CA. Somebody hands in that CA's root."
    ),
    story=(
        'Say "502 from gateway agw-test-v2" in the channel.',
        "Save the exported root below, and hand it in with the button on the card.",
        "As an approver, press the button that uploads it, and compare the fingerprint.",
    ),
    expected=Expected("agw-test-v2", "gateway_reports_unhealthy"),
    out_of_reach=(ASE_IP,),
    exported={"root.cer": _ROOT.pem},
)
