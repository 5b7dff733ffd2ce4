"""Chains that lead to a root, and that OpenSSL does not accept for another reason; and some better than they look."""

from dataclasses import replace
from functools import cache
from random import Random

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID

from bot.lab.azure.build import part
from bot.lab.azure.trust import dns_names
from bot.lab.backends import TlsLimits
from bot.lab.pki import (
    EXPIRED,
    Extension,
    Issued,
    authority,
    damaged,
    leaf,
    rsa_key,
    signed_with,
)
from tests.random_worlds.certificates import root, signed
from tests.random_worlds.faults.network import HEALTH_HIDDEN, some_of
from tests.random_worlds.faults.registry import fault
from tests.random_worlds.sketch import App, Sketch

_FOR_CLIENTS: Extension = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)
_UNKNOWN: Extension = (
    x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00"),
    True,
)
# With fewer and longer names than a real one of this size, which OpenSSL reads in less time.
_LONG = ".".join(["x" * 60] * 3)
_FAR_TOO_MANY = tuple(f"{_LONG}.n{number}.example.test" for number in range(600))


@cache
def _rsa(bits: int) -> RSAPrivateKey:
    return rsa_key(bits)


@cache
def _of_root(top: Issued, name: str, *extensions: Extension) -> Issued:
    return authority(name, issuer=top, extensions=extensions)


@cache
def _rsa_issuing(top: Issued) -> Issued:
    return authority("Contoso RSA Issuing CA", issuer=top, key=_rsa(2048))


def _limits(**trees: list[x509.GeneralName]) -> Extension:
    return x509.NameConstraints(
        **{"permitted_subtrees": None, "excluded_subtrees": None, **trees}
    ), True


def _length(most: int) -> Extension:
    return x509.BasicConstraints(ca=True, path_length=most), True


def _names(app: App) -> tuple[str, ...]:
    assert app.issued
    return tuple(dns_names(app.issued.certificate))


def _top(app: App) -> Issued:
    assert app.issued
    return app.issued.path[-1]


def _issuer(app: App) -> Issued:
    assert app.issued
    assert app.issued.issuer
    return app.issued.issuer


def _leaf(app: App, issuer: Issued, *extensions: Extension) -> Issued:
    names = _names(app)
    return leaf(names[0], dns_names=names, issuer=issuer, extensions=extensions)


def _fits(sketch: Sketch, app: App) -> bool:
    """v1 looks at no chain."""
    return not sketch.v1 and app.secure and app.issued is not None


def _is_private(app: App) -> bool:
    return app.issued is not None and app.issued.path[-1] is root("Contoso Root CA")


def _serve(sketch: Sketch, app: App, rng: Random, served: Issued) -> bool:
    """Let some servers send this certificate and those above it, with or without the root."""
    found = some_of(sketch, app, rng)
    path = served.path if rng.random() < 0.5 else served.path[:-1]
    for endpoint in found:
        if not sketch.servers[endpoint].speaks_tls:
            return False
        sketch.change(endpoint, default=path)
    return bool(found)


@fault("name_constraint_violated", weight=37)
def name_not_permitted(sketch: Sketch, app: App, rng: Random) -> bool:
    """The issuing CA may issue for others only, or for anybody but this company."""
    if not _fits(sketch, app):
        return False
    domain = app.hosts[0].partition(".")[2]
    permitted = _limits(permitted_subtrees=[x509.DNSName("fabrikam.test")])
    excluded = _limits(excluded_subtrees=[x509.DNSName(domain)])
    limits = rng.choice((permitted, excluded))
    return _serve(sketch, app, rng, _leaf(app, _of_root(_top(app), "Partners CA", limits)))


