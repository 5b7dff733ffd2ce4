"""What the operators of the bot have decided: how long to wait, and what is never done."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Policy:
    """All times that are not `timedelta` are in seconds.

    `timeout` is for one diagnosis. After a change, backend health is read every `health_poll` seconds, for
    `health_rounds` probe intervals but at least `health_least` seconds.
    """

    read_only: bool = False
    require_second_person: bool = False
    approval_ttl: timedelta = timedelta(seconds=1800)
    probe: bool = True
    timeout: float = 30.0
    health_poll: float = 2.0
    health_rounds: int = 3
    health_least: float = 20.0
    operation_least: float = 1.0
    operation_most: float = 3600.0
