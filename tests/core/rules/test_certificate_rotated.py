from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.case.diagnosis import diagnose
from bot.core.case.finding import Match
from bot.core.model.marked import plain
from bot.core.model.observation import Outcome
from bot.core.remedies.options import OPTIONS
from bot.core.remedies.what_if import recommended, try_options
from bot.core.rules import RULES
from bot.core.rules.certificate_rotated import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import (
    APP,
    HOST,
    ILB,
    NOT_SEEN,
    answered,
    blind,
    case,
    certificate,
    document,
    incident,
    v2_settings,
    what_if,
)

RENEWED = replace(APP, sha256="a" * 64, der=b"renewed", not_before=APP.not_before + timedelta(9))
SAME_NAMES = replace(RENEWED, subject="CN=test,O=Contoso", dns_names=(HOST.upper(),))


def test_matches_the_same_subject_or_the_same_names_with_another_fingerprint() -> None:
    (summary,) = matches(RULE, case(None, answered(RENEWED)))
    assert "serves a newer certificate for CN=test.appgwtestase.com" in summary
    assert matches(RULE, case(None, answered(SAME_NAMES)))


def test_does_not_call_an_older_one_newer_and_shows_both() -> None:
    older = replace(RENEWED, not_before=APP.not_before - timedelta(9))
    (seen,) = RULE.check(case(None, answered(older)))
    assert isinstance(seen, Match)
    assert "serves a different certificate for" in plain(seen.summary)
    texts = "\n".join(plain(it.text) for it in seen.evidence)
    assert older.sha256 in texts
    assert APP.sha256 in texts


def test_is_quiet_where_the_listed_one_is_served_with_a_name_or_the_name_is_another() -> None:
    assert quiet(RULE, case(None, by_sni={None: answered(RENEWED), HOST: answered(APP)}))
    assert quiet(RULE, incident()[1])
    assert quiet(RULE, case(None, answered(ILB)))
    nameless = certificate("nameless", has_san=False, dns_names=(), common_name=None)
    assert quiet(RULE, case(None, answered(nameless)))


def test_is_quiet_when_listed_and_on_v2() -> None:
    assert quiet(RULE, case(None, answered(APP)))
    v2 = document(tier="WAF_v2", backendHttpSettingsCollection=[v2_settings()])
    assert quiet(RULE, case(v2, answered(RENEWED)))


def test_excludes_the_wider_rule_and_recommends_the_upload() -> None:
    base = document()
    made = case(base, answered(RENEWED))
    diagnosis = diagnose(made, RULES)
    assert [it.rule for it in diagnosis.errors] == ["certificate_rotated"]
    best = recommended(try_options(what_if(made, base), diagnosis, OPTIONS))
    assert best is not None
    assert best.option.id == "upload_ilb_certificate"


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "certificate_not_allow_listed" in left_open(RULE, blind(None, outcome))
