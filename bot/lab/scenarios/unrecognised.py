"""Servers that turn the gateway away without saying why, or say it in words of their own."""

import ssl
from dataclasses import replace

from bot.lab.azure.build import Site
from bot.lab.backends import (
    Answer,
    ClientCertificates,
    Denying,
    HeaderFirst,
    Http2Only,
    Resetting,
    TlsLimits,
)
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import OPTIONS
from bot.lab.scenarios.shapes import (
    HOST,
    ISSUING,
    LISTENER,
    PRIVATE_SITE,
    PUBLIC_SITE,
    ROOT,
    V1,
    one_site,
    scenario_of,
    web_server,
)
from bot.lab.values import Json

_CHAIN = PUBLIC_SITE.path[:2]
_PLAIN = {"port": 443}
_ASKED = ClientCertificates((ROOT, ISSUING), required=False)
_OLD = (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)
_FORBIDDEN = Answer(403, b"Forbidden\n")
_GATEWAY, _BOT = "127.0.0.2", "127.0.0.1"
_APART = replace(OPTIONS, source=_GATEWAY)
_SECRET = "https://contoso.vault.azure.net/secrets/shop"


def _kept_in_key_vault(document: Json) -> Json:
    """The same gateway with its listener's certificate in Key Vault, no identity, and a last change that failed."""
    for it in document["properties"]["sslCertificates"]:
        it["properties"] = {"keyVaultSecretId": _SECRET, "provisioningState": "Failed"}
    document["properties"]["provisioningState"] = "Failed"
    return document


_PLAIN_HTTP: tuple[Scenario, ...] = (
    scenario_of(
        "tls-port-closes-plain-http",
        "The gateway uses plain HTTP with a TLS server that just closes",
        "OpenSSL, IIS and HAProxy do that; a TLS handshake on the same port succeeds.",
        gateway=one_site("tls-port-closes-plain-http", secure=False, settings=_PLAIN),
        backends=[web_server(_CHAIN, on_plain_http="closed")],
        cause="tls_on_http_port",
        option="correct_port",
    ),
    scenario_of(
        "v1-tls-port-closes-plain-http",
        "v1: the gateway uses plain HTTP with a TLS server that just closes",
        "The port is right, but the protocol is not.",
        gateway=one_site("v1-tls-port-closes-plain-http", V1, secure=False, settings=_PLAIN),
        backends=[web_server(PRIVATE_SITE.path, on_plain_http="closed")],
        cause="tls_on_http_port",
        option="remove_cause",
    ),
    scenario_of(
        "tls-port-refuses-sni-less-hello",
        "The gateway uses plain HTTP with a TLS server that closes, and knows another name",
        "Even a handshake that the server refuses shows that it speaks TLS.",
        gateway=one_site(
            "tls-port-refuses-sni-less-hello", secure=False, settings=_PLAIN, asks=None
        ),
        backends=[
            web_server(
                certificates={HOST: _CHAIN}, refuses_unknown_sni=True, on_plain_http="closed"
            )
        ],
        cause="tls_on_http_port",
        option="remove_cause",
    ),
    scenario_of(
        "tls-port-bare-400",
        "The gateway uses plain HTTP with a TLS server that answers a bare 400",
        "Nothing in the answer speaks of TLS; a TLS handshake on the same port succeeds.",
        gateway=one_site("tls-port-bare-400", secure=False, settings=_PLAIN),
        backends=[web_server(_CHAIN, on_plain_http="bare")],
        cause="tls_on_http_port",
        option="correct_port",
    ),
    scenario_of(
        "tls-behind-proxy",
        "A proxy on the backend ends TLS and speaks plain HTTP to a TLS port",
        "The gateway gets the server's 400 for plain HTTP, although it uses HTTPS.",
        gateway=one_site("tls-behind-proxy"),
        backends=[
            web_server(
                _CHAIN,
                answer=Answer(400, b"400 The plain HTTP request was sent to HTTPS port\n"),
            )
        ],
        cause="tls_on_http_port",
        option="remove_cause",
    ),
)

