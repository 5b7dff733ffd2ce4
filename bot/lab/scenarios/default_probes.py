"""v2: HTTP settings without a probe of their own, where the right thing is there and only has to be used."""

from bot.lab.azure.build import probe
from bot.lab.scenario import Scenario
from bot.lab.scenarios.shapes import (
    DOMAIN,
    HOST,
    OTHER_HOST,
    PUBLIC_SITE,
    any_host,
    one_site,
    scenario_of,
    web_server,
)

DEFAULT_PROBES: tuple[Scenario, ...] = (
    scenario_of(
        "probe-not-assigned",
        "The gateway has a fitting probe, and the HTTP settings do not use it",
        "Somebody made the probe and forgot to assign it (github.com/microsoft/AzureTRE, issue 100).",
        gateway=one_site(
            "probe-not-assigned", asks=None, probes=[probe("site", protocol="Https", host=HOST)]
        ),
        backends=[web_server(PUBLIC_SITE.path[:2])],
        cause="default_probe_host",
        option="assign_probe",
        heals=True,
    ),
    scenario_of(
        "unused-probe-of-another-site",
        "The only probe that the HTTP settings could use asks for another site",
        "It would not tell whether this one works.",
        gateway=one_site(
            "unused-probe-of-another-site",
            asks=None,
            probes=[probe("old-site", protocol="Https", host=OTHER_HOST)],
        ),
        backends=[web_server(PUBLIC_SITE.path[:2], knows=[HOST, OTHER_HOST])],
        cause="default_probe_host",
        option="set_host_name",
        heals=True,
    ),
    scenario_of(
        "host-name-misspelt",
        "The host name in the HTTP settings is a typing error",
        "There is no custom probe, and no certificate is for the misspelt name: it is the name that is wrong.",
        gateway=one_site("host-name-misspelt", asks=None, settings={"hostName": f"shpo.{DOMAIN}"}),
        backends=[any_host(PUBLIC_SITE.path[:2])],
        cause="certificate_name_mismatch",
        option="set_host_name",
        heals=True,
    ),
)
