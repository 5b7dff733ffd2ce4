"""The gateway's own certificates for browsers: they cause no 502, but the site is as good as down."""

from bot.lab.azure.build import Site
from bot.lab.pki import EXPIRED, Validity, leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import HOST, one_site, told, web_server

_NOTE = "listener_certificate_expiring"


def _shown(validity: Validity) -> Site:
    certificate = leaf(HOST, issuer=PUBLIC_ISSUING, validity=validity)
    return Site("site", HOST, "web", "backend", certificate)


LISTENER_CERTIFICATES: tuple[Scenario, ...] = (
    told(
        "listener-certificate-ends-soon",
        "Healthy: the listener's own certificate has nine days left",
        "The backends are healthy; in nine days browsers will refuse the site.",
        gateway=one_site(
            "listener-certificate-ends-soon", secure=False, sites=[_shown(Validity(-356, 9))]
        ),
        backends=[web_server()],
        notes=[_NOTE],
    ),
    told(
        "listener-certificate-expired",
        "Healthy: the listener's own certificate has expired",
        "The backends are healthy, but browsers refuse the site.",
        gateway=one_site("listener-certificate-expired", secure=False, sites=[_shown(EXPIRED)]),
        backends=[web_server()],
        notes=[_NOTE],
    ),
)
