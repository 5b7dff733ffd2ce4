"""A request and its response, as the handlers in `api` see them."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.lab.azure.document import GatewayId
from bot.lab.azure.faults import Effect


@dataclass(frozen=True, slots=True)
class Call:
    """The parts of a request that matter here. `base` is the lab's scheme and authority."""

    words: Mapping[str, str]
    query: Mapping[str, str]
    base: str
    body: object = None
    if_match: str | None = None
    effects: Sequence[Effect] = ()
    token: str = ""

    @property
    def gateway_id(self) -> GatewayId:
        return GatewayId(self.words["subscription"], self.words["group"], self.words["name"])

    @property
    def version(self) -> str:
        return self.query["api-version"]


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


Handler = Callable[[Call], Awaitable[Reply]]


def reply(status: int, body: object, **headers: str) -> Reply:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, json.dumps(body), named)
