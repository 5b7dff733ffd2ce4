"""A name to its addresses, asked of the system's resolver."""

import asyncio
import socket

from bot.core.gateway import is_ip
from bot.core.observation import Unresolved


async def resolve(name: str, port: int, deadline: float) -> tuple[str, ...] | Unresolved:
    """Every address of `name`, in the resolver's order; an IP literal stands for itself.

    `deadline` is a moment of the loop's clock. The look-up runs in a thread of the loop's pool, which
    cannot be interrupted: past the deadline its answer is no longer waited for.
    """
    if is_ip(name):
        return (name,)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    try:
        async with asyncio.timeout_at(deadline):
            found = await loop.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    except TimeoutError:
        return Unresolved(name, f"no answer from DNS within {loop.time() - begun:.1f} s")
    except OSError as error:
        return Unresolved(name, (error.strerror or str(error)).lower())
    except UnicodeError:  # Python encodes the name by IDNA first.
        return Unresolved(name, "it is not a valid host name")
    return tuple(dict.fromkeys(str(address[0]) for *_, address in found))
