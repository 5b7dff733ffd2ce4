"""Random gateways and servers, judged by the lab; the bot's reports and remedies are compared with that.

`worlds` makes a world up from a seed; `witness` asks the lab what its probes and clients get; `trying` asks the bot,
and carries its remedies out; `comparing` says what of it is wrong; `figures` counts.
"""
