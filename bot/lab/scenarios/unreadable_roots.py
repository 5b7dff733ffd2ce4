"""v2: what is stored as a trusted root is not a certificate."""

import base64
from dataclasses import replace

from bot.lab.azure.build import certificate
from bot.lab.azure.messages import Symptom
from bot.lab.azure.routing import part
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import OPTIONS
from bot.lab.scenarios.shapes import (
    OTHER_ROOT,
    PRIVATE_SITE,
    ROOT,
    one_site,
    scenario_of,
    web_server,
)

_NO_CERTIFICATE = part("company-root", data=base64.b64encode(b"not a certificate").decode("ascii"))
_DAMAGED = part("company-root", data=base64.b64encode(ROOT.pem[:400]).decode("ascii"))
# https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting
_NO_INFORMATION = (
    "Application gateway could not find any certificate-related information in the trusted root certificate. Ensure the"
    " certificate file is not corrupt and re-add."
)
_TRUSTS = {"trusted_roots": ["company-root"]}

UNREADABLE_ROOTS: tuple[Scenario, ...] = (
    scenario_of(
        "root-unreadable-not-sent",
        "The only trusted root is not a certificate, and nobody sends the right one",
        "It has to come from whoever runs the CA.",
        gateway=one_site(
            "root-unreadable-not-sent", trusted_roots=[_NO_CERTIFICATE], settings=_TRUSTS
        ),
        backends=[web_server(PRIVATE_SITE.path[:2])],
        cause="trusted_root_unreadable",
        notes=["stored_certificate_unreadable"],
        option="remove_cause",
    ),
    scenario_of(
        "root-unreadable",
        "The only trusted root is not a certificate",
        "Azure took the file; the server sends its root.",
        gateway=one_site("root-unreadable", trusted_roots=[_NO_CERTIFICATE], settings=_TRUSTS),
        backends=[web_server(PRIVATE_SITE.path)],
        cause="trusted_root_unreadable",
        notes=["stored_certificate_unreadable"],
        option="upload_root_certificate",
        heals=True,
    ),
    scenario_of(
        "root-unreadable-known",
        "The only trusted root of the settings is not a certificate; the right one is on the gateway",
        "The server does not send its root.",
        gateway=one_site(
            "root-unreadable-known",
            trusted_roots=[_NO_CERTIFICATE, certificate("right", ROOT)],
            settings=_TRUSTS,
        ),
        backends=[web_server(PRIVATE_SITE.path[:2])],
        cause="trusted_root_unreadable",
        notes=["stored_certificate_unreadable"],
        option="upload_root_certificate",
        heals=True,
    ),
    scenario_of(
        "root-damaged",
        "One of two trusted roots is damaged, and the gateway says so",
        "The other one is of another CA; the server sends its root.",
        gateway=one_site(
            "root-damaged",
            trusted_roots=[_DAMAGED, certificate("other", OTHER_ROOT)],
            settings={"trusted_roots": ["company-root", "other"]},
        ),
        backends=[web_server(PRIVATE_SITE.path)],
        options=replace(OPTIONS, wordings={Symptom.ROOT_MISMATCH: _NO_INFORMATION}),
        cause="trusted_root_unreadable",
        notes=["stored_certificate_unreadable"],
        option="upload_root_certificate",
        heals=True,
    ),
)