@fault("issuer_not_ca", weight=36)
def issued_by_a_server(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _fits(sketch, app):
        return False
    server = leaf("issuing.contoso.net", issuer=_top(app))
    return _serve(sketch, app, rng, _leaf(app, server))


@fault("path_length_exceeded", weight=55)
def one_ca_too_many(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _fits(sketch, app):
        return False
    servers_only = _of_root(_top(app), "Contoso Servers Only CA", _length(0))
    branch = _of_root(servers_only, "Contoso Branch CA")
    return _serve(sketch, app, rng, _leaf(app, branch))


@fault("certificate_purpose_unfit", weight=39)
def certificate_for_clients(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _fits(sketch, app):
        return False
    return _serve(sketch, app, rng, _leaf(app, _issuer(app), _FOR_CLIENTS))


@fault("chain_check_failed", weight=30)
def unknown_critical_extension(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _fits(sketch, app):
        return False
    return _serve(sketch, app, rng, _leaf(app, _issuer(app), _UNKNOWN))


@fault("signature_invalid", weight=48)
def signature_is_damaged(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _fits(sketch, app):
        return False
    assert app.issued
    return _serve(sketch, app, rng, damaged(app.issued))


@fault("certificate_too_weak", weight=34)
def signed_with_an_old_hash(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _fits(sketch, app):
        return False
    weak = signed_with(rng.choice(("md5", "sha1")), _leaf(app, _rsa_issuing(_top(app))))
    return _serve(sketch, app, rng, weak)


@fault("certificate_revoked", weight=74)
def certificate_taken_back(sketch: Sketch, app: App, rng: Random) -> bool:
    """Only the gateway knows, being the one that asks for revocation: so it has to tell."""
    if not _fits(sketch, app) or HEALTH_HIDDEN & set(sketch.done):
        return False
    assert app.issued
    sketch.options = replace(sketch.options, revoked=sketch.options.revoked | {app.issued.sha256})
    return True


@fault("certificate_too_long", weight=29)
def far_too_many_names(sketch: Sketch, app: App, rng: Random) -> bool:
    if not app.secure or app.issued is None or sketch.v1:
        return False
    names = (*_names(app), *_FAR_TOO_MANY)
    return _serve(sketch, app, rng, signed(names, _issuer(app)))


@fault("issuer_rekeyed", weight=85)
def root_has_a_new_key(sketch: Sketch, app: App, rng: Random) -> bool:
    """The CA was renewed under its old name, and only one side knows it: the gateway, or the server."""
    if not _fits(sketch, app) or not _is_private(app):
        return False
    assert app.issued
    if rng.random() < 0.5:
        app.trusts = [_renewed_root()]
        return True
    old = app.issued.path[1]
    new = _leaf(app, _renewed_issuing(_top(app), old.certificate.subject.rfc4514_string()[3:]))
    found = some_of(sketch, app, rng)
    for endpoint in found:
        if not sketch.servers[endpoint].speaks_tls:
            return False
        sketch.change(endpoint, default=(new, *app.issued.path[1:]))
    return bool(found)


@cache
def _renewed_root() -> Issued:
    return authority("Contoso Root CA")


@cache
def _renewed_issuing(top: Issued, name: str) -> Issued:
    return authority(name, issuer=top)


@fault("trusted_root_not_a_root", weight=56)
def intermediate_as_root(sketch: Sketch, app: App, rng: Random) -> bool:
    """What the gateway trusts is the issuing CA, alone."""
    if not _fits(sketch, app) or not _is_private(app):
        return False
    app.trusts = [_issuer(app)]
    return True


@fault("unneeded_certificate_expired", harmless=True, weight=46)
def cross_signed_root_sent(sketch: Sketch, app: App, rng: Random) -> bool:
    """The root was cross-signed once, that has expired, and the server still sends it."""
    if not _fits(sketch, app) or not _is_private(app):
        return False
    assert app.issued
    sketch.change_all(app, default=(*app.issued.path[:-1], _cross_signed(_top(app))))
    return True


@cache
def _cross_signed(top: Issued) -> Issued:
    older = authority("Contoso Older Root CA")
    return authority("Contoso Root CA", issuer=older, key=top.key, validity=EXPIRED)


@fault("intermediate_only_on_gateway", harmless=True, weight=44)
def intermediate_uploaded_too(sketch: Sketch, app: App, rng: Random) -> bool:
    if not _fits(sketch, app) or not _is_private(app):
        return False
    app.trusts = [_top(app), _issuer(app)]
    sketch.change_all(app, default=(app.issued,))
    return True


@fault("weak_certificate", harmless=True, weight=17)
def key_is_short(sketch: Sketch, app: App, rng: Random) -> bool:
    """The gateway still accepts it."""
    if not _fits(sketch, app):
        return False
    names = _names(app)
    short = leaf(names[0], dns_names=names, issuer=_issuer(app), key=_rsa(1024))
    low = TlsLimits(ciphers="ALL:@SECLEVEL=0")
    sketch.change_all(app, default=short.path, tls=low)
    app.issued = short
    return True


@fault(harmless=True, weight=10)
def roots_in_a_bundle(sketch: Sketch, app: App, rng: Random) -> bool:
    """A second trusted root that no chain needs."""
    if not _fits(sketch, app) or not app.trusts:
        return False
    spare = root("Contoso Spare Root CA")
    sketch.more_trust.append((app.name, part(f"{app.name}-spare", data=spare.base64_der)))
    return True
