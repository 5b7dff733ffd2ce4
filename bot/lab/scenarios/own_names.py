"""v2: the server's certificate is for a name of its own, which nobody asks for."""

from bot.lab.azure.build import Site, http_settings, https_settings, probe
from bot.lab.backends import Answer, Route
from bot.lab.pki import leaf
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING
from bot.lab.scenarios.shapes import (
    HOST,
    IP,
    ISSUING,
    LISTENER,
    OTHER_HOST,
    OTHER_IP,
    ROOT,
    any_host,
    document,
    members,
    one_site,
    scenario_of,
    web_server,
)

_APP = "app.corp.contoso.net"
_PUBLIC_APP = leaf(_APP, issuer=PUBLIC_ISSUING)
_PRIVATE_APP = leaf(_APP, issuer=ISSUING)
_OLD_APP = "old.corp.contoso.net"
_TWO_NAMES = leaf(_OLD_APP, issuer=PUBLIC_ISSUING, dns_names=[_OLD_APP, _APP])
_NEWS = leaf(OTHER_HOST, issuer=PUBLIC_ISSUING)
_TWO_SITES = (
    Route(HOST, answer=Answer(200, b"Welcome to the shop.\n")),
    Route(_APP, answer=Answer(200, b"Sign in to the back office.\n")),
)
_SET_HOST = "set_host_name"

OWN_NAMES: tuple[Scenario, ...] = (
    scenario_of(
        "own-name-never-asked",
        "The certificate is for a name of the application that nobody asks for",
        "The application answers to any host; the probe asks for the site's name, as clients do.",
        gateway=one_site("own-name-never-asked"),
        backends=[any_host(_PUBLIC_APP.path[:2])],
        cause="certificate_name_mismatch",
        option=_SET_HOST,
        heals=True,
    ),
    scenario_of(
        "own-name-only-host-known",
        "The application knows only the name in its certificate",
        "Whoever asks for the site's name gets another certificate's name, and a 404.",
        gateway=one_site("own-name-only-host-known"),
        backends=[web_server(_PUBLIC_APP.path[:2], knows=[_APP])],
        cause="certificate_name_mismatch",
        option=_SET_HOST,
        heals=True,
        also=["probe_host_or_path_unknown"],
    ),
    scenario_of(
        "own-name-picked-from-address",
        "The host name is picked from the pool member, which is an address",
        "No SNI is sent; the application knows only the name in its certificate.",
        gateway=one_site(
            "own-name-picked-from-address",
            settings={"pickHostNameFromBackendAddress": True},
            checks={"host": None, "pickHostNameFromBackendHttpSettings": True},
        ),
        backends=[web_server(_PUBLIC_APP.path[:2], knows=[_APP])],
        cause="probe_host_or_path_unknown",
        option=_SET_HOST,
        heals=True,
    ),
    scenario_of(
        "own-name-second",
        "The second name of the certificate is the application's",
        "The first one has no page any more.",
        gateway=one_site("own-name-second"),
        backends=[web_server(_TWO_NAMES.path[:2], knows=[_APP])],
        cause="certificate_name_mismatch",
        option=_SET_HOST,
        heals=True,
        also=["probe_host_or_path_unknown"],
    ),
    scenario_of(
        "own-name-behind-default-probe",
        "Nothing names the application but its certificate",
        "There is no custom probe, and the HTTP settings have no host name.",
        gateway=one_site("own-name-behind-default-probe", asks=None),
        backends=[any_host(_PUBLIC_APP.path[:2])],
        cause="live_name_mismatch",
        option=_SET_HOST,
        heals=True,
        hidden=True,
    ),
    scenario_of(
        "own-name-is-not-the-host",
        "The application knows the site's name only, and its certificate is for another",
        "By the certificate's name it gives a 404.",
        gateway=one_site("own-name-is-not-the-host"),
        backends=[web_server(_PUBLIC_APP.path[:2], knows=[HOST])],
        cause="certificate_name_mismatch",
        option="replace_backend_certificate",
    ),
    scenario_of(
        "own-name-has-another-page",
        "The certificate is for another site of the same server",
        "Its clients would get that site's page.",
        gateway=one_site("own-name-has-another-page"),
        backends=[web_server(_PUBLIC_APP.path[:2], routes=_TWO_SITES)],
        cause="certificate_name_mismatch",
        option="replace_backend_certificate",
    ),
    scenario_of(
        "own-name-is-another-site",
        "The certificate is for a site that has a listener of its own",
        "Both sites are on one server; the certificate of the first one is sent for both.",
        gateway=document(
            "own-name-is-another-site",
            pools=[members("web", IP), members("news", OTHER_IP)],
            settings=[
                https_settings("backend", probe="site"),
                http_settings("plain", probe="news"),
            ],
            probes=[
                probe("site", host=HOST, protocol="Https"),
                probe("news", host=OTHER_HOST, protocol="Http"),
            ],
            sites=[
                Site("site", HOST, "web", "backend", LISTENER),
                Site("news", OTHER_HOST, "news", "plain", LISTENER),
            ],
        ),
        backends=[any_host(_NEWS.path[:2]), any_host(address=OTHER_IP)],
        cause="certificate_name_mismatch",
        option="replace_backend_certificate",
    ),
    scenario_of(
        "own-name-and-private-root",
        "The certificate is for a name that nobody asks for, and its root is not uploaded",
        "Neither the host name nor the root heals it alone.",
        gateway=one_site("own-name-and-private-root"),
        backends=[any_host(_PRIVATE_APP.path)],
        cause="certificate_name_mismatch",
        option=_SET_HOST,
        heals=True,
        also=["root_not_trusted"],
    ),
    scenario_of(
        "own-name-and-known-root",
        "The certificate is for a name that nobody asks for; its root is on the gateway already",
        "The HTTP settings do not refer to it.",
        gateway=one_site("own-name-and-known-root", trusts=[ROOT], settings={"trusted_roots": []}),
        backends=[any_host(_PRIVATE_APP.path[:2])],
        cause="certificate_name_mismatch",
        option=_SET_HOST,
        heals=True,
        also=["root_not_trusted"],
    ),
)
