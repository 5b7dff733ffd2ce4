"""What a report tells of the App Service Environments among the backends."""

import json
from dataclasses import replace
from typing import Any

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.app_service_environment import Environment
from bot.core.model.certificate import Certificate
from bot.core.model.observation import NotTried, Outcome
from bot.core.model.unavailable import Unavailable
from bot.core.report.report import Report, to_json
from bot.core.report.reporting import make_report
from bot.core.rules import RULES
from tests.core.environments import networking, one, stored, v3
from tests.core.make import (
    APP,
    ILB,
    NOW,
    SERVER,
    answered,
    case,
    certificate,
    document,
    ref,
    rule,
    settings,
)
from tests.core.plainly import plainly

THUMBPRINT_ONLY = stored(None, thumbprint="AB12")


def reported(made: Case) -> Report:
    return make_report(made, diagnose(made, RULES), (), RULES, NOW)


def behind(environments: tuple[Environment, ...] | Unavailable, outcome: Outcome) -> Report:
    return reported(replace(case(None, outcome), environments=environments))


def noted(environments: tuple[Environment, ...] | Unavailable, *shown: Certificate) -> list[str]:
    notes = plainly(behind(environments, answered(*shown)).notes)
    return [it for it in notes if "App Service Environment" in it]


def test_the_public_document_tells_all_of_it() -> None:
    report = behind(one(held=(stored(), THUMBPRINT_ONLY)), answered(ILB))
    found: Any = json.loads(json.dumps(to_json(report)))
    (environment,) = found["environments"]
    certificates = environment.pop("ilb_certificates")
    assert environment == {
        "id": "/subscriptions/s1/resourceGroups/rg-ase/providers/Microsoft.Web/hostingEnvironments/ase",
        "name": "ase",
        "version": "v2",
        "server": SERVER,
        "dns_suffix": "ase.appgwtestase.com",
        "custom_suffix": None,
        "custom_suffix_state": None,
        "custom_suffix_details": None,
        "custom_suffix_certificate": None,
        "not_read": None,
        "shown": "ilb",
    }
    read, unread = certificates
    assert (read["subject"], read["sha256"]) == (ILB.subject, ILB.sha256)
    assert read["not_after"] == ILB.not_after.isoformat()
    assert (unread["subject"], unread["sha256"], unread["not_after"]) == (None, None, None)
    assert found["environments_not_read"] is None


def test_what_could_not_be_looked_up_says_why() -> None:
    found = to_json(behind(Unavailable("forbidden"), answered(ILB)))
    assert (found["environments"], found["environments_not_read"]) == ([], "forbidden")
    assert to_json(behind((), answered(ILB)))["environments_not_read"] is None


def test_the_note_of_v2() -> None:
    held = one(held=(stored(),))
    begins = "10.1.5.11 is App Service Environment ase (v2)"
    assert noted(held, ILB) == [
        f"{begins}; without SNI it shows the ILB certificate that Azure holds for it"
    ]
    assert noted(held, APP) == [begins]
    assert noted(one(), APP) == [
        f"{begins}; without SNI it shows a certificate that Azure says nothing about"
    ]
    (unread,) = noted(one(held=Unavailable("forbidden")), ILB)
    assert unread.endswith("; its ILB certificate could not be read: forbidden")


def test_the_note_of_v3_tells_its_two_certificates_apart() -> None:
    found = one(v3(suffix="apps.contoso.com"), networking(SERVER))
    (own,) = noted(found, certificate("*.ase.appserviceenvironment.net"))
    assert own.endswith("the certificate of its default domain ase.appserviceenvironment.net")
    (custom,) = noted(found, certificate("*.apps.contoso.com"))
    assert custom.endswith("the certificate of its custom suffix apps.contoso.com")


DEGRADED = {"provisioningState": "Degraded", "provisioningDetails": "no access to the vault"}
KEPT = "https://kv.vault.azure.net/secrets/suffix"


def test_what_hinders_the_custom_suffix_of_v3_is_told() -> None:
    def told(**going: str) -> str:
        (text,) = noted(one(v3(suffix="apps.contoso.com", going=going), networking(SERVER)), APP)
        return text

    said = "; Azure says about its custom suffix apps.contoso.com: "
    assert told(**DEGRADED).endswith(f"{said}Degraded (no access to the vault)")
    assert told(provisioningState="InProgress").endswith(f"{said}InProgress")
    assert said not in told(provisioningState="Succeeded", provisioningDetails="all is well")
    assert said not in told()


def test_the_public_document_tells_how_the_custom_suffix_of_v3_is_going() -> None:
    going = {**DEGRADED, "certificateUrl": KEPT}
    found = one(v3(suffix="apps.contoso.com", going=going), networking(SERVER))
    (environment,) = to_json(behind(found, answered(APP)))["environments"]
    assert environment["custom_suffix"] == "apps.contoso.com"
    assert environment["custom_suffix_state"] == "Degraded"
    assert environment["custom_suffix_details"] == "no access to the vault"
    assert environment["custom_suffix_certificate"] == KEPT


def test_an_environment_that_showed_nothing_is_named_all_the_same() -> None:
    report = behind(one(held=(stored(),)), NotTried("outside"))
    assert report.environments[0].shown is None
    assert "10.1.5.11 is App Service Environment ase (v2)" in plainly(report.notes)


def test_an_address_under_two_settings_is_told_once() -> None:
    plain = settings("http", protocol="Http", port=80, authenticationCertificates=[])
    base = document(
        backendHttpSettingsCollection=[settings(), plain],
        requestRoutingRules=[
            rule(),
            rule("plain", backendHttpSettings=ref("backendHttpSettingsCollection", "http")),
        ],
    )
    made = case(base, by_sni={None: answered(ILB)})
    report = reported(replace(made, environments=one(held=(stored(),))))
    assert len(report.backends) == 2
    assert [it.shown for it in report.environments] == ["ilb"]


def test_other_backends_are_not_mentioned() -> None:
    assert noted((), ILB) == []
    elsewhere = tuple(replace(it, inbound=("10.1.5.12",)) for it in one())
    assert noted(elsewhere, ILB) == []
