"""The embedded world: an Azure, an App Service Environment and a Slack workspace on loopback.

The demo and the tests run in the same world. It imports nothing of the bot: where the bot and
the lab's gateway agree about a backend, two readings of the same pages agree.
"""
