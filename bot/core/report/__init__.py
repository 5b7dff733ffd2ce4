"""What a person is told: the diagnosis as plain facts, for chat, terminal and JSON alike.

In: case, diagnosis and trials. Out: a `Report`, the public JSON, the incident that is kept, the catalogue of rules.
"""
