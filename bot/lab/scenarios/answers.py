"""Servers that are reached, and answer the health probe with something else than it wants."""

from __future__ import annotations

from bot.lab.backends import Answer, Route
from bot.lab.scenario import Scenario
from bot.lab.scenarios.shapes import (
    HOST,
    PRIVATE_SITE,
    PUBLIC_SITE,
    ROOT,
    V1,
    one_site,
    told,
    web_server,
)

_CHAIN = PUBLIC_SITE.path[:2]
_HEALTH = {"path": "/health"}

ANSWERS: tuple[Scenario, ...] = (
    told(
        "default-probe-unknown-host",
        "The default probe asks for 127.0.0.1, which the server does not know",
        "The site answers to its own name only, and nobody made a custom probe.",
        gateway=one_site("default-probe-unknown-host", secure=False, asks=None),
        backends=[web_server()],
        cause="default_probe_host",
        option="set_host_name",
        heals=True,
    ),
    told(
        "default-probe-unknown-host-tls",
        "The default probe asks for 127.0.0.1, and the host name is right for TLS only",
        "The HTTP settings name the site, so the certificate fits; the Host header does not.",
        gateway=one_site("default-probe-unknown-host-tls", asks=None, settings={"hostName": HOST}),
        backends=[web_server(_CHAIN)],
        cause="default_probe_host",
        option="set_host_name",
        heals=True,
    ),
    told(
        "v1-default-probe-unknown-host",
        "v1: the default probe asks for 127.0.0.1, which the server does not know",
        "The site answers to its own name only, and nobody made a custom probe.",
        gateway=one_site("v1-default-probe-unknown-host", V1, secure=False, asks=None),
        backends=[web_server()],
        cause="default_probe_host",
        option="set_host_name",
        heals=True,
    ),
    told(
        "host-unknown",
        "The probe asks for a host that the server does not know",
        "The site was renamed, and the probe was forgotten.",
        gateway=one_site("host-unknown", secure=False, asks="store.contoso.com"),
        backends=[web_server()],
        cause="probe_host_or_path_unknown",
        option="set_host_name",
        heals=True,
    ),
    told(
        "v1-host-unknown",
        "v1: the probe asks for a host that the server does not know",
        "The site was renamed, and the probe was forgotten.",
        gateway=one_site("v1-host-unknown", V1, trusts=[PRIVATE_SITE], asks="store.contoso.com"),
        backends=[web_server(PRIVATE_SITE.path)],
        cause="probe_host_or_path_unknown",
        option="set_host_name",
        heals=True,
    ),
    told(
        "path-unknown",
        "The probe asks for a page that is not there",
        "The health page was removed with the last release.",
        gateway=one_site("path-unknown", trusts=[ROOT], checks=_HEALTH),
        backends=[
            web_server(
                PRIVATE_SITE.path,
                routes=(Route(HOST, "/health", Answer(404, b"No such page.\n")), Route(HOST)),
            )
        ],
        cause="probe_host_or_path_unknown",
        option="correct_probe_path",
        heals=True,
    ),
    told(
        "sign-in-wanted",
        "The probe is asked to sign in",
        "The health page was put behind the login.",
        gateway=one_site("sign-in-wanted", checks=_HEALTH),
        backends=[web_server(_CHAIN, answer=Answer(401, b"Who are you?\n"))],
        cause="probe_needs_sign_in",
        option="correct_probe_match",
        heals=True,
    ),
    told(
        "v1-access-denied",
        "v1: the server lets only certain callers in",
        "An access restriction leaves out the gateway's subnet.",
        gateway=one_site("v1-access-denied", V1, secure=False),
        backends=[web_server(answer=Answer(403, b"Web App - Unavailable\n"))],
        cause="probe_needs_sign_in",
    ),
    told(
        "redirected",
        "The probe is redirected, and wants 200",
        "The server sends everybody from HTTP to HTTPS.",
        gateway=one_site("redirected", secure=False, checks={"statuses": ["200"]}),
        backends=[web_server(answer=Answer(301, b"", (("Location", f"https://{HOST}/"),)))],
        cause="probe_redirected",
        option="correct_probe_match",
        heals=True,
    ),
    told(
        "server-error",
        "The application fails",
        "It answers the probe with 500, so it would answer visitors the same.",
        gateway=one_site("server-error"),
        backends=[web_server(_CHAIN, answer=Answer(500, b"NullReferenceException\n"))],
        cause="backend_failing",
    ),
    told(
        "v1-unavailable",
        "v1: the application is stopped",
        "Its platform answers 503 in its place.",
        gateway=one_site("v1-unavailable", V1, secure=False),
        backends=[web_server(answer=Answer(503, b"Service Unavailable\n"))],
        cause="backend_failing",
    ),
    told(
        "word-missing",
        "The answer lacks the word that the probe wants",
        "The status is 200, and the page says that something is wrong.",
        gateway=one_site("word-missing", secure=False, checks={"body": "all good"}),
        backends=[web_server(answer=Answer(200, b"Stock: degraded.\n"))],
        cause="probe_body_unexpected",
    ),
    told(
        "teapot",
        "The server answers the probe with a status that nobody expects",
        "The match takes 200 to 299, and the answer is 418.",
        gateway=one_site("teapot", secure=False, checks={"statuses": ["200-299"]}),
        backends=[web_server(answer=Answer(418, b"I am a teapot.\n"))],
        cause="probe_status_unexpected",
    ),
    told(
        "http-to-tls-port",
        "Plain HTTP is spoken to a server that speaks TLS",
        "The port is right, the protocol is not.",
        gateway=one_site("http-to-tls-port", secure=False, settings={"port": 443}),
        backends=[web_server(_CHAIN)],
        cause="tls_on_http_port",
        option="correct_port",
    ),
)
