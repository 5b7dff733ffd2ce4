import pytest

from bot.core.model.observation import Outcome
from bot.core.rules.certificate_revoked import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, answered, blind, case
from tests.core.rules.chains import (
    IN_ROOT,
    ISSUING,
    LEAF,
    LISTED,
    NOT_VERIFIED,
    empty_v2,
    refused,
    v2,
)


def test_matches_what_only_the_gateway_can_say() -> None:
    seen = answered(LEAF, ISSUING, trust=IN_ROOT)
    (summary,) = matches(RULE, case(v2(**LISTED), seen, message=NOT_VERIFIED.format(23)))
    assert "a certificate of its chain has been revoked by its CA (OpenSSL error 23, " in summary


def test_is_quiet_where_the_gateway_is_content_or_says_something_else() -> None:
    seen = answered(LEAF, ISSUING, trust=IN_ROOT)
    revoked = NOT_VERIFIED.format(23)
    assert quiet(RULE, case(v2(**LISTED), seen, state="healthy", message=revoked))
    assert quiet(RULE, case(v2(**LISTED), seen, message=NOT_VERIFIED.format(20)))
    assert quiet(RULE, case(v2(**LISTED), seen, message=NOT_VERIFIED.format("N")))
    assert quiet(RULE, case(v2(**LISTED), seen, message=f"error code 23: {revoked[:20]}"))


def test_is_quiet_where_our_own_look_has_another_reason() -> None:
    seen = answered(LEAF, ISSUING, trust=refused(47, LEAF))
    assert quiet(RULE, case(v2(**LISTED), seen, message=NOT_VERIFIED.format(23)))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(empty_v2(), outcome))
