from datetime import timedelta
from typing import Any

import pytest

from bot.core.arm.certificates_reader import bundle_data
from bot.core.arm.gateway_reader import read_gateway
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.certificate import Certificate, Unreadable
from bot.core.rules import RULES
from bot.core.rules.listener_certificate_expiring import RULE
from tests.core.asking import matches, quiet
from tests.core.make import APP, HOST, NOW, answered, case, certificate, document, item, ref

BUNDLE = "MIIBundle"
DAY = timedelta(days=1)


def listening(found: Certificate | Unreadable, *, used: bool = True, data: Any = BUNDLE) -> Case:
    """One listener with a certificate of which Azure shows `data`, and what that is."""
    shown = {"sslCertificate": ref("sslCertificates", "site-cert")} if used else {}
    base = document(
        sslCertificates=[item("sslCertificates", "site-cert", publicCertData=data)],
        httpListeners=[item("httpListeners", "site", protocol="Https", hostName=HOST, **shown)],
    )
    made = case(base, answered(APP), state="healthy")
    gateway = read_gateway(base, {APP_DATA: APP, BUNDLE: found})
    return Case(gateway, made.health, made.observations, NOW)


APP_DATA = document()["properties"]["authenticationCertificates"][0]["properties"]["data"]


@pytest.mark.parametrize(
    ("not_before", "not_after", "told"),
    [
        (NOW - 300 * DAY, NOW + 9 * DAY, "expires in 9 days"),
        (NOW - 300 * DAY, NOW + 30 * DAY, "expires in 30 days"),
        (NOW - 300 * DAY, NOW - 2 * DAY, "expired 2 days ago"),
        (NOW + 1 * DAY, NOW + 300 * DAY, "is not valid before 2026-11-24"),
    ],
)
def test_matches_and_names_the_listener_and_the_days(
    not_before: Any, not_after: Any, told: str
) -> None:
    made = listening(certificate(HOST, not_before=not_before, not_after=not_after))
    (summary,) = matches(RULE, made)
    assert summary == f"The certificate site-cert, which site presents to clients, {told}."
    assert diagnose(made, RULES).verdict == "healthy"


def test_quiet_while_it_lasts_and_where_no_listener_uses_it() -> None:
    assert quiet(RULE, listening(certificate(HOST, not_after=NOW + 31 * DAY)))
    ended = certificate(HOST, not_after=NOW - DAY)
    assert quiet(RULE, listening(ended, used=False))
    assert quiet(RULE, case())


@pytest.mark.parametrize("data", [BUNDLE, None, 5])
def test_missing_or_unreadable_data_is_no_date(data: Any) -> None:
    assert quiet(RULE, listening(Unreadable("*****"), data=data))


def test_only_what_a_listener_shows_is_parsed() -> None:
    used = [
        item("httpListeners", name, sslCertificate=ref("sslCertificates", name)) for name in "bd"
    ]
    kept = [
        item("sslCertificates", "a", publicCertData="A"),
        item("sslCertificates", "b", publicCertData="B"),
        item("sslCertificates", "c"),
        item("sslCertificates", "d"),
    ]
    assert list(bundle_data(document(httpListeners=used, sslCertificates=kept))) == ["B"]
