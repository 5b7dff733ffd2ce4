"""What the bot holds from its start is not looked at again by the garbage collection, and judging gives way."""

import gc
import sys

import pytest

from bot.cli.serving import TURN, give_way, keep_for_good


def test_what_is_there_is_kept_for_good() -> None:
    held = [[it] for it in range(1_000)]
    try:
        keep_for_good()
        assert gc.get_freeze_count() > len(held)
        assert not any(it is held for it in gc.get_objects())
    finally:
        gc.unfreeze()
    assert any(it is held for it in gc.get_objects())


def test_threads_take_shorter_turns_than_usual() -> None:
    usual = sys.getswitchinterval()
    try:
        give_way()
        assert sys.getswitchinterval() == pytest.approx(TURN)
        assert usual > TURN
    finally:
        sys.setswitchinterval(usual)
