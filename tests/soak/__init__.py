"""Changes with kills at random: whether each approval sends at most one PUT, and whether its card ends with the truth.

In: a seed for each case, and the URL of a database. Out: what the lab's Azure and Slack saw. `make soak` runs any
number of cases and goes on where it was stopped. The same kinds of kill, one by one, are in `tests/story` and in
`tests/workflow/test_kill.py`.
"""
