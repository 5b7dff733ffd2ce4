"""What can be done, and whether it helps: options, their edits and steps, tried on paper by the same rules.

In: a `Case` and its `Diagnosis`. Out: a trial for each option, with edits, steps and the same change as code.
"""
