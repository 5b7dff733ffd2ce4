"""The certificate that the backend sends is itself not fit: somebody has to issue or install another one."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.guides.common import server
from bot.core.case.guide import Guide, Step, of_backend
from bot.core.case.view import BackendView


def _instead(title: str, what: str, shows: str) -> Guide:
    """Look at it, have `what` done, and look again: then it `shows` that."""

    def steps(view: BackendView) -> Iterator[Step]:
        yield Step(server(view), "See what the server sends:", commands.show_whole(view.attempt))
        yield Step(server(view), what)
        yield Step(
            server(view),
            "Install it with its whole chain, and let the service read it (reload or restart).",
        )
        text = f"It is done when this shows {shows}:"
        yield Step(server(view), text, commands.show_whole(view.attempt), checks=True)

    return of_backend(title, steps)


USE_SERVER_CERTIFICATE = _instead(
    "Install a certificate for servers",
    "Have the CA issue one whose extended key usage includes server authentication (serverAuth).",
    "TLS Web Server Authentication, or no extended key usage at all",
)
REPLACE_REVOKED = _instead(
    "Replace the revoked certificate",
    "Ask the CA why it was revoked, and have it issue another one with a new key.",
    "another serial number",
)
USE_STRONGER = _instead(
    "Install a certificate with a stronger key or signature",
    "Have the CA issue one with RSA of 2,048 bits or more, or P-256, and signed with SHA-256; an intermediate that is"
    " too weak has to be replaced as well.",
    "such a key and signature",
)
ISSUE_BY_CA = _instead(
    "Let a CA issue the backend's certificate",
    "Have it issued by a certificate that may do so (basicConstraints CA:TRUE, keyUsage keyCertSign).",
    "another issuer",
)
SEND_NEW_ISSUER = _instead(
    "Send the issuer that belongs to the certificate",
    "Get the certificate of the issuer with the key that signed this one (its subject key identifier is the authority"
    " key identifier of the server's own), in place of the one of the same name.",
    "the server's own certificate; the whole chain then verifies",
)
ISSUE_WITHIN_NAMES = _instead(
    "Get a certificate for a name that its CA may issue",
    "Have it issued by a CA whose name constraints permit the host name, or ask for a name that they permit.",
    "another issuer, or another name",
)
SHORTEN_CHAIN = _instead(
    "Get a certificate from a CA that may issue it",
    "Have it issued with fewer intermediates: a CA above them allows no more (basicConstraints pathlen).",
    "another issuer",
)
REINSTALL = _instead(
    "Install the certificate again from its CA",
    "Get the certificate and its chain from the CA again: one was altered, or replaced by one of the same name.",
    "the certificate; its chain then verifies",
)
FIND_OUT = _instead(
    "Have the certificate's CA look at what OpenSSL objects to",
    "Give OpenSSL's code and text to whoever runs the CA, and have another certificate issued.",
    "the new certificate",
)
SHRINK = _instead(
    "Install a certificate with fewer names",
    "Have certificates issued with far fewer names each, or one with a wildcard: a TLS message has a limit.",
    "few names",
)
