"""Decisions: frozen values and pure functions. No I/O, no clock, no Azure, Slack or X.509 library."""
