"""What Azure says of the last change to a gateway."""

import pytest

from bot.core.arm.provisioning import has_failed, is_busy

STATES = [
    ("Succeeded", False, False),
    ("Updating", True, False),
    ("Creating", True, False),
    ("Migrating", True, False),
    ("FAILED", False, True),
    (None, False, False),
    (7, False, False),
]


@pytest.mark.parametrize(("state", "busy", "failed"), STATES)
def test_every_state_means_one_thing(state: object, busy: bool, failed: bool) -> None:
    document = {"properties": {"provisioningState": state}}
    assert (is_busy(document), has_failed(document)) == (busy, failed)
