"""No event loop waits for the certificates of a gateway."""

import pytest

from tests.probe.reading import watch_reading
from tests.workflow.conftest import Scene


async def test_from_the_diagnosis_to_the_proof_no_certificate_is_read_on_the_loop(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = watch_reading(monkeypatch)
    await scene.healed()
    assert seen
    assert not any(seen)
