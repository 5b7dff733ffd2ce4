"""What the operators of the bot have decided: how long to wait, and what is never done."""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.core.changes.limits import Limits
from bot.workflow.holding import LEASE


@dataclass(frozen=True, slots=True)
class Policy:
    """All times that are not `timedelta` are in seconds.

    `timeout` is for one diagnosis. After a change, backend health is read every `health_poll` seconds, for
    `health_rounds` probe intervals but at least `health_least` seconds.

    An approval is good for `approval_holds`: what was not sent by then is closed. Azure is looked at again every
    `operation_least` to `operation_longest` seconds; after `operation_most` it is said that it is still working. A PUT
    without an answer, or one that does not show, counts as not carried out only after `settle`: ARM answers within a
    minute, and reads have shown the old document seconds after success
    (https://github.com/pulumi/pulumi-azure-native/issues/3042). After `watched_for` nobody looks any more.
    `lease`: after so many seconds without a sign of life, another replica takes a change over.
    """

    read_only: bool = False
    limits: Limits = field(default_factory=Limits)
    require_second_person: bool = False
    approval_ttl: timedelta = timedelta(seconds=1800)
    probe: bool = True
    timeout: float = 30.0
    health_poll: float = 2.0
    health_rounds: int = 3
    health_least: float = 20.0
    approval_holds: timedelta = timedelta(minutes=30)
    operation_least: float = 1.0
    operation_longest: float = 15.0
    operation_most: float = 3600.0
    settle: timedelta = timedelta(seconds=150)
    watched_for: timedelta = timedelta(hours=24)
    lease: float = LEASE
