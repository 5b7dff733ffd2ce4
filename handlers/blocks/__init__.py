"""Builders of Slack messages: the only place that knows Block Kit, mrkdwn, emoji and Slack's lengths.

In: reports, changes, steps and answers of `bot.core` and `bot.workflow`. Out: `Message`s with their blocks. Pure:
nothing here calls Slack or reads the store.
"""
