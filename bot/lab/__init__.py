"""The embedded world: an Azure with gateways that probe, backends, DNS and a Slack workspace, all on loopback.

In: a `Scenario`. Out: a running world (`bot.lab.world`), with the environment variables that point a bot at it.

The demo and the tests run in the same world. It imports nothing of the bot: where the bot and the lab's gateway agree
about a backend, two independent readings of the same documentation agree.
"""
