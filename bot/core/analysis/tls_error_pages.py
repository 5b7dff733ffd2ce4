"""Answers over HTTP that speak of TLS: what well-known servers say when a client got TLS wrong.

Texts: nginx, src/http/ngx_http_special_response.c; Apache httpd, modules/ssl/ssl_engine_kernel.c; Go,
src/net/http/server.go; Apache Tomcat, java/org/apache/tomcat/util/net; IIS, substatus 403.7.
"""

from bot.core.model.observation import Handshake, Response

_TLS_WANTED = (
    "plain http request was sent to https port",
    "speaking plain http to an ssl-enabled server port",
    "client sent an http request to an https server",
    "this combination of host and port requires tls",
)

_CERTIFICATE_WANTED = (
    "no required ssl certificate was sent",
    "403.7",
    "client certificate required",
)

DENIED = frozenset({400, 401, 403, 495, 496})
"""What servers answer that only ask for a certificate in the handshake, and want it later.

495 and 496 are nginx's own (https://nginx.org/en/docs/http/ngx_http_ssl_module.html#errors); with
`ssl_verify_client optional`, and in IIS, the site decides.
"""


def wants_tls(response: Response) -> bool:
    """Whether a server says, on plain HTTP, that this port is for TLS."""
    return response.status == 400 and _says(response, _TLS_WANTED)


def wants_client_certificate(response: Response) -> bool:
    """Whether a server says, within TLS, that it lacks the client's certificate."""
    return response.status in (400, 403) and _says(response, _CERTIFICATE_WANTED)


def asked_and_denied(handshake: Handshake, response: Response) -> bool:
    """Whether a server that had asked for a client certificate denies the request without saying why."""
    return handshake.client_certificate_wanted and response.status in DENIED


def lacks_client_certificate(handshake: Handshake, response: Response) -> bool:
    """Whether an answer within TLS is what a server gives that lacks the client's certificate, as far as it shows."""
    return asked_and_denied(handshake, response) or wants_client_certificate(response)


def _says(response: Response, fragments: tuple[str, ...]) -> bool:
    text = " ".join(response.body.lower().split())
    return any(fragment in text for fragment in fragments)
