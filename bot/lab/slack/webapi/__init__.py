"""The Web API, `/api/<method>`: who may call what, how often, and what each method does."""

from bot.lab.slack.webapi.route import call

__all__ = ["call"]
