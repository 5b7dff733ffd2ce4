from dataclasses import replace

from bot.core.model.observation import NotTried, Trust
from bot.core.rules.root_not_trusted import RULE
from tests.core.asking import doubts, matches, quiet
from tests.core.make import APP, ROOT, answered, case, document
from tests.core.rules.chains import (
    IN_ROOT,
    ISSUING,
    LEAF,
    LISTED,
    LONELY,
    NOT_IN_ROOT,
    OTHER_ROOT,
    SELF_SIGNED,
    empty_v2,
    v2,
)

IN_OTHER = (*NOT_IN_ROOT, Trust(OTHER_ROOT.sha256, 0, "ok"))


def test_matches_a_private_ca_without_a_root() -> None:
    (summary,) = matches(RULE, case(v2(), answered(APP, ROOT, trust=IN_ROOT)))
    assert summary.endswith("https trusts no private root.")


def test_matches_a_private_intermediate_whose_root_is_neither_sent_nor_listed() -> None:
    (summary,) = matches(RULE, case(empty_v2(), answered(LEAF, ISSUING)))
    assert "leads to CN=private CA, which is neither sent nor a well-known CA" in summary


def test_matches_another_root_than_the_listed_one_sent_or_not() -> None:
    of_other = replace(LONELY, issuer=OTHER_ROOT.subject)
    (summary,) = matches(RULE, case(v2(**LISTED), answered(of_other, OTHER_ROOT, trust=IN_OTHER)))
    assert summary.endswith("does not end in a root that https trusts: its root is not among them.")
    (summary,) = matches(RULE, case(v2(**LISTED), answered(LEAF, ISSUING, trust=NOT_IN_ROOT)))
    assert "CN=private CA, which it does not send, is not among them" in summary


def test_a_public_certificate_no_longer_counts_once_a_root_is_listed() -> None:
    assert quiet(RULE, case(v2(), answered(APP, public=0)))
    assert matches(RULE, case(v2(**LISTED), answered(APP, public=0, trust=NOT_IN_ROOT)))


def test_is_quiet_when_trusted_switched_off_on_v1_and_without_a_certificate() -> None:
    assert quiet(RULE, case(v2(**LISTED), answered(APP, trust=IN_ROOT)))
    assert quiet(RULE, case(v2(validateCertChainAndExpiry=False), answered(APP)))
    assert quiet(RULE, case(document(), answered(APP)))
    assert quiet(RULE, case(v2(), answered()))


def test_is_quiet_where_a_more_exact_rule_speaks() -> None:
    assert quiet(RULE, case(v2(**LISTED), answered(SELF_SIGNED, trust=NOT_IN_ROOT)))
    assert quiet(RULE, case(v2(**LISTED), answered(LEAF, trust=NOT_IN_ROOT)))


def test_is_undecided_when_not_seen_or_not_tried_against_the_root() -> None:
    assert doubts(RULE, case(v2(), NotTried("outside")))
    assert doubts(RULE, case(v2(**LISTED), answered(APP))) == [
        "the chain has not been tried against every root of the settings"
    ]


def test_is_undecided_when_a_listed_root_cannot_be_read_unless_the_gateway_is_content() -> None:
    hidden = v2(stored="bm90IG9uZQ==", **LISTED)
    assert (
        "root of the settings cannot be read here" in doubts(RULE, case(hidden, answered(APP)))[0]
    )
    assert quiet(RULE, case(hidden, answered(APP), state="healthy"))
