"""Resource Manager's documents: JSON to values and back, and what its operations and permissions mean.

In: documents as Azure answers them, whatever they hold. Out: values of `bot.core.model`, edits of a document, and the
comparison of a planned with an actual one. `document` is the only place that looks into unknown JSON,
and `entry` what readers read it with: it notes what could not be read.
"""
