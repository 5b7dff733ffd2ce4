"""What leaves goes by the proxy of the environment: Slack, its Socket Mode, Azure and its tokens. Probes never do."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.core.model.endpoint import Endpoint
from bot.core.model.observation import Answered
from bot.lab.azure.faults import SUBSCRIPTIONS
from bot.probe import NetworkProber
from handlers.slack_clients import bare, hook, make_client, once
from handlers.slack_proxy import proxy_for
from tests.azure.conftest import open_world
from tests.azure.wild import answer, wild_server
from tests.cli.proxy import HOST, company
from tests.cli.running import started
from tests.handlers.bench import BEN, open_bench
from tests.handlers.test_commands import command
from tests.probe.asking import BACKEND, attempt
from tests.probe.servers import answering, serving

PROXY = "http://proxy.contoso.com:3128"
SLACK, SOCKET = "slack-gov.com", "wss-primary.slack-gov.com"
LOGIN, ARM = "login.microsoftonline.us", "management.usgovcloudapi.net"


class Outside:
    """GovSlack, as far as a bot needs it to be connected, and the authority of Azure Government."""

    def __init__(self) -> None:
        self.scopes: list[str] = []

    async def auth_test(self, _: web.Request) -> web.Response:
        return web.json_response(
            {"ok": True, "team_id": "T1", "team": "Gov", "user_id": "U1", "bot_id": "B1"}
        )

    async def open_socket(self, _: web.Request) -> web.Response:
        return web.json_response({"ok": True, "url": f"wss://{SOCKET}/link/?ticket=1"})

    async def link(self, request: web.Request) -> web.WebSocketResponse:
        link = web.WebSocketResponse()
        await link.prepare(request)
        await link.send_json({"type": "hello", "num_connections": 1})
        async for _ in link:
            pass
        return link

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        self.scopes.append(str(form["scope"]))
        token = {"token_type": "Bearer", "expires_in": 3600, "access_token": "a-gov-token"}
        return web.json_response(token)


@asynccontextmanager
async def outside(folder: Path) -> AsyncIterator[tuple[Outside, Endpoint]]:
    """Running, and where."""
    found, application = Outside(), web.Application()
    application.router.add_post("/api/auth.test", found.auth_test)
    application.router.add_post("/api/apps.connections.open", found.open_socket)
    application.router.add_get("/link/", found.link)
    application.router.add_post("/{tenant}/oauth2/v2.0/token", found.token)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, 0).start()
        yield found, (HOST, runner.addresses[0][1])
    finally:
        await runner.cleanup()


async def test_everything_that_leaves_goes_by_the_proxy(tmp_path: Path) -> None:
    """`agw serve` in a network that lets nothing out otherwise; in Azure Government and GovSlack."""
    async with open_world() as world, outside(tmp_path) as (servers, there):
        answered = asyncio.Event()
        world.azure.subscribe(lambda event: answered.set() if event.request else None)
        arm = (HOST, int(world.azure.url.rpartition(":")[2]))
        led = {SLACK: there, SOCKET: there, LOGIN: there, ARM: arm}
        async with company(tmp_path, led) as proxy:
            settings = {
                "HTTPS_PROXY": proxy.url,
                "SSL_CERT_FILE": str(proxy.trust),
                "SLACK_API_URL": f"https://{SLACK}/api/",
                "SLACK_BOT_TOKEN": "xoxb-1",
                "SLACK_APP_TOKEN": "xapp-1",
                "AGW_ARM_URL": f"https://{ARM}",
                "AGW_HEALTH_LISTEN": f"{HOST}:0",
                "AGW_DATABASE_URL": f"sqlite:///{tmp_path / 'agw.db'}",
                "AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
                "AZURE_TENANT_ID": "11111111-1111-1111-1111-111111111111",
                "AZURE_CLIENT_ID": "22222222-2222-2222-2222-222222222222",
                "AZURE_CLIENT_SECRET": "a-secret",
            }
            # In a new interpreter: aiohttp reads which authorities are trusted when it is imported.
            async with started(settings, "serve", anew=True) as process, asyncio.timeout(60):
                assert process.stdout is not None
                assert await process.stdout.readline() == b"agw is connected to Slack.\n"
                await proxy.has_led_to(*(f"{it}:443" for it in led))
                # Azure is asked whether it answers, so the first call comes by itself.
                await answered.wait()
        (first, *_) = world.azure.requests
        assert (first.action, first.status) == (SUBSCRIPTIONS, 200)
        assert first.headers["Authorization"] == "Bearer a-gov-token"
    assert set(servers.scopes) == {"https://management.core.usgovcloudapi.net/.default"}
    assert set(proxy.asked) == {f"{it}:443" for it in led}


@pytest.mark.parametrize(
    ("environ", "url", "proxy"),
    [
        ({}, "https://slack.com/api/", None),
        ({"HTTPS_PROXY": PROXY}, "https://slack.com/api/", PROXY),
        ({"https_proxy": PROXY}, "https://hooks.slack.com/x", PROXY),
        ({"HTTP_PROXY": PROXY}, "https://slack.com/api/", None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "slack.com"}, "https://slack.com/api/", None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": ".slack.com"}, "https://hooks.slack.com/x", None),
        ({"HTTPS_PROXY": PROXY, "NO_PROXY": "azure.com"}, "https://slack.com/api/", PROXY),
        ({"HTTPS_PROXY": PROXY, "HTTP_PROXY": PROXY}, "http://127.0.0.1:8502/api/", None),
        ({"HTTPS_PROXY": PROXY, "HTTP_PROXY": PROXY}, "http://localhost:8502/api/", None),
        ({"HTTPS_PROXY": PROXY}, "https://[::1]/api/", None),
    ],
)
def test_each_client_of_slack_knows_the_way(
    environ: dict[str, str], url: str, proxy: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    client = make_client("xoxb-1", url)
    assert proxy_for(url) == proxy
    assert {it.proxy for it in (client, once(client), bare(client), hook(url))} == {proxy}


async def test_slack_on_this_machine_needs_no_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As `make run` in a company's network; also not for the client that Bolt makes for each request."""
    with socket.create_server((HOST, 0)) as nobody:
        closed = f"http://{HOST}:{nobody.getsockname()[1]}"
    monkeypatch.setenv("HTTPS_PROXY", closed)
    monkeypatch.setenv("HTTP_PROXY", closed)
    async with open_bench(tmp_path) as bench:
        await command(bench, "/agw help")
        await bench.told(BEN, "/agw diagnose agw-prod")


async def test_a_probe_never_goes_by_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway has none, so what a proxy says of a backend would be wrong."""
    ok = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    async with serving(ok) as backend, wild_server(answer(403)) as proxy:
        for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        prober = NetworkProber({(BACKEND, 80): backend.endpoint}, loopback_only=True)
        (seen,) = await prober.observe([attempt(tls=False, port=80)], [], 10)
        assert proxy.requests == []
    assert isinstance(seen.outcome, Answered)
