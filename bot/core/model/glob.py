"""Patterns with wildcards, compared in bounded time: whoever wrote the pattern may not decide how long that takes."""


def matches_glob(pattern: str, text: str, one: str = "") -> bool:
    """Whether `pattern` takes the whole `text`: `*` stands for any characters, the character `one` for a single one.

    At most as many steps as the lengths multiplied: a mismatch goes back to the last `*` alone, as an earlier one could
    only take less.
    """
    at, after_star, tried = 0, -1, 0
    place = 0
    while at < len(text):
        if place < len(pattern) and pattern[place] == "*":
            place += 1
            after_star, tried = place, at
        elif place < len(pattern) and pattern[place] in (text[at], one):
            place += 1
            at += 1
        elif after_star >= 0:
            tried += 1
            place, at = after_star, tried
        else:
            return False
    return not pattern[place:].strip("*")
