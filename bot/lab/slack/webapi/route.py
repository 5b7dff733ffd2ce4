"""One call of the Web API, from the request to the answer.

https://docs.slack.dev/apis/web-api/: tokens in the header or the form, arguments as JSON, form or
query string, and HTTP 200 with `"ok": false` for nearly every refusal.
"""

import asyncio
import json
from typing import Any

from aiohttp import web

from bot.lab.slack.faults import CallFault
from bot.lab.slack.values import ApiError
from bot.lab.slack.webapi import chat, conversations, files, people, views
from bot.lab.slack.webapi.method import Method
from bot.lab.slack.workspace import ApiCall, Workspace
from bot.lab.values import Json

METHODS: dict[str, Method] = {
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **people.METHODS,
    **views.METHODS,
}

# Arguments that are JSON by nature, and travel as text in a form.
_STRUCTURED = frozenset({"blocks", "attachments", "metadata", "view", "files"})


async def call(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    """Serve `/api/<method>`, and remember the call."""
    name = request.match_info["method"]
    try:
        arguments = await _arguments(request)
    except ValueError:
        return web.json_response({"ok": False, "error": "invalid_json"})
    token = _token(request, arguments)
    fault = workspace.faults.take_call(name)
    if fault is not None and fault.hang:
        await asyncio.Event().wait()
    if fault is not None and fault.gate is not None:
        await fault.gate.wait()
        fault = None
    status, headers = 200, {"X-OAuth-Scopes": ",".join(workspace.app.scopes)}
    try:
        answer: Json = {"ok": True} | _run(workspace, name, token, arguments, fault)
    except ApiError as refusal:
        status, headers = refusal.status, headers | refusal.headers
        answer = {"ok": False, "error": refusal.code} | refusal.extra
    workspace.calls.append(ApiCall(name, arguments, answer, status))
    workspace.changes.touch()
    if fault is not None and fault.drop and request.transport is not None:
        request.transport.abort()
    return web.json_response(answer, status=status, headers=headers)


def _run(
    workspace: Workspace, name: str, token: str | None, arguments: Json, fault: CallFault | None
) -> Json:
    method = METHODS.get(name)
    if method is None:
        raise ApiError("unknown_method", req_method=name)
    _authorize(workspace, method, token)
    if fault is not None and not fault.drop:
        raise fault.raised()
    if method.per_minute is not None and workspace.limits.rate_limited:
        workspace.rate_limits.count(name, method.per_minute)
    return method.run(workspace, arguments)


def _authorize(workspace: Workspace, method: Method, token: str | None) -> None:
    if method.token == "none":
        return
    kinds = {workspace.secrets.bot_token: "bot", workspace.secrets.app_token: "app"}
    if token is None:
        raise ApiError("not_authed")
    if token not in kinds:
        raise ApiError("invalid_auth")
    if kinds[token] == "bot" and workspace.refused is not None:
        raise ApiError(workspace.refused)
    if kinds[token] != method.token:
        raise ApiError("not_allowed_token_type")
    if method.scope is not None and method.scope not in workspace.app.scopes:
        provided = ",".join(workspace.app.scopes)
        raise ApiError("missing_scope", needed=method.scope, provided=provided)


def _token(request: web.Request, arguments: Json) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    in_form = arguments.pop("token", None)
    return token if scheme == "Bearer" and token else in_form


async def _arguments(request: web.Request) -> Json:
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        body = json.loads(await request.text() or "{}")
        arguments |= body if isinstance(body, dict) else {}
    else:
        arguments |= dict(await request.post())
    return {name: _value(name, value) for name, value in arguments.items()}


def _value(name: str, value: Any) -> Any:
    """A structured argument that came as text, parsed; left alone where it is not JSON."""
    if name not in _STRUCTURED or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value
