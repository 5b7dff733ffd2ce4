"""What the bot holds from its start is not looked at again by the garbage collection."""

import gc

from bot.cli.serving import keep_for_good


def test_what_is_there_is_kept_for_good() -> None:
    held = [[it] for it in range(1_000)]
    try:
        keep_for_good()
        assert gc.get_freeze_count() > len(held)
        assert not any(it is held for it in gc.get_objects())
    finally:
        gc.unfreeze()
    assert any(it is held for it in gc.get_objects())
