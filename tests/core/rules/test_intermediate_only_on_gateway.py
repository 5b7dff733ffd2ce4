from typing import Any

import pytest

from bot.core.model.observation import Outcome, Trust, together
from bot.core.remedies.edit_builder import certificate_text
from bot.core.rules.intermediate_missing import RULE as MISSING
from bot.core.rules.intermediate_only_on_gateway import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import NOT_SEEN, ROOT, answered, blind, case, document, item, ref, v2_settings
from tests.core.rules.chains import ISSUING, LEAF, empty_v2

NAMES = ("root", "issuing")
BOTH = together((ROOT.sha256, ISSUING.sha256))
WAY = (LEAF.sha256, ISSUING.sha256, ROOT.sha256)
ALONE = (
    Trust(ROOT.sha256, 20, "no", 0, LEAF.sha256, related=True),
    Trust(ISSUING.sha256, 2, "no", 1, ISSUING.sha256, related=True),
)


def trusting(*names: str, **changes: Any) -> dict[str, Any]:
    """A v2 gateway that has root and intermediate; its settings refer to those of these names."""
    used = [ref("trustedRootCertificates", name) for name in names]
    return document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[v2_settings(trustedRootCertificates=used, **changes)],
        trustedRootCertificates=[
            item("trustedRootCertificates", name, data=certificate_text(it))
            for name, it in zip(NAMES, (ROOT, ISSUING), strict=True)
        ],
    )


def test_matches_a_chain_that_only_the_gateway_completes() -> None:
    seen = answered(LEAF, trust=(*ALONE, Trust(BOTH, 0, "ok", path=WAY, related=True)))
    made = case(trusting(*NAMES), seen, known=(ISSUING,))
    (summary,) = matches(RULE, made)
    assert "does not send CN=issuing CA, an intermediate; its chain is complete only" in summary
    assert quiet(MISSING, made)


def test_is_quiet_where_it_is_sent_not_trusted_or_not_checked() -> None:
    good = (*ALONE, Trust(BOTH, 0, "ok", path=WAY, related=True))
    sent = answered(LEAF, ISSUING, trust=good)
    assert quiet(RULE, case(trusting(*NAMES), sent, known=(ISSUING,)))
    bad = answered(LEAF, trust=(*ALONE, Trust(BOTH, 7, "no", related=True)))
    assert quiet(RULE, case(trusting(*NAMES), bad, known=(ISSUING,)))
    unchecked = trusting(*NAMES, validateCertChainAndExpiry=False)
    assert quiet(RULE, case(unchecked, answered(LEAF, trust=good), known=(ISSUING,)))
    assert quiet(RULE, case(trusting(), answered(LEAF, trust=good), known=(ISSUING,)))


def test_the_root_alone_does_not_complete_it() -> None:
    made = case(trusting("root"), answered(LEAF, trust=ALONE), known=(ISSUING,))
    assert quiet(RULE, made)
    assert matches(MISSING, made)


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(empty_v2(), outcome))
