import pytest

from bot.core.model.observation import Outcome
from bot.core.rules.intermediate_missing import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import APP, NOT_SEEN, ROOT, answered, blind, case, document
from tests.core.rules.chains import (
    IN_ROOT,
    ISSUING,
    LEAF,
    LISTED,
    LONELY,
    NOT_IN_ROOT,
    empty_v2,
    v2,
)


def test_matches_a_lonely_leaf_and_names_the_issuer() -> None:
    (summary,) = matches(RULE, case(v2(**LISTED), answered(LEAF, trust=NOT_IN_ROOT)))
    assert "does not send the certificate of CN=issuing CA" in summary


def test_matches_a_leaf_of_a_public_ca_sent_without_its_issuer() -> None:
    assert matches(RULE, case(empty_v2(), answered(LONELY, public=20)))


def test_matches_when_only_an_unrelated_ca_is_sent() -> None:
    assert matches(RULE, case(empty_v2(), answered(LONELY, ISSUING)))


def test_is_quiet_when_the_chain_is_whole_or_the_issuer_is_a_known_root() -> None:
    assert quiet(RULE, case(v2(**LISTED), answered(LEAF, ISSUING, trust=IN_ROOT)))
    assert quiet(RULE, case(v2(), answered(APP, ROOT, trust=IN_ROOT)))
    assert quiet(RULE, case(v2(), answered(APP, trust=NOT_IN_ROOT)))
    assert quiet(RULE, case(empty_v2(), answered(LONELY, public=0)))


def test_is_quiet_on_v1() -> None:
    assert quiet(RULE, case(document(), answered(LONELY)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(empty_v2(), outcome))
