"""`agw lab --env`: the settings of a lab that runs on this machine, as lines for a shell."""

from collections.abc import Iterator, Mapping
from shlex import quote

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.core.problem import Problem
from bot.settings import SETTING_NAMES

WITHIN = 5.0
"""Seconds; the lab is on this machine."""

LARGEST = 1024 * 1024


async def exports(port: int) -> str:
    """`export` lines that point every other command at the lab whose page is on this port.

    Raises:
        Problem: `no_lab`.
    """
    return "\n".join(
        f"export {name}={quote(text)}" for name, text in _known(await _ask(port), port)
    )


async def _ask(port: int) -> object:
    url = f"http://127.0.0.1:{port}/lab/environment"
    try:
        async with (
            ClientSession(timeout=ClientTimeout(WITHIN)) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            return await answer.json() if answer.status == 200 else None
    except (ClientError, OSError, TimeoutError, ValueError):
        return None


def _known(answer: object, port: int) -> Iterator[tuple[str, str]]:
    """Only settings of ours: whatever else answers on that port must not name variables of the shell."""
    if not isinstance(answer, Mapping) or not answer.keys() & set(SETTING_NAMES):
        raise Problem(
            "no_lab",
            f"No lab answers on port {port} of this machine.",
            "Start one in another terminal with agw lab, or name the port of its page with --port.",
        )
    yield from (
        (name, text)
        for name, text in answer.items()
        if name in SETTING_NAMES and isinstance(text, str)
    )
