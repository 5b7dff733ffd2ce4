"""What AGW_DATABASE_URL names: a file, or a PostgreSQL server."""

from pathlib import Path

from bot.core.problem import Problem


def is_postgresql(url: str) -> bool:
    """Whether the URL names a PostgreSQL server."""
    return url.startswith("postgresql://")


def database_file(url: str) -> Path:
    """The file of a URL: `sqlite:///agw.db` is relative to the working directory, `sqlite:////var/lib/agw.db` is
    absolute (as in docs.sqlalchemy.org/en/20/core/engines.html).

    Raises:
        Problem: `bad_database_url`.
    """
    # No part of a URL is repeated: it may hold a password.
    scheme, _, path = url.partition(":///")
    if scheme != "sqlite" or not path:
        raise Problem(
            "bad_database_url",
            "AGW_DATABASE_URL is not a database URL that agw supports.",
            "Set it to a local file, such as sqlite:////var/lib/agw/agw.db, or to postgresql:// and a server.",
        )
    return Path(path).absolute()
