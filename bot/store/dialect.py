"""Where the SQL of the two kinds of database differs: a name in braces, and what each of them reads there."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    """The words of one kind of database.

    `serial`: the type of a primary key that counts up. `counted`: the same, never reusing a number. `bytes`: the type
    of bytes. `now`: seconds since 1970 by the database's clock, not by the beginning of the transaction. `for_update`:
    what keeps a row that was read as it is until the transaction ends. `serialised`: an expression that waits for
    every other transaction with the same `:what` to end.
    """

    serial: str
    counted: str
    bytes: str
    now: str
    for_update: str
    serialised: str

    def render(self, text: str) -> str:
        """The statement in these words."""
        return text.format(**asdict(self))


SQLITE = Dialect(
    serial="INTEGER PRIMARY KEY",
    counted="INTEGER PRIMARY KEY AUTOINCREMENT",
    bytes="BLOB",
    # Milliseconds; `unixepoch` with fractions is newer than what Debian 12 has (sqlite.org/lang_datefunc.html).
    now="((julianday('now') - 2440587.5) * 86400.0)",
    # A transaction that writes holds the one write lock from its beginning.
    for_update="",
    serialised=":what",
)
