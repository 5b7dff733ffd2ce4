"""The file that AGW_DATABASE_URL names."""

from pathlib import Path

from bot.core.problem import Problem


def database_file(url: str) -> Path:
    """The file of a URL: `sqlite:///agw.db` is relative to the working directory, `sqlite:////var/lib/agw.db` is
    absolute (as in docs.sqlalchemy.org/en/20/core/engines.html).

    Raises:
        Problem: `bad_database_url`.
    """
    # A PostgreSQL URL may contain a password: no part of it is repeated.
    if url.startswith(("postgresql://", "postgres://")):
        raise Problem(
            "bad_database_url",
            "This version of agw keeps its data in an SQLite file, not in PostgreSQL.",
            "Set AGW_DATABASE_URL to a local file, such as sqlite:////var/lib/agw/agw.db, and run only one replica.",
        )
    scheme, _, path = url.partition(":///")
    if scheme != "sqlite" or not path:
        raise Problem(
            "bad_database_url",
            "AGW_DATABASE_URL is not a database URL that agw supports.",
            "Set AGW_DATABASE_URL to a local file, such as sqlite:////var/lib/agw/agw.db.",
        )
    return Path(path).absolute()
