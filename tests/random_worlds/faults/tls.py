"""Handshakes that break off, and certificates that are not believed."""

import ssl
from collections.abc import Callable
from random import Random

from bot.lab.azure.build import part
from bot.lab.azure.targets import is_ip
from bot.lab.azure.trust import dns_names
from bot.lab.backends import BackendSpec, Chain, ClientCertificates, DhGroup, TlsLimits
from bot.lab.pki import EXPIRED, NOT_YET_VALID, Validity
from bot.lab.scenarios.dh_groups import DH_480, DH_512, DH_1024
from tests.random_worlds.certificates import issuing, private, root, signed, signed_with_rsa
from tests.random_worlds.faults.network import some_of
from tests.random_worlds.faults.registry import fault
from tests.random_worlds.sketch import App, Sketch

_ROOT = "Contoso Root CA"
_ISSUING = f"{_ROOT} - Issuing"
_OTHER = "Contoso Old Root CA"
_ENDED = Validity(-800, -10)


def _names(app: App) -> tuple[str, ...]:
    """The names in the certificate of its servers."""
    assert app.issued
    return tuple(dns_names(app.issued.certificate))


def _is_private(app: App) -> bool:
    return app.issued is not None and app.issued.path[-1] is root(_ROOT)


def _serve(
    sketch: Sketch,
    app: App,
    rng: Random,
    chain: Callable[[BackendSpec], Chain],
    *,
    all_of: bool = False,
) -> bool:
    """Let servers of an app send another chain as their default."""
    found = sketch.served_by(app) if all_of else some_of(sketch, app, rng)
    for endpoint in found:
        spec = sketch.servers[endpoint]
        if not spec.speaks_tls:
            return False
        sketch.change(endpoint, default=chain(spec))
    return bool(found)


def _secure(app: App) -> bool:
    return app.secure and app.issued is not None


@fault("not_tls_on_https_port", weight=7.5)
def plain_http_on_tls_port(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app):
        return False
    found = some_of(sketch, app, rng)
    for endpoint in found:
        sketch.change(endpoint, default=None, certificates={})
    return bool(found)


@fault("tls_on_http_port", weight=8)
def tls_on_plain_port(sketch: Sketch, app: App, rng: Random) -> bool:
    if app.secure:
        return False
    chain = private(app.names).path
    found = some_of(sketch, app, rng)
    for endpoint in found:
        sketch.change(endpoint, default=chain)
    return bool(found)


@fault("client_certificate_demanded", weight=8)
def client_certificate_wanted(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app):
        return False
    for endpoint in (found := some_of(sketch, app, rng)):
        sketch.change(endpoint, client_certificates=ClientCertificates((root(_ROOT),)))
    return bool(found)


@fault("tls_version_refused", weight=9)
def old_tls_only(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app):
        return False
    limits = TlsLimits(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)
    if sketch.v1 and rng.random() < 0.5:
        limits = TlsLimits(ssl.TLSVersion.TLSv1_3)
    for endpoint in (found := some_of(sketch, app, rng)):
        sketch.change(endpoint, tls=limits)
    return bool(found)


def _takes_group(sketch: Sketch, app: App, group: DhGroup) -> bool:
    """Let the servers of an app agree on keys by this group only; TLS 1.3 has groups of its own."""
    if not _secure(app) or sketch.v1:
        return False
    assert app.issued
    served = signed_with_rsa(_names(app), app.issued.issuer)
    limits = TlsLimits(maximum=ssl.TLSVersion.TLSv1_2, ciphers="DHE:@SECLEVEL=0", dh=group)
    sketch.change_all(app, certificates={}, default=served.path, tls=limits)
    return True


@fault("key_exchange_too_weak", weight=26)
def group_too_short(sketch: Sketch, app: App, rng: Random) -> bool:
    return _takes_group(sketch, app, rng.choice((DH_480, DH_512)))


@fault("weak_key_exchange", harmless=True, weight=22)
def group_short(sketch: Sketch, app: App, rng: Random) -> bool:
    return _takes_group(sketch, app, DH_1024)


@fault("sni_required", weight=14)
def sni_is_required(sketch: Sketch, app: App, rng: Random) -> bool:
    """The server has certificates for names only, and the gateway sends none."""
    if not _secure(app) or not all(map(is_ip, app.members)):
        return False
    if not sketch.v1:
        # Without a host of its own, the probe has no name to send.
        if app.sent:
            return False
        app.check = None
    assert app.issued
    chain = app.issued.path
    names = dict.fromkeys((*app.names, *_names(app)), chain)
    sketch.change_all(app, certificates=names, default=None, refuses_unknown_sni=True)
    return True


@fault("sni_refused", weight=30)
def sni_is_refused(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app) or sketch.v1 or not app.check or app.sent:
        return False
    assert app.issued
    names = dict.fromkeys(app.names, app.issued.path)
    sketch.change_all(app, certificates=names, refuses_unknown_sni=True)
    app.check["host"] = f"old-{app.names[0]}"
    return True


