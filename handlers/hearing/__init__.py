"""Hearing what is not said to the bot: reports of people and alerts of monitors, among everything else.

The bot only overhears, so doubt means silence. Time is in proportion to the text: no pattern begins again in its
own match.
"""
