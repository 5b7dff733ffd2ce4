"""The web server of the lab's Slack: every route, on one loopback port."""

import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.lab.slack import webapi
from bot.lab.slack.page_api import PageApi
from bot.lab.slack.respond import respond
from bot.lab.slack.values import ApiError
from bot.lab.slack.workspace import Workspace
from bot.lab.values import Json

HOST = "127.0.0.1"
PAGE = Path(__file__).parent / "page"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
# Room for the largest file that a test or a bot uploads.
_LARGEST_BODY = 64 * 1024 * 1024

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Listens for the app, which calls the Web API, and for people, who use the page."""

    def __init__(self, workspace: Workspace, scenario: Json) -> None:
        self._workspace = workspace
        self._page_api = PageApi(workspace, scenario)
        app = web.Application(middlewares=[_loopback_only], client_max_size=_LARGEST_BODY)
        app.add_routes(
            [
                web.post("/api/{method}", self._call),
                web.get("/api/{method}", self._call),
                web.get("/socket/{ticket}", workspace.sockets.serve),
                web.post("/response/{key}", self._respond),
                web.post("/upload/v1/{ticket}", self._upload),
                web.get("/files-pri/{id}/{name}", self._private_file),
                *self._page_api.routes(),
            ]
        )
        if PAGE.is_dir():
            app.add_routes([web.get("/", _index), web.static("/static", PAGE)])
        app.on_shutdown.append(self._hang_up)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    def tell_environment(self, environment: Mapping[str, str]) -> None:
        """What `/lab/environment` answers."""
        self._page_api.environment = environment

    async def start(self, port: int) -> None:
        """Listen on `port`, or on a free one for 0. Raises OSError if it is taken."""
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, port).start()
        taken = self._runner.addresses[0][1]
        self._workspace.settle(f"http://{HOST}:{taken}/")

    async def close(self) -> None:
        """Hang up and stop listening."""
        await self._runner.cleanup()

    async def _hang_up(self, _: web.Application) -> None:
        await self._workspace.sockets.close()
        await self._page_api.close()

    async def _call(self, request: web.Request) -> web.StreamResponse:
        return await webapi.call(self._workspace, request)

    async def _respond(self, request: web.Request) -> web.Response:
        """A post to a `response_url`. Slack answers success with the bare word."""
        workspace = self._workspace
        fault = workspace.faults.take_call("response_url")
        try:
            if fault is not None:
                raise fault.raised()
            origin = workspace.response_urls.redeem(request.match_info["key"])
            respond(workspace.messages, origin, await _json_object(request))
        except ApiError as refusal:
            status = refusal.status if refusal.status != 200 else 400
            return web.json_response({"ok": False, "error": refusal.code}, status=status)
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.Response:
        """The bytes of a file, bare or as the field of a form."""
        try:
            content = await _content(request)
            file = self._workspace.files.upload(request.match_info["ticket"], content)
        except ApiError as refusal:
            return web.Response(status=refusal.status, text=refusal.code)
        return web.Response(text=f"OK - {file.length}")

    async def _private_file(self, request: web.Request) -> web.Response:
        """`url_private`: with the app's token and its scope, the file; else the page on which a person would sign in.

        That page comes with 200, which has surprised many an app (github.com/nanocoai/nanoclaw/issues/2457).
        """
        workspace = self._workspace
        known = request.headers.get("Authorization") == f"Bearer {workspace.secrets.bot_token}"
        if not known or "files:read" not in workspace.app.scopes:
            return web.Response(
                text="<!DOCTYPE html><title>Sign in</title>", content_type="text/html"
            )
        try:
            file = workspace.files.given(request.match_info["id"])
        except ApiError:
            raise web.HTTPNotFound from None
        return web.Response(body=file.content or b"", content_type="application/octet-stream")


@web.middleware
async def _loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn away web pages of elsewhere: a browser on this machine would carry their requests here.

    A foreign name in `Host` is DNS rebinding, a foreign `Origin` is a request made by another site.
    """
    origin = request.headers.get("Origin")
    if request.url.host not in _LOOPBACK:
        raise web.HTTPForbidden(text="The lab answers only to its loopback address.")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="The lab answers only to its own page.")
    return await handler(request)


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(PAGE / "index.html", headers={"Cache-Control": "no-cache"})


async def _content(request: web.Request) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    for field in (await request.post()).values():
        if isinstance(field, web.FileField):
            return field.file.read()
    raise ApiError("no_file_data", status=400)


async def _json_object(request: web.Request) -> dict[str, Any]:
    body = json.loads(await request.text() or "{}")
    if not isinstance(body, dict):
        raise ApiError("invalid_payload", status=400)
    return body
