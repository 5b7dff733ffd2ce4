"""Requests of clients as values: what is asked for, what each server gives for it, and what the client gets."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from bot.lab.azure.frontend import (
    Entry,
    RequestRoute,
    entries,
    is_taken,
    names_at,
    patterns_for,
)
from bot.lab.azure.messages import Symptom
from bot.lab.azure.targets import Target
from bot.lab.values import Json


@dataclass(frozen=True, slots=True)
class ClientRequest:
    """A request as a client makes it; `path` with its query."""

    entry: Entry
    host: str
    path: str

    @property
    def url(self) -> str:
        usual = 443 if self.entry.secure else 80
        port = "" if self.entry.port == usual else f":{self.entry.port}"
        return f"{self.entry.scheme}://{self.host}{port}{self.path}"


@dataclass(frozen=True, slots=True)
class ClientResponse:
    """What a client gets: a status, and who gave it.

    `by` "nobody" with status 0: the gateway itself does not answer. `location` is where a redirect leads;
    `symptom` why a server did not answer, as the gateway sees it.
    """

    status: int
    by: Literal["server", "gateway", "nobody"]
    location: str = ""
    symptom: Symptom | None = None

    @property
    def is_redirect(self) -> bool:
        return bool(self.location) and 300 <= self.status < 400


@dataclass(frozen=True, slots=True)
class MemberExchange:
    """One server that a request may be sent to: what is asked of it, and what it gives.

    `in_rotation`: its probe is healthy, so clients get there. `served`: it gives a page, see `ClientExchange`. A name
    with several addresses is one member for each `address`: requests may go to any. None: the name has none.
    `served` None: it sends the client elsewhere, and what is there is not known.
    `doubtful`: it depends on what Microsoft's pages leave open (`read_otherwise`), or on what is not known of clients.
    """

    target: Target
    got: ClientResponse
    in_rotation: bool
    served: bool | None
    address: str | None = None
    doubtful: bool = False

    @property
    def server(self) -> str:
        return self.target.server


@dataclass(frozen=True, slots=True)
class ClientExchange:
    """One request of a client: its route, each member that may answer, and what clients get in all, each once.

    `served`: whichever member it meets, it gets a status below 400 from a server, or is asked to sign in: whoever can,
    gets the page. A redirect has to lead to a page that this gateway serves, not past it to the server itself or to a
    private address. None: it is
    sent elsewhere, and what is there is not known; or a member that it may meet is doubtful.
    """

    ask: ClientRequest
    route: RequestRoute | None
    members: tuple[MemberExchange, ...]
    got: tuple[ClientResponse, ...]
    served: bool | None


def client_requests(
    document: Json, hosts: Iterable[str] = (), paths: Iterable[str] = ()
) -> Iterator[ClientRequest]:
    """What clients ask for: of every site `/`, `paths`, and the shortest path of each path rule.

    `hosts` are the names that clients use where a listener takes more than it names.
    """
    for entry in entries(document):
        named = names_at(document, entry)
        known = [it for it in hosts if it not in named and is_taken(document, entry, it)]
        for host in (*named, *known):
            own = (it.rstrip("*") for it in patterns_for(document, entry, host))
            for path in dict.fromkeys(("/", *paths, *own)):
                yield ClientRequest(entry, host, path)


def requests_for(document: Json, url: str) -> list[ClientRequest]:
    """The same for one URL: one for each address of the gateway that listens at its port."""
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    found = [it for it in entries(document) if (it.port, it.secure) == (port, secure)]
    return [ClientRequest(it, parts.hostname or "", path) for it in found]