_HANDSHAKES: tuple[Scenario, ...] = (
    scenario_of(
        "client-certificate-then-403",
        "The server asks for a client certificate, and answers 403 without one",
        "The handshake succeeds; the site decides, and its answer does not say why.",
        gateway=one_site("client-certificate-then-403"),
        backends=[web_server(_CHAIN, client_certificates=_ASKED, answer=_FORBIDDEN)],
        cause="client_certificate_demanded",
        option="remove_cause",
    ),
    scenario_of(
        "v1-client-certificate-then-400",
        "v1: the server asks for a client certificate, and answers 400 without one",
        "The handshake succeeds; the site decides, and its answer does not say why.",
        gateway=one_site("v1-client-certificate-then-400", V1, trusts=[PRIVATE_SITE]),
        backends=[
            web_server(PRIVATE_SITE.path, client_certificates=_ASKED, answer=Answer(400, b""))
        ],
        cause="client_certificate_demanded",
        option="remove_cause",
    ),
    scenario_of(
        "client-certificate-optional",
        "Healthy: the server asks for a client certificate, and serves without one",
        "A server that only asks is not at fault.",
        gateway=one_site("client-certificate-optional"),
        backends=[web_server(_CHAIN, client_certificates=_ASKED)],
    ),
    scenario_of(
        "http2-only",
        "The server speaks HTTP/2 only",
        "A server for gRPC; the gateway speaks HTTP/1.1 to its backends.",
        gateway=one_site("http2-only"),
        backends=[web_server(_CHAIN, behaviour=Http2Only())],
        cause="http2_only",
        option="remove_cause",
    ),
    scenario_of(
        "http2-only-without-tls",
        "The server speaks HTTP/2 only, without TLS",
        "A server for gRPC behind HTTP settings for plain HTTP.",
        gateway=one_site("http2-only-without-tls", secure=False),
        backends=[web_server(behaviour=Http2Only())],
        cause="http2_only",
        option="remove_cause",
    ),
    scenario_of(
        "v1-http2-only",
        "v1: the server speaks HTTP/2 only",
        "The gateway speaks HTTP/1.1 to its backends.",
        gateway=one_site("v1-http2-only", V1, trusts=[PRIVATE_SITE]),
        backends=[web_server(PRIVATE_SITE.path, behaviour=Http2Only())],
        cause="http2_only",
        option="remove_cause",
    ),
    scenario_of(
        "proxy-header-first",
        "The server wants a PROXY protocol header before everything else",
        "It was behind a load balancer that sends one; the gateway's HTTP settings have none, and it closes.",
        gateway=one_site("proxy-header-first"),
        backends=[web_server(_CHAIN, behaviour=HeaderFirst())],
        cause="proxy_header_demanded",
        option="remove_cause",
    ),
    scenario_of(
        "proxy-header-first-without-tls",
        "The server wants a PROXY protocol header before plain HTTP",
        "ingress-nginx with use-proxy-protocol.",
        gateway=one_site("proxy-header-first-without-tls", secure=False),
        backends=[web_server(behaviour=HeaderFirst())],
        cause="proxy_header_demanded",
        option="remove_cause",
    ),
    scenario_of(
        "resets-every-connection",
        "The server resets every connection, with a PROXY protocol header as without",
        "No header is missing: something else ends it.",
        gateway=one_site("resets-every-connection", secure=False),
        backends=[web_server(behaviour=Resetting())],
        cause="probe_answer_broken",
        option="remove_cause",
    ),
    scenario_of(
        "old-tls-closes",
        "The server supports nothing newer than TLS 1.1, and closes on newer hellos",
        "Nothing says that the version is why; a hello with TLS 1.1 succeeds.",
        gateway=one_site("old-tls-closes"),
        backends=[web_server(_CHAIN, tls=TlsLimits(*_OLD, refusal="closed"))],
        cause="tls_version_refused",
        option="remove_cause",
    ),
    scenario_of(
        "old-tls-internal-error",
        "The server supports nothing newer than TLS 1.1, and says internal error",
        "Nothing says that the version is why; a hello with TLS 1.1 succeeds.",
        gateway=one_site("old-tls-internal-error"),
        backends=[web_server(_CHAIN, tls=TlsLimits(*_OLD, refusal="internal_error"))],
        cause="tls_version_refused",
        option="remove_cause",
    ),
    scenario_of(
        "v1-old-tls-closes",
        "v1: the server supports nothing newer than TLS 1.1, and closes on newer hellos",
        "Nothing says that the version is why; a hello with TLS 1.1 succeeds.",
        gateway=one_site("v1-old-tls-closes", V1, trusts=[PRIVATE_SITE]),
        backends=[web_server(PRIVATE_SITE.path, tls=TlsLimits(*_OLD, refusal="closed"))],
        cause="tls_version_refused",
        option="remove_cause",
    ),
    scenario_of(
        "v1-new-tls-closes",
        "v1: the server supports nothing older than TLS 1.3, and closes on older hellos",
        "v1 supports only TLS 1.2.",
        gateway=one_site("v1-new-tls-closes", V1, trusts=[PRIVATE_SITE]),
        backends=[
            web_server(PRIVATE_SITE.path, tls=TlsLimits(ssl.TLSVersion.TLSv1_3, refusal="closed"))
        ],
        cause="tls_version_refused",
        option="remove_cause",
    ),
    scenario_of(
        "name-unchecked-sni-refused",
        "The certificate's name is not checked, and the server refuses the SNI all the same",
        "Switching the check of the name off does not make the server accept it.",
        gateway=one_site(
            "name-unchecked-sni-refused", asks="store.contoso.com", settings={"validateSNI": False}
        ),
        backends=[web_server(certificates={HOST: _CHAIN}, refuses_unknown_sni=True)],
        cause="sni_refused",
        option="set_host_name",
        heals=True,
        notes=["validation_switched_off"],
    ),
)

