"""The people's side: the JSON API and the live WebSocket of the page in the browser.

`as` names the person to act as; there is no password, the lab is open to whoever is at this machine.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from aiohttp import WSCloseCode, web

from bot.lab.slack.changes import Change
from bot.lab.slack.interactions import Click
from bot.lab.slack.roster import CHANNELS, PEOPLE, TEAM_ID, TEAM_NAME, USER_GROUPS, Person
from bot.lab.slack.values import ApiError, NoSuchElement
from bot.lab.slack.workspace import Workspace
from bot.lab.values import Json

Act = Callable[[Workspace, str, Json], Awaitable[Json]]


class PageApi:
    """Routes under `/lab/`."""

    def __init__(self, workspace: Workspace, scenario: Json) -> None:
        self._workspace = workspace
        self._scenario = scenario
        self.environment: Mapping[str, str] | None = None
        self._screens: set[web.WebSocketResponse] = set()

    async def close(self) -> None:
        """Close the connection of every page that is still open."""
        for socket in tuple(self._screens):
            await socket.close(code=WSCloseCode.GOING_AWAY)

    def routes(self) -> list[web.RouteDef]:
        """Everything that the page asks for."""
        return [
            web.get("/lab/state", self._state),
            web.get("/lab/live", self._live),
            web.get("/lab/environment", self._environment),
            web.get("/lab/files/{id}/{name}", self._file),
            web.post("/lab/give", self._give),
            *(web.post(f"/lab/{name}", self._acting(act)) for name, act in _ACTS.items()),
        ]

    async def _state(self, request: web.Request) -> web.Response:
        person = _person(request.query.get("as"))
        workspace = self._workspace
        return web.json_response(
            {
                "team": {"id": TEAM_ID, "name": TEAM_NAME},
                "me": _person_json(PEOPLE[person]),
                "people": [_person_json(someone) for someone in PEOPLE.values()],
                "groups": [
                    {"id": group.id, "handle": group.handle} for group in USER_GROUPS.values()
                ],
                "channels": [
                    {"id": channel.id, "name": channel.name, "topic": channel.topic}
                    for channel in CHANNELS.values()
                ],
                "commands": [
                    {
                        "command": command.command,
                        "description": command.description,
                        "usage_hint": command.usage_hint,
                    }
                    for command in workspace.app.commands
                ],
                "scenario": self._scenario,
                "messages": workspace.messages.screen(person),
                "views": workspace.views.stack(person),
                "connected": workspace.delivery.connected,
            }
        )

    async def _live(self, request: web.Request) -> web.WebSocketResponse:
        person = _person(request.query.get("as"))
        socket = web.WebSocketResponse(heartbeat=20.0)
        news: asyncio.Queue[Change] = asyncio.Queue()
        connected = self._workspace.delivery.connected
        news.put_nowait(Change({"type": "connected", "connected": connected}))
        unsubscribe = self._workspace.changes.subscribe(news.put_nowait)
        await socket.prepare(request)
        self._screens.add(socket)
        sender = asyncio.create_task(_send_news(socket, news, person))
        try:
            async for _ in socket:
                continue
        finally:
            self._screens.remove(socket)
            unsubscribe()
            sender.cancel()
        return socket

    async def _environment(self, _: web.Request) -> web.Response:
        """How programs of this machine are pointed at the lab; its tokens are worth nothing elsewhere."""
        if self.environment is None:
            raise web.HTTPNotFound
        return web.json_response(dict(self.environment))

    async def _file(self, request: web.Request) -> web.Response:
        file = self._workspace.files.get(request.match_info["id"])
        if file is None or file.content is None:
            raise web.HTTPNotFound
        return web.Response(
            body=file.content,
            headers={
                "Content-Type": "application/octet-stream",
                "Content-Disposition": "attachment",
                "X-Content-Type-Options": "nosniff",
            },
        )

    async def _give(self, request: web.Request) -> web.Response:
        """Take the bytes of a file that a person chose in a modal; answers with the file object."""
        person, name = _person(request.query.get("as")), request.query.get("name") or "file"
        files = self._workspace.files
        return web.json_response(files.json(files.give(person, name, await request.read())))

    def _acting(self, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            body = await _object(request)
            try:
                answer = await act(self._workspace, _person(body.get("as")), body)
            except NoSuchElement as missing:
                answer = {"ok": False, "error": "not_found", "text": str(missing)}
            except ApiError as refusal:
                answer = {"ok": False, "error": refusal.code, "text": refusal.code}
            return web.json_response(answer)

        return handle


async def _post(workspace: Workspace, person: str, body: Json) -> Json:
    channel, text, thread_ts = _given(body, "channel"), _given(body, "text"), body.get("thread_ts")
    if not text.startswith("/"):
        message = workspace.interactions.say(person, channel, text, thread_ts)
        return {"ok": True, "ts": message["ts"]}
    name = text.partition(" ")[0]
    if thread_ts is not None:
        # https://docs.slack.dev/interactivity/implementing-slash-commands: not in threads
        error, words = "not_supported_in_threads", f"{name} is not supported in threads. Sorry!"
        return {"ok": False, "error": error, "text": words}
    result = await workspace.interactions.command(person, channel, text)
    if result.ok:
        return {"ok": True}
    return {"ok": False, "error": result.error, "text": f"{name} failed ({result.error})"}


async def _action(workspace: Workspace, person: str, body: Json) -> Json:
    action_id, block_id = _given(body, "action_id"), body.get("block_id")
    click = Click(action_id, block_id, body.get("value"), body.get("selected_option"))
    if "view_id" in body:
        result = await workspace.modals.click(person, body["view_id"], click)
    else:
        channel, ts = _given(body, "channel"), _given(body, "ts")
        result = await workspace.interactions.click(person, channel, ts, click)
    return {"ok": True} if result.ok else {"ok": False, "error": result.error}


async def _suggest(workspace: Workspace, person: str, body: Json) -> Json:
    channel, ts, action_id = (_given(body, key) for key in ("channel", "ts", "action_id"))
    typed = str(body.get("value") or "")
    return {
        "ok": True,
        "options": await workspace.interactions.suggest(person, channel, ts, action_id, typed),
    }


async def _view_submit(workspace: Workspace, person: str, body: Json) -> Json:
    result = await workspace.modals.submit(person, _given(body, "view_id"), body.get("values", {}))
    if result.ok:
        return {"ok": True}
    answer: Json = {"ok": False, "errors": dict(result.errors)}
    return answer | ({"error": result.error} if result.error else {})


async def _view_close(workspace: Workspace, person: str, body: Json) -> Json:
    await workspace.modals.close(person, _given(body, "view_id"))
    return {"ok": True}


async def _home(workspace: Workspace, person: str, body: Json) -> Json:
    """Open the Home tab: as it was left, until the app publishes it anew."""
    view = workspace.views.home(person)
    workspace.events.home_opened(person)
    return {"ok": True, "view": view}


_TEXTS = ("as", "channel", "text", "thread_ts", "ts", "action_id", "block_id", "view_id")
"""What is a text of every request that has it."""

_ACTS: dict[str, Act] = {
    "post": _post,
    "action": _action,
    "suggest": _suggest,
    "view_submit": _view_submit,
    "view_close": _view_close,
    "home": _home,
}


async def _send_news(
    socket: web.WebSocketResponse, news: asyncio.Queue[Change], person: str
) -> None:
    while True:
        change = await news.get()
        if change.seen_by(person):
            await socket.send_json(change.data)


async def _object(request: web.Request) -> Json:
    try:
        body = await request.json()
    except (ValueError, LookupError, RecursionError):  # Not JSON, not text, or nested without end.
        raise web.HTTPBadRequest(text="the body is not JSON") from None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="the body is not an object")
    for key in _TEXTS:
        if not isinstance(body.get(key), str | None):
            raise web.HTTPBadRequest(text=f"{key} is not a text")
    if not _is_state(body.get("values", {})):
        raise web.HTTPBadRequest(text="values is not what a modal's inputs hold")
    return body


def _is_state(values: object) -> bool:
    """Whether it has the shape of `state.values`: by block, by action, what each input holds."""
    if not isinstance(values, dict):
        return False
    blocks = [it for block in values.values() for it in (block, *_inner(block))]
    return all(isinstance(it, dict) for it in blocks)


def _inner(block: object) -> Iterable[object]:
    return block.values() if isinstance(block, dict) else ()


def _given(body: Json, key: str) -> str:
    if not isinstance(body.get(key), str):
        raise web.HTTPBadRequest(text=f"{key} is missing")
    return str(body[key])


def _person(person_id: Any) -> str:
    if not isinstance(person_id, str) or person_id not in PEOPLE or PEOPLE[person_id].is_bot:
        raise web.HTTPBadRequest(text="as: the id of a person of the workspace")
    return str(person_id)


def _person_json(person: Person) -> Json:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "title": person.title,
        "initials": person.initials,
        "color": person.color,
        "is_bot": person.is_bot,
        "approver": person.approver,
    }
