"""What would change, what was approved and what came of it: plan, change and audit entry.

In: a trial and the document that it was made from. Out: the plan with its undo and digest, the states of a change.
"""
