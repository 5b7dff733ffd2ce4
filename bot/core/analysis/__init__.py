"""Facts that several rules share: is the gateway's own report believable, what is wrong with TLS or chain?

In: a `Case` and one of its backends. Out: a fact with its evidence, `Undecided` where it could not be seen, or None.
"""
