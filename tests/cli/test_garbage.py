"""Whoever runs `agw` has Python look for garbage seldom."""

import gc

import pytest

from bot.cli import main
from bot.cli.garbage import SELDOM


def test_garbage_is_looked_for_seldom(capsys: pytest.CaptureFixture[str]) -> None:
    usual = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    try:
        assert main(["--version"]) == 0
        assert gc.get_threshold() == SELDOM
    finally:
        gc.set_threshold(*usual)
    assert capsys.readouterr().out
