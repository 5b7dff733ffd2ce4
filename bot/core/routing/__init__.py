"""Which gateway is meant, which way a request takes through it, and what the gateway sends to a server.

In: a `Gateway`, and what a person said. Out: `Target`, `Route` and `Backend`, the order of the rules, and each request
of the gateway (SNI, Host, port, path) as it makes it.
"""
