"""Servers with which the gateway cannot establish a TLS session."""

import ssl

from bot.lab.backends import ClientCertificates, Resetting, TlsLimits
from bot.lab.scenario import Scenario
from bot.lab.scenarios.shapes import (
    HOST,
    IP,
    ISSUING,
    PRIVATE_SITE,
    PUBLIC_SITE,
    ROOT,
    V1,
    one_site,
    scenario_of,
    web_server,
)

_CHAIN = PUBLIC_SITE.path[:2]
_TLS_1_1 = TlsLimits(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)
_TLS_1_2 = TlsLimits(maximum=ssl.TLSVersion.TLSv1_2)
_DEMANDED = ClientCertificates((ROOT, ISSUING))

HANDSHAKES: tuple[Scenario, ...] = (
    scenario_of(
        "http-on-443",
        "The gateway uses HTTPS with a server that speaks plain HTTP",
        "The port is right, but the protocol is not.",
        gateway=one_site("http-on-443"),
        backends=[web_server(port=443)],
        cause="not_tls_on_https_port",
        option="correct_port",
    ),
    scenario_of(
        "v1-http-on-443",
        "v1: the gateway uses HTTPS with a server that speaks plain HTTP",
        "The port is right, but the protocol is not.",
        gateway=one_site("v1-http-on-443", V1, trusts=[PRIVATE_SITE]),
        backends=[web_server(port=443)],
        cause="not_tls_on_https_port",
        option="correct_port",
    ),
    scenario_of(
        "old-tls",
        "The server supports nothing newer than TLS 1.1",
        "The gateway supports TLS 1.2 and 1.3.",
        gateway=one_site("old-tls"),
        backends=[web_server(_CHAIN, tls=_TLS_1_1)],
        cause="tls_version_refused",
        option="remove_cause",
    ),
    scenario_of(
        "v1-old-tls",
        "v1: the server supports nothing newer than TLS 1.1",
        "The gateway supports only TLS 1.2.",
        gateway=one_site("v1-old-tls", V1, trusts=[PUBLIC_SITE]),
        backends=[web_server(_CHAIN, tls=_TLS_1_1)],
        cause="tls_version_refused",
        option="remove_cause",
    ),
    scenario_of(
        "v1-new-tls",
        "v1: the server supports nothing older than TLS 1.3",
        "v1 does not support it.",
        gateway=one_site("v1-new-tls", V1, trusts=[PUBLIC_SITE]),
        backends=[web_server(_CHAIN, tls=TlsLimits(ssl.TLSVersion.TLSv1_3))],
        cause="tls_version_refused",
        option="remove_cause",
    ),
    scenario_of(
        "client-certificate",
        "The server requires a client certificate",
        "The gateway has none to send to its backends.",
        gateway=one_site("client-certificate"),
        backends=[web_server(_CHAIN, client_certificates=_DEMANDED)],
        cause="client_certificate_demanded",
        option="remove_cause",
    ),
    scenario_of(
        "client-certificate-tls-1-2",
        "The server requires a client certificate, with TLS 1.2",
        "Here the handshake itself fails.",
        gateway=one_site("client-certificate-tls-1-2"),
        backends=[web_server(_CHAIN, client_certificates=_DEMANDED, tls=_TLS_1_2)],
        cause="client_certificate_demanded",
        option="remove_cause",
    ),
    scenario_of(
        "handshake-reset",
        "Something on the path resets every connection",
        "The port is open, but every connection is reset once data is sent.",
        gateway=one_site("handshake-reset"),
        backends=[web_server(_CHAIN, behaviour=Resetting())],
        cause="tls_handshake_failed",
        option="remove_cause",
    ),
    scenario_of(
        "v1-sni-required",
        "v1: the server requires SNI, and an IP member gets none",
        "With the host name in the pool the handshake would succeed.",
        gateway=one_site("v1-sni-required", V1, trusts=[PUBLIC_SITE]),
        backends=[web_server(certificates={HOST: _CHAIN}, refuses_unknown_sni=True)],
        dns={HOST: [IP]},
        cause="sni_required",
        option="fqdn_in_pool",
    ),
)
