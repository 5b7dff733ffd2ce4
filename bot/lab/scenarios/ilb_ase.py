"""The case of Microsoft's article: a v1 gateway, an ILB ASE behind an IP, and no SNI.

https://learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment
"""

from dataclasses import replace

from bot.lab.azure.build import (
    Site,
    certificate,
    gateway_document,
    https_settings,
    pool,
    probe,
)
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
    ase_v2,
    browser_certificate,
    shop_backends,
    shop_gateway,
)

_ROOT = authority("AppGwTestASE Internal Root CA")
_ISSUING = authority("AppGwTestASE Internal Issuing CA", issuer=_ROOT)
APP = leaf(TEST_HOST, dns_names=[TEST_HOST, API_HOST], issuer=_ISSUING)
_ILB = leaf(
    f"*.{ASE_SUFFIX}",
    dns_names=[f"*.{ASE_SUFFIX}", f"*.scm.{ASE_SUFFIX}"],
    issuer=_ISSUING,
)

_GATEWAY = gateway_document(
    GatewayId(SUBSCRIPTION, GROUP, "agw-test"),
    tier="Standard",
    pools=[pool("ilb-ase", ips=[ASE_IP]), pool("ilb-ase-api", ips=[ASE_IP])],
    settings=[
        https_settings("https-ase", probe="ase-probe", authentication_certificates=["test-app"])
    ],
    probes=[probe("ase-probe", host=TEST_HOST)],
    authentication_certificates=[certificate("test-app", APP)],
    sites=[
        Site("test", TEST_HOST, "ilb-ase", "https-ase", browser_certificate(TEST_HOST)),
        Site("api", API_HOST, "ilb-ase-api", "https-ase", browser_certificate(API_HOST)),
        Site("test-http", TEST_HOST, redirect_to="test"),
    ],
)

ILB_ASE = Scenario(
    name="ilb-ase",
    title="502 from an ILB App Service Environment behind a v1 gateway",
    summary=(
        "The gateway agw-test reaches the App Service Environment by its IP address, so its probe "
        "carries no SNI and the environment answers with its ILB certificate. The HTTP settings "
        "allow only the certificate of test.appgwtestase.com, so the backend counts as unhealthy "
        "and clients get 502. Uploading the ILB certificate to the HTTP settings fixes it."
    ),
    story=(
        'Say "502 from gateway agw-test" in the channel.',
        "Read the verdict: which certificate was served, and which one was expected.",
        "As an approver, press the button that uploads the ILB certificate.",
        "Watch the gateway turn healthy; undo it if you like.",
    ),
    gateways=(_GATEWAY, shop_gateway()),
    backends=(ase(app=APP.path, ilb=_ILB.path), *shop_backends()),
    expected=Expected("agw-test", "certificate_not_allow_listed", "upload_ilb_certificate", True),
    options=replace(OPTIONS, environments=(ase_v2(_ILB),)),
)

ILB_ASE_OUT_OF_REACH = replace(
    ILB_ASE,
    name="ilb-ase-out-of-reach",
    title="An ILB App Service Environment that the bot cannot reach",
    summary=(
        "As ilb-ase, but the bot runs in another network than the gateway agw-test: it gets no connection "
        "with the environment, and only Azure says why the backend is unhealthy. Somebody who can open the "
        "ILB's address exports its certificate and hands it in; after an approval it is allow-listed."
    ),
    story=(
        'Say "502 from gateway agw-test" in the channel.',
        "Read the verdict: the gateway refuses a certificate that the bot did not get to see.",
        "Save the exported certificate below, and hand it in with the button on the card.",
        "As an approver, press the button that uploads it, and compare the fingerprint.",
    ),
    expected=Expected("agw-test", "gateway_reports_unhealthy"),
    out_of_reach=(ASE_IP,),
    exported={"ilb.cer": _ILB.pem},
)

_INSPECTION = authority("Branch Firewall Inspection CA")

ILB_ASE_OTHER_CERTIFICATE = replace(
    ILB_ASE,
    name="ilb-ase-other-certificate",
    title="An ILB App Service Environment that serves a different certificate from the one Azure holds",
    summary=(
        "Between the gateway agw-test and the App Service Environment, a firewall inspects TLS and "
        "serves its own certificates. The gateway rightly refuses them. Azure holds the environment's "
        "ILB certificate, which is a different one: nothing that was served may be uploaded, or the "
        "firewall would be trusted."
    ),
    story=(
        'Say "502 from gateway agw-test" in the channel.',
        "Compare the certificate that was served with the one that Azure holds.",
        "Look for the button that uploads it: there is none.",
    ),
    backends=(
        ase(
            app=leaf(TEST_HOST, dns_names=[TEST_HOST, API_HOST], issuer=_INSPECTION).path,
            ilb=leaf(f"*.{ASE_SUFFIX}", issuer=_INSPECTION).path,
        ),
        *shop_backends(),
    ),
    expected=Expected(
        "agw-test",
        "certificate_not_allow_listed",
        "remove_cause",
        notes=("served_certificate_differs_from_environment",),
    ),
)
