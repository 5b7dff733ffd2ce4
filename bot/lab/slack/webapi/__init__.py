"""The Web API, `/api/<method>`: who may call what, how often, and what each method does.

In: a request as an app sends it. Out: Slack's JSON, `"ok": false` with Slack's error code included, and the change in
the workspace. One module for each family of methods; `route` serves a call.
"""

from bot.lab.slack.webapi.route import call

__all__ = ["call"]
