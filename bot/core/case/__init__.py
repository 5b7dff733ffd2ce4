"""One incident's evidence in one value, and what a rule is.

In: gateway, health, observations, network, environments, load. Out: `Case`, which rules ask; `Rule`, `Match` and
`Undecided`, which they are made of and answer with; `Diagnosis`; and which connections and DNS look-ups are wanted.
"""
