"""Where certificates are read: how long that takes is up to whoever wrote them, so never on an event loop."""

import asyncio

import pytest

from bot.core.model.certificate import Certificate, Unreadable
from bot.probe import x509


def watch_reading(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each certificate of a gateway's document that is read from now on: whether an event loop waits for it."""
    seen: list[bool] = []
    real = x509.read_certificate

    def watched(text: str) -> Certificate | Unreadable:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            seen.append(False)
        else:
            seen.append(True)
        return real(text)

    monkeypatch.setattr(x509, "read_certificate", watched)
    return seen
