"""The steps by hand of every kind of fault, one kind of remedy a file.

In: a case and what a rule saw. Out: who does what, with which command, and how to see that it is done. A rule names
its guide; the option that tells of it is made in `bot.core.remedies.by_hand`.
"""