_CALLERS: tuple[Scenario, ...] = (
    scenario_of(
        "gateway-denied",
        "The server answers the gateway with 403, and others as it should",
        "Access restrictions admit certain addresses, and the gateway's is not among them.",
        gateway=one_site("gateway-denied"),
        backends=[web_server(_CHAIN, behaviour=Denying((_GATEWAY,), _FORBIDDEN))],
        options=_APART,
        cause="gateway_address_denied",
        option="admit_gateway",
    ),
    scenario_of(
        "v1-gateway-denied",
        "v1: the server answers the gateway with 403, and others as it should",
        "An IP filter of the web server admits certain addresses.",
        gateway=one_site("v1-gateway-denied", V1, secure=False),
        backends=[web_server(behaviour=Denying((_GATEWAY,), _FORBIDDEN))],
        options=_APART,
        cause="gateway_address_denied",
        option="admit_gateway",
    ),
    scenario_of(
        "bot-reset",
        "Healthy for the gateway: the server resets the bot's connections",
        "It admits the gateway's subnet only.",
        gateway=one_site("bot-reset", secure=False),
        backends=[web_server(behaviour=Denying((_BOT,)))],
        options=_APART,
        notes=["gateway_disagrees"],
    ),
    scenario_of(
        "bot-denied",
        "Healthy for the gateway: the server answers the bot with 403",
        "It admits the gateway's subnet only.",
        gateway=one_site("bot-denied"),
        backends=[web_server(_CHAIN, behaviour=Denying((_BOT,), _FORBIDDEN))],
        options=_APART,
        notes=["gateway_disagrees"],
    ),
    scenario_of(
        "listener-certificate-without-identity",
        "The listener's certificate is in Key Vault, and the gateway has no identity",
        "It cannot fetch the certificate, and its last change failed.",
        gateway=_kept_in_key_vault(
            one_site(
                "listener-certificate-without-identity",
                sites=[Site("site", HOST, "web", "backend", LISTENER)],
            )
        ),
        backends=[web_server(_CHAIN)],
        cause="listener_certificate_without_identity",
        option="remove_cause",
        hidden=True,
    ),
)

UNRECOGNISED = (*_PLAIN_HTTP, *_HANDSHAKES, *_CALLERS)
