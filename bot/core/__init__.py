"""Every decision of the bot: frozen values and pure functions.

In: what the edges read and observed. Out: diagnosis, options, plans, reports. No I/O, no clock, no library of Azure,
Slack or X.509.
"""