@fault("sni_name_differs", weight=26)
def sni_name_of_another(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app) or sketch.v1:
        return False
    app.settings["sniName"] = f"other.{app.names[0].partition('.')[2]}"
    return True


@fault("certificate_not_in_date", weight=6.5)
def certificate_out_of_date(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app):
        return False
    assert app.issued
    wrong = signed(_names(app), app.issued.issuer, rng.choice((EXPIRED, NOT_YET_VALID)))
    if sketch.v1:
        app.trusts = [wrong]
        return _serve(sketch, app, rng, lambda _: wrong.path, all_of=True)
    return _serve(sketch, app, rng, lambda spec: wrong.path[: len(spec.default or wrong.path)])


@fault("certificate_rotated", weight=15)
def certificate_was_renewed(sketch: Sketch, app: App, rng: Random) -> bool:
    """v1: the same names, the same CA, another certificate than the listed one."""
    if not _secure(app) or not sketch.v1:
        return False
    assert app.issued
    new = signed(_names(app), app.issued.issuer, tag="renewed")
    return _serve(sketch, app, rng, lambda _: new.path)


@fault("certificate_not_allow_listed", weight=14)
def another_certificate_listed(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app) or not sketch.v1:
        return False
    app.trusts = [private([f"elsewhere.{app.names[0]}"])]
    return True


@fault("root_not_trusted", weight=8)
def root_not_uploaded(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app) or sketch.v1 or not _is_private(app):
        return False
    app.trusts = [] if rng.random() < 0.5 else [root(_OTHER)]
    return True


@fault("trusted_root_unreadable", weight=48)
def root_is_no_certificate(sketch: Sketch, app: App, rng: Random) -> bool:
    """What is stored in the place of the root is a file that nobody can read."""
    if not _secure(app) or sketch.v1 or not _is_private(app):
        return False
    app.trusts = []
    sketch.more_trust.append((app.name, part(f"{app.name}-file", data="bm90IGEgY2VydGlmaWNhdGU=")))
    return True


@fault("root_not_trusted", weight=6)
def certificate_of_another_ca(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app) or sketch.v1:
        return False
    wrong = signed(_names(app), issuing(f"{_OTHER} - Issuing", _OTHER))
    return _serve(sketch, app, rng, lambda _: wrong.path)


@fault("trusted_root_expired", weight=58)
def root_has_expired(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app) or sketch.v1 or not _is_private(app):
        return False
    old = root("Contoso Ended Root CA", _ENDED)
    app.trusts = [old]
    sent = signed(_names(app), old).path[:1]
    return _serve(sketch, app, rng, lambda _: sent, all_of=True)


@fault("intermediate_missing", weight=36)
def intermediate_not_sent(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app) or sketch.v1:
        return False
    assert app.issued
    path = app.issued.path
    return _serve(
        sketch, app, rng, lambda _: path[:1] if rng.random() < 0.7 else (path[0], path[-1])
    )


@fault("chain_out_of_order", weight=27)
def chain_in_wrong_order(sketch: Sketch, app: App, rng: Random) -> bool:
    """Only the order of the issuers, as long as the key that signs is the leaf's."""
    if not _secure(app) or sketch.v1:
        return False
    assert app.issued
    leaf, *above = app.issued.path
    return _serve(sketch, app, rng, lambda _: (leaf, *reversed(above)))


@fault("leaf_not_first", weight=26)
def issuer_before_leaf(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app) or sketch.v1:
        return False
    assert app.issued
    leaf, issuer, *_ = app.issued.path
    return _serve(sketch, app, rng, lambda _: (issuer, leaf))


@fault("leaf_missing", weight=33)
def leaf_not_sent(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app) or sketch.v1:
        return False
    assert app.issued
    above = app.issued.path[1:]
    return _serve(sketch, app, rng, lambda _: above)


@fault("self_signed_not_ca", weight=30)
def self_signed_leaf(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app) or sketch.v1:
        return False
    alone = signed(_names(app), None)
    if rng.random() < 0.5:
        app.trusts = [alone]
    return _serve(sketch, app, rng, lambda _: (alone,), all_of=True)


@fault("certificate_name_mismatch", weight=4)
def certificate_for_other_names(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _secure(app) or (sketch.v1 and is_ip(app.members[0])):
        return False
    if not sketch.v1 and app.asked == "127.0.0.1" and all(map(is_ip, app.members)):
        return False
    assert app.issued
    wrong = signed((f"wrong.{app.names[0]}",), app.issued.issuer)
    if sketch.v1:
        app.trusts = [wrong]
    return _serve(sketch, app, rng, lambda _: wrong.path, all_of=sketch.v1)
