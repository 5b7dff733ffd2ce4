from dataclasses import fields

import pytest

from bot.core.model.certificate import Bundle, Certificate
from bot.core.model.observation import Outcome, Trust
from bot.core.remedies.edit_builder import certificate_text
from bot.core.rules.root_not_trusted import RULE as ROOT_NOT_TRUSTED
from bot.core.rules.trusted_root_not_a_root import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, ROOT, answered, blind, case
from tests.core.rules.chains import IN_ROOT, ISSUING, LEAF, LISTED, empty_v2, v2

BUNDLED = Bundle(
    **{it.name: getattr(ISSUING, it.name) for it in fields(Certificate)}, others=(LEAF, ROOT)
)


def test_matches_an_intermediate_in_place_of_a_root() -> None:
    trust = (Trust(ISSUING.sha256, 2, "no", 1, ISSUING.sha256, related=True),)
    base = v2(stored=certificate_text(ISSUING), **LISTED)
    made = case(base, answered(LEAF, ISSUING, trust=trust), known=(ISSUING,))
    (summary,) = matches(RULE, made)
    assert summary == (
        "https trusts CN=issuing CA as a root, but that is none: it was issued by CN=private CA, which is not trusted."
        " So the certificate of 10.1.5.11 ends in nothing that the gateway accepts (OpenSSL error 2)."
    )
    bundle = case(base, answered(LEAF, ISSUING, trust=trust), known=(BUNDLED,))
    (summary,) = matches(RULE, bundle)
    assert summary.endswith("The root CN=private CA comes after it in the same file.")


def test_is_quiet_where_the_stored_one_is_a_root_or_the_end_is_elsewhere() -> None:
    assert quiet(RULE, case(v2(**LISTED), answered(LEAF, ISSUING, trust=IN_ROOT)))
    elsewhere = (Trust(ROOT.sha256, 2, "no", 1, ISSUING.sha256, related=True),)
    made = case(v2(**LISTED), answered(LEAF, ISSUING, trust=elsewhere))
    assert quiet(RULE, made)
    assert matches(ROOT_NOT_TRUSTED, made)


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(empty_v2(), outcome))
