"""Slack's validation of Block Kit, as strict as Slack's: one wrong key and nothing is posted.

Two judges look at every block. The tables of this package know keys, places and lengths; the
models of slack_sdk, made by Slack, know their own rules. Then come the rules about a whole message
or modal that neither of the two has: unique ids, one table, the totals.
"""

from bot.lab.slack.blockkit.check import Surface, block_faults
from bot.lab.slack.blockkit.view import view_faults
from bot.lab.slack.blockkit.walk import elements, with_ids

__all__ = ["Surface", "block_faults", "elements", "view_faults", "with_ids"]
