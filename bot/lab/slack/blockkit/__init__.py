"""A validation of Block Kit as strict as Slack's: one wrong key and nothing is posted.

In: blocks or a view. Out: every reason for which Slack would refuse them, with a JSON pointer.

Two validators check every block. The tables of this package know keys, places and lengths; the
models of slack_sdk, made by Slack, have rules of their own. Then come the rules about a whole
message or modal that neither of them has: unique ids, one table, total lengths.
"""

from bot.lab.slack.blockkit.check import Surface, block_faults
from bot.lab.slack.blockkit.view import view_faults
from bot.lab.slack.blockkit.walk import elements, with_ids

__all__ = ["Surface", "block_faults", "elements", "view_faults", "with_ids"]
