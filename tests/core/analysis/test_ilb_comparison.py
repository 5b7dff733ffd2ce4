"""What Azure holds decides whether a certificate from a socket may be recommended for upload."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.app_service_environment import Environment
from bot.core.model.marked import plain
from bot.core.model.observation import NotTried, Outcome, Trust
from bot.core.model.unavailable import Unavailable
from bot.core.remedies.edit_builder import certificate_text
from bot.core.remedies.options import (
    renew_certificate,
    replace_expired_certificate,
    upload_ilb_certificate,
    upload_root_certificate,
    wildcard_certificate,
)
from bot.core.rules import RULES
from tests.core.environments import networking, one, stored, v3
from tests.core.make import (
    APP,
    HOST,
    ILB,
    NOW,
    ROOT,
    SERVER,
    answered,
    case,
    certificate,
    document,
    item,
    settings,
)
from tests.core.remedies.options.trying import (
    assumed_certificates,
    best,
    proposed,
    refused,
    trials,
    v2,
)

FORGED = certificate("*.ase.appgwtestase.com", issuer="CN=Inspection", sha256="f0" * 32)
HELD = one(held=(stored(),))
UPLOAD = upload_ilb_certificate.OPTION
SAME = "Azure holds the same certificate as the ILB certificate of App Service Environment ase"
BARE = document(
    backendHttpSettingsCollection=[settings(authenticationCertificates=[])],
    authenticationCertificates=[],
)


def shows(
    served: Outcome, environments: tuple[Environment, ...] | Unavailable, base: Any = BARE
) -> Case:
    """A gateway that has to be given what this backend serves."""
    return replace(case(base, served), environments=environments)


def test_the_same_certificate_is_confirmed_where_it_is_offered() -> None:
    made = shows(answered(ILB), HELD)
    assert best(made, BARE) == "upload_ilb_certificate"
    assert SAME in trials(made, BARE)["upload_ilb_certificate"].reason


def test_the_finding_says_so_as_well() -> None:
    (error,) = diagnose(shows(answered(ILB), HELD), RULES).errors
    assert error.rule == "certificate_not_allow_listed"
    assert SAME in [plain(it.text) for it in error.match.evidence]
    (other,) = diagnose(shows(answered(FORGED), HELD), RULES).errors
    assert SAME not in [plain(it.text) for it in other.match.evidence]


def test_another_certificate_is_never_offered() -> None:
    made = shows(answered(FORGED), HELD)
    found = diagnose(made, RULES)
    assert "served_certificate_differs_from_environment" in [it.rule for it in found.findings]
    assert "a different certificate" in refused(UPLOAD, made, BARE)
    trial = trials(made, BARE)["upload_ilb_certificate"]
    assert (trial.works, trial.proposal) == (False, None)
    assert "40 minutes" in trial.steps[0]
    assert best(made, BARE) != "upload_ilb_certificate"


def test_a_renewed_one_is_not_taken_over_either() -> None:
    expired = replace(FORGED, sha256="e" * 64, der=b"old", not_after=NOW - timedelta(days=1))
    kind = "authenticationCertificates"
    base = document(authenticationCertificates=[item(kind, "app", data=certificate_text(expired))])
    made = replace(case(base, answered(FORGED), known=(expired,)), environments=HELD)
    assert "a different certificate" in refused(replace_expired_certificate.OPTION, made, base)
    unknown = replace(made, environments=())
    assert proposed(replace_expired_certificate.OPTION, unknown, base).certificates == (FORGED,)


def test_the_renewed_one_is_confirmed() -> None:
    expired = replace(ILB, sha256="e" * 64, der=b"old", not_after=NOW - timedelta(days=1))
    kind = "authenticationCertificates"
    base = document(authenticationCertificates=[item(kind, "app", data=certificate_text(expired))])
    made = replace(case(base, answered(ILB), known=(expired,)), environments=HELD)
    assert proposed(replace_expired_certificate.OPTION, made, base).summary.endswith(SAME)


def test_the_root_behind_another_certificate_is_not_trusted_on_v2() -> None:
    base = v2()
    trust = (Trust(ROOT.sha256, 0, "ok"),)
    app = answered(APP, ROOT, trust=trust)
    made = case(base, by_sni={None: answered(FORGED), HOST: app})
    assert proposed(upload_root_certificate.OPTION, made, base).certificates == (ROOT,)
    doubtful = replace(made, environments=HELD)
    assert "a different certificate" in refused(upload_root_certificate.OPTION, doubtful, base)


def test_no_certificate_is_installed_where_something_else_answers() -> None:
    base = document(authenticationCertificates=[])
    late = replace(FORGED, not_after=NOW - timedelta(days=1))
    made = case(base, by_sni={None: answered(late), HOST: answered(APP)})
    for option in (wildcard_certificate.OPTION, renew_certificate.OPTION):
        assert assumed_certificates(proposed(option, made, base))
        assert "a different certificate" in refused(option, replace(made, environments=HELD), base)


def test_what_could_not_be_compared_is_said() -> None:
    unread = Unavailable("the bot's identity lacks it")
    for environments in (unread, one(held=unread)):
        found = proposed(UPLOAD, shows(answered(ILB), environments), BARE)
        assert found.summary.endswith(
            "; it was not compared with what Azure holds, because the bot's identity lacks it"
        )


def test_nothing_is_said_where_there_is_nothing_to_compare() -> None:
    public = document(
        servers=("203.0.114.9",),
        backendHttpSettingsCollection=[settings(authenticationCertificates=[])],
    )
    unread = Unavailable("forbidden")
    said = [
        proposed(UPLOAD, shows(answered(ILB), environments, base), base).summary
        for environments, base in (
            ((), BARE),
            (one(v3(), networking(SERVER)), BARE),
            (one(), BARE),
            (unread, public),
        )
    ]
    assert all(it.endswith("no traffic uses it") for it in said)


def test_a_backend_that_was_not_seen_is_not_accused() -> None:
    made = shows(NotTried("outside"), HELD)
    assert "could not be read" in refused(UPLOAD, made, BARE)
