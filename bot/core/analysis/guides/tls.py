"""TLS fails, or its certificate is not accepted."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.client_requests import client_requests
from bot.core.analysis.guides.common import GATEWAY, change_settings, server, shows_chain
from bot.core.analysis.ilb_comparison import compare_ilb_certificate
from bot.core.case.guide import Step, of_backend
from bot.core.case.view import BackendView
from bot.core.model.certificate import Unreadable
from bot.core.model.marked import mark, mark_all
from bot.core.model.observation import Attempt

NEW = "backend-new"


def _shown(view: BackendView, attempt: Attempt, wanted: str) -> Step:
    text = f"It is done when this shows a certificate {wanted}:"
    return Step(server(view), text, commands.openssl(attempt), checks=True)


def _agreed(view: BackendView) -> Step:
    text = "It is done when this names a cipher, and not (NONE):"
    return Step(server(view), text, commands.shake_hands(view.attempt), checks=True)


def _sni(view: BackendView) -> Iterator[Step]:
    sent = view.request
    asked = f"the host name {mark(sent.sni)}" if sent.sni else "no host name"
    yield Step(
        server(view),
        f"See that the handshake fails with {asked}, which is what the gateway sends; name one that the server knows:",
        commands.openssl(view.attempt),
    )
    yield from _ask_for(view)
    yield Step(
        server(view),
        "Or give the server a certificate for what the gateway sends (without a host name: a default certificate).",
    )
    yield _agreed(view)


def _ask_for(view: BackendView) -> Iterator[Step]:
    gateway, settings = view.gateway, view.settings
    if not gateway.traits.sends_host_as_sni:
        text = (
            "Let the gateway send it: on v1 that is the name in the pool, instead of the address:"
        )
        new = ("--servers", "HOST_NAME")
        yield Step(
            GATEWAY, text, commands.change(gateway, "address-pool", "update", view.pool.name, new)
        )
        return
    if settings.sni_name is not None:
        text = "Let the gateway send it, by the SNI name of the HTTP settings:"
        yield Step(GATEWAY, text, change_settings(view, "--sni-name", "HOST_NAME"))
        return
    text = "Let the gateway send it, by the host name of the HTTP settings (clients' requests then carry it too):"
    yield Step(GATEWAY, text, change_settings(view, "--host-name", "HOST_NAME"))
    probe = gateway.probe_of(settings)
    if probe is not None:
        new = ("--host", "HOST_NAME")
        yield Step(
            GATEWAY,
            "And by the probe's host:",
            commands.change(gateway, "probe", "update", probe.name, new),
        )


def _version(view: BackendView) -> Iterator[Step]:
    newest = view.gateway.traits.newest_tls
    yield Step(
        server(view),
        "See what the server says to such a hello:",
        commands.shake_hands(view.attempt),
    )
    # learn.microsoft.com/azure/application-gateway/application-gateway-ssl-policy-overview
    yield Step(
        server(view),
        f"Allow {'TLS 1.2' if newest == 'TLSv1.2' else 'TLS 1.2 or 1.3'} with a cipher suite of ECDHE and AES-GCM"
        " (nginx: ssl_protocols; Apache: SSLProtocol; Windows: SCHANNEL and the order of cipher suites; App Service:"
        " the minimum TLS version).",
    )
    yield _agreed(view)


def _group(view: BackendView) -> Iterator[Step]:
    yield Step(
        server(view),
        'See that the handshake breaks off with "dh key too small":',
        commands.shake_hands(view.attempt),
    )
    yield Step(
        server(view),
        "Allow ECDHE cipher suites and put them first (nginx: ssl_ciphers; Apache: SSLCipherSuite; Windows: the order"
        " of cipher suites), or make a group of 2048 bits, name it there (nginx: ssl_dhparam) and reload:",
        "openssl dhparam -out dhparam.pem 2048",
    )
    yield _agreed(view)


def _log(view: BackendView) -> Iterator[Step]:
    yield Step(
        server(view),
        "Start the same handshake on a machine in the gateway's network, and read the TLS log of the server for that"
        " moment:",
        commands.openssl(view.attempt),
    )
    yield Step(
        server(view),
        "If the log has nothing, something in front of the server ends the connection: a firewall, a load balancer. If"
        " it names a cause (no certificate, no memory, too many connections), remove it.",
    )
    yield _agreed(view)


def _allow(view: BackendView) -> Iterator[Step]:
    compared = compare_ilb_certificate(view)
    if compared is not None and compared.differs:
        yield from _doubted(view)
    else:
        yield from _allow_served(view)


def _doubted(view: BackendView) -> Iterator[Step]:
    yield Step(
        server(view),
        "Find out why this is not the certificate that Azure holds: the ILB certificate was changed in the last hour"
        " (every front end takes up to 40 minutes to show it), or something in between decrypts TLS, or another server"
        " answers. Do not upload what it shows:",
        commands.openssl(view.attempt),
    )
    yield _shown(view, view.attempt, "that is the one that Azure holds")


def _allow_served(view: BackendView) -> Iterator[Step]:
    gateway = view.gateway
    names = [it.name for it in gateway.allow_list(view.settings)]
    yield Step(
        server(view),
        "Say that this is the right certificate:",
        commands.openssl(view.attempt),
    )
    yield Step(GATEWAY, "Save it:", commands.save(view.attempt))
    yield Step(
        GATEWAY,
        "Upload it as an authentication certificate:",
        commands.create_authentication_certificate(gateway, NEW, "ilb.cer"),
    )
    allow = commands.list_authentication_certificates(gateway, view.backend, (*names, NEW))
    yield Step(GATEWAY, "Let the HTTP settings allow it along with the others:", allow)
    text = "It is done when this lists the certificate:"
    yield Step(GATEWAY, text, commands.show_settings(gateway, view.backend), checks=True)


def _chain(view: BackendView) -> Iterator[Step]:
    yield Step(server(view), "See what the server sends:", commands.show_chain(view.attempt))
    yield Step(
        server(view),
        "Install the certificate again with its whole chain, in this order: the server's own, the intermediates, the"
        " root (which may be left out). Then let the service read it (reload or restart).",
    )
    yield shows_chain(view)


def _ca(view: BackendView) -> Iterator[Step]:
    yield Step(server(view), "See what the server sends:", commands.show_whole(view.attempt))
    yield Step(
        server(view),
        "Let a CA (basicConstraints CA:TRUE) issue the server's certificate, and install that with its chain.",
    )
    yield from _upload(view)


def _root(view: BackendView) -> Iterator[Step]:
    yield Step(
        server(view),
        "Get the root from whoever runs the CA (never from the connection alone), as backend-new.cer. Who issued"
        " what:",
        commands.show_chain(view.attempt),
    )
    yield from _upload(view)


def _upload(view: BackendView) -> Iterator[Step]:
    gateway = view.gateway
    names = [it.name for it in gateway.roots(view.settings)]
    yield Step(GATEWAY, "Upload the root:", commands.create_root(gateway, NEW, f"{NEW}.cer"))
    trust = commands.trust_roots(gateway, view.backend, (*names, NEW))
    yield Step(GATEWAY, "Let the HTTP settings trust it along with the others:", trust)
    text = "It is done when this lists the root:"
    yield Step(GATEWAY, text, commands.show_settings(gateway, view.backend), checks=True)


def _again(view: BackendView) -> Iterator[Step]:
    gateway = view.gateway
    yield Step(
        server(view),
        "Get the root from whoever runs the CA (never from the connection alone), alone in a Base-64 file"
        f" {NEW}.cer. Who issued what:",
        commands.show_chain(view.attempt),
    )
    for it in gateway.roots(view.settings):
        if isinstance(it.certificate, Unreadable) and not it.certificate.key_vault:
            new = ("--cert-file", f"{NEW}.cer")
            yield Step(
                GATEWAY,
                f"Put it in the place of {mark(it.name)}, for all HTTP settings that trust it:",
                commands.change(gateway, "root-cert", "update", it.name, new),
            )
    text = "It is done when the gateway says Healthy:"
    yield Step(GATEWAY, text, commands.show_health(gateway), checks=True)


def _match(view: BackendView) -> Iterator[Step]:
    yield Step(
        server(view),
        "See for which names the certificate is (subject alternative names):",
        commands.show_whole(view.attempt),
    )
    yield from _ask_for(view)
    wanted = view.request.sni or view.request.host
    yield Step(server(view), f"Or install a certificate for {mark(wanted)}.")
    text = "It is done when one of the names shown here is the one that the gateway asks for:"
    yield Step(server(view), text, commands.show_whole(view.attempt), checks=True)


def _match_clients(view: BackendView) -> Iterator[Step]:
    asked = [it.attempt for it in client_requests(view) if it.request.protocol == "https"]
    for attempt in asked[:3]:
        text = f"See which certificate clients of {mark(attempt.host)} get the gateway to see:"
        yield Step(server(view), text, commands.openssl(attempt))
    names = mark_all(dict.fromkeys(it.sni or it.host for it in asked[:3]))
    yield Step(
        server(view),
        f"Install a certificate for {names or 'the name that is sent'}, with its chain.",
    )
    yield from _ask_for(view)
    yield _shown(view, asked[0] if asked else view.attempt, "for the name that is sent")


def _renew(view: BackendView) -> Iterator[Step]:
    yield Step(server(view), "See from when to when it is valid:", commands.openssl(view.attempt))
    text = "Renew it at its CA, install it with its chain, and let the service read it (reload or restart)."
    yield Step(server(view), text)
    if not view.gateway.traits.verifies_chain:
        yield from _allow(view)
    yield _shown(view, view.attempt, "that is valid today")


SEND_KNOWN_NAME = of_backend("Let the gateway ask for a name that the server knows", _sni)
ALLOW_TLS_12 = of_backend("Allow TLS 1.2 on the backend", _version)
USE_STRONG_GROUP = of_backend("Use ECDHE, or a longer Diffie-Hellman group", _group)
READ_TLS_LOG = of_backend("Find out on the server why it ends the handshake", _log)
ALLOW_CERTIFICATE = of_backend("Allow-list the right certificate of the backend", _allow)
INSTALL_CHAIN = of_backend("Install the certificate with its whole chain", _chain)
USE_CA = of_backend("Let a CA issue the backend's certificate", _ca)
TRUST_ROOT = of_backend("Upload the issuing root", _root)
REPLACE_ROOT = of_backend("Upload the root again, as one certificate", _again)
MATCH_NAME = of_backend("Ask for a name in the certificate", _match)
MATCH_CLIENTS = of_backend("Give the backend a certificate for its clients' names", _match_clients)
RENEW = of_backend("Renew the backend's certificate", _renew)
