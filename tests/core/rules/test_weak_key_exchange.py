from dataclasses import replace

import pytest

from bot.core.model.observation import Answered, Outcome
from bot.core.rules.weak_key_exchange import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.make import APP, NOT_SEEN, SERVER, answered, blind, case, document, handshake
from tests.core.rules.chains import empty_v2


def agreed(bits: int | None) -> Answered:
    made = replace(handshake(APP), cipher="DHE-RSA-AES256-GCM-SHA384", dh_bits=bits)
    return Answered(SERVER, made, answered(APP).http)


@pytest.mark.parametrize("bits", [1024, 2047])
def test_matches_a_short_group_whatever_the_generation(bits: int) -> None:
    for base in (document(), empty_v2()):
        (summary,) = matches(RULE, case(base, agreed(bits), state="healthy"))
        assert f"a Diffie-Hellman group of {bits} bits: newer clients refuse that" in summary


@pytest.mark.parametrize("bits", [None, 2048, 4096])
def test_is_quiet_on_a_long_group_and_on_none(bits: int | None) -> None:
    assert quiet(RULE, case(document(), agreed(bits), state="healthy"))


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(empty_v2(), outcome))
