"""Finding reports of people and alerts of monitors among messages that are not addressed to the bot.

In: the text of a message. Out: the names of gateways that it may report, likeliest first; none in most cases.

The bot was not asked, so in doubt it stays silent. Time is proportional to the text: no pattern restarts within its own
match.
"""
