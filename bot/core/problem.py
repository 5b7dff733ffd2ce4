"""What goes wrong outside, told to a person: one sentence on what happened, one on what to do."""

from bot.core.model.marked import plain


class Problem(Exception):
    """Something outside failed in a way that a person can act on.

    `code` is short and stable (`not_found`, `forbidden`, `throttled`, `etag_mismatch`, ...): scripts and
    callers branch on it. `message` says what happened and what it means, `hint` what to do; names in them are plain.
    `wait` is how many seconds the other side asks to wait before it is asked again, if it does.
    """

    def __init__(
        self, code: str, message: str, hint: str = "", *, wait: float | None = None
    ) -> None:
        super().__init__(plain(message))
        self.code = code
        self.message = plain(message)
        self.hint = plain(hint)
        self.wait = wait

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()
