"""The sites of badssl.com that a backend can be, rebuilt from their recipes (https://github.com/chromium/badssl.com).

Each is named after the site. Those that are about browsers (pins, lists of revoked certificates, mixed content) are
healthy backends for a gateway.

What OpenSSL no longer does on either side is written by hand (`bot.lab.backends.bare_tls`), as far as a client without
it gets: `rc4`, `rc4-md5` and `3des` turn away who offers none of their suites, `dh480` and `dh512` come to their group.
`dh-composite` and `dh-small-subgroup` are healthy: a client of TLS sees only numbers of 2048 bits, OpenSSL examines
them no further, so no gateway built on it does.
"""

import ssl

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from bot.lab.backends import (
    Behaviour,
    Chain,
    ClientCertificates,
    DhGroup,
    Normal,
    OldSuites,
    TlsLimits,
)
from bot.lab.pki import EXPIRED, Issued, authority, leaf, rsa_key, signed_with
from bot.lab.scenario import Scenario
from bot.lab.scenarios.common import PUBLIC_ISSUING, PUBLIC_ROOT
from bot.lab.scenarios.dh_groups import (
    COMPOSITE,
    DH_480,
    DH_512,
    DH_1024,
    DH_2048,
    SMALL_SUBGROUP,
)
from bot.lab.scenarios.shapes import DOMAIN, HOST, ROOT, one_site, scenario_of, web_server

_REPLACE = "replace_backend_certificate"
_ANY_KEY = TlsLimits(ciphers="ALL:@SECLEVEL=0")
_MODERN = TlsLimits()
_RSA = rsa_key()
_RSA_ISSUING = authority("Lab Public RSA CA", issuer=PUBLIC_ROOT, key=_RSA)
_SHA1_ISSUING = signed_with(
    "sha1",
    authority("Lab SHA-1 CA", issuer=authority("Lab RSA Root CA", key=_RSA)),
)


def _public(site: Issued) -> Chain:
    """What such a site sends: without the root."""
    return site.path[:-1]


def _site(
    name: str,
    title: str,
    chain: Chain,
    cause: str | None = None,
    option: str | None = None,
    *,
    trusts: Issued | None = None,
    tls: TlsLimits = _MODERN,
    clients: ClientCertificates | None = None,
    notes: tuple[str, ...] = (),
    behaviour: Behaviour = Normal(),  # noqa: B008  (frozen)
) -> Scenario:
    return scenario_of(
        f"badssl-{name}",
        title,
        f"{name}.badssl.com, as a backend.",
        gateway=one_site(f"badssl-{name}", trusts=[trusts] if trusts else []),
        backends=[web_server(chain, tls=tls, client_certificates=clients, behaviour=behaviour)],
        cause=cause,
        option=option or (cause and "remove_cause"),
        notes=notes,
    )


def _names(count: int) -> Issued:
    """A certificate for the site and `count` more names."""
    more = [f"{number}.{DOMAIN}" for number in range(count)]
    return leaf(HOST, issuer=PUBLIC_ISSUING, dns_names=[HOST, *more])


def _with_key(key: ec.EllipticCurvePrivateKey | None = None, bits: int = 2048) -> Chain:
    return _public(leaf(HOST, issuer=PUBLIC_ISSUING, key=key or rsa_key(bits)))


def _with_group(group: DhGroup) -> TlsLimits:
    """Only DHE, so that every client has to take this group; TLS 1.3 has groups of its own."""
    return TlsLimits(maximum=ssl.TLSVersion.TLSv1_2, ciphers="DHE:@SECLEVEL=0", dh=group)


_SIGNED_WITH_RSA = _public(leaf(HOST, issuer=PUBLIC_ISSUING, key=_RSA))
_GOOD = _public(leaf(HOST, issuer=PUBLIC_ISSUING))
_NO_SUBJECT: x509.ExtensionType = x509.SubjectAlternativeName([x509.DNSName(HOST)])

BADSSL: tuple[Scenario, ...] = (
    _site(
        "expired",
        "The certificate expired years ago",
        _public(leaf(HOST, issuer=PUBLIC_ISSUING, validity=EXPIRED)),
        "certificate_not_in_date",
        "renew_certificate",
    ),
    _site(
        "wrong-host",
        "The wildcard does not stand for two labels",
        _public(leaf("*.com", issuer=PUBLIC_ISSUING)),
        "certificate_name_mismatch",
        _REPLACE,
    ),
    _site("self-signed", "Self-signed, and no CA", (leaf(HOST),), "self_signed_not_ca", _REPLACE),
    _site(
        "untrusted-root",
        "It comes from a CA that nobody knows, root and all",
        leaf(HOST, issuer=ROOT).path,
        "root_not_trusted",
        "upload_root_certificate",
    ),
    _site(
        "incomplete-chain",
        "The intermediate is not sent",
        _GOOD[:1],
        "intermediate_missing",
        "complete_chain",
    ),
    _site("pinning-test", "Browsers have a pin for it, a gateway has none", _GOOD),
    _site(
        "no-common-name",
        "The name is in the subject alternative name only",
        _public(leaf("no common name", issuer=PUBLIC_ISSUING, dns_names=[HOST])),
    ),
    _site(
        "no-subject",
        "The subject is empty",
        _public(
            leaf("", issuer=PUBLIC_ISSUING, dns_names=[HOST], extensions=[(_NO_SUBJECT, True)])
        ),
    ),
    _site("1000-sans", "The certificate is for 1,000 names", _public(_names(999))),
    _site(
        "10000-sans",
        "The certificate is for 10,000 names, and too long for a TLS message",
        _public(_names(9_999)),
        "certificate_too_long",
    ),
    _site(
        "sha1-2017",
        "The certificate is signed with SHA-1",
        _public(signed_with("sha1", leaf(HOST, issuer=_RSA_ISSUING))),
        "certificate_too_weak",
        _REPLACE,
    ),
    _site(
        "sha1-intermediate",
        "The intermediate is signed with SHA-1",
        leaf(HOST, issuer=_SHA1_ISSUING).path,
        "certificate_too_weak",
        _REPLACE,
        trusts=_SHA1_ISSUING.issuer,
    ),
    _site("sha256", "RSA and SHA-256", _public(leaf(HOST, issuer=_RSA_ISSUING))),
    _site("ecc384", "An EC key on P-384", _with_key(ec.generate_private_key(ec.SECP384R1()))),
    _site("rsa2048", "An RSA key of 2,048 bits", _with_key()),
    _site(
        "rsa1024",
        "An RSA key of 1,024 bits",
        _with_key(bits=1024),
        tls=_ANY_KEY,
        notes=("weak_certificate",),
    ),
    _site(
        "tls-v1-0",
        "TLS 1.0 only",
        _GOOD,
        "tls_version_refused",
        tls=TlsLimits(ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1),
    ),
    _site(
        "tls-v1-1",
        "TLS 1.1 only",
        _GOOD,
        "tls_version_refused",
        tls=TlsLimits(ssl.TLSVersion.TLSv1_1, ssl.TLSVersion.TLSv1_1),
    ),
    _site(
        "tls-v1-2",
        "TLS 1.2 only",
        _GOOD,
        tls=TlsLimits(maximum=ssl.TLSVersion.TLSv1_2),
    ),
    _site(
        "null",
        "Cipher suites without encryption only",
        _GOOD,
        "tls_version_refused",
        tls=TlsLimits(maximum=ssl.TLSVersion.TLSv1_2, ciphers="eNULL:@SECLEVEL=0"),
    ),
    *(
        _site(name, title, _GOOD, "tls_version_refused", behaviour=OldSuites())
        for name, title in (
            ("rc4", "Cipher suites with RC4 only"),
            ("rc4-md5", "Cipher suites with RC4 and MD5 only"),
            ("3des", "Cipher suites with 3DES only"),
        )
    ),
    *(
        _site(
            f"dh{group.bits}",
            f"A Diffie-Hellman group of {group.bits} bits",
            _SIGNED_WITH_RSA,
            "key_exchange_too_weak",
            tls=_with_group(group),
        )
        for group in (DH_480, DH_512)
    ),
    _site(
        "dh1024",
        "A Diffie-Hellman group of 1024 bits",
        _SIGNED_WITH_RSA,
        tls=_with_group(DH_1024),
        notes=("weak_key_exchange",),
    ),
    *(
        _site(name, title, _SIGNED_WITH_RSA, tls=_with_group(group))
        for name, title, group in (
            ("dh2048", "A Diffie-Hellman group of 2048 bits", DH_2048),
            ("dh-composite", "The modulus of the Diffie-Hellman group is no prime", COMPOSITE),
            ("dh-small-subgroup", "The Diffie-Hellman group is a small one", SMALL_SUBGROUP),
        )
    ),
    _site(
        "client-cert-missing",
        "A client certificate is required",
        _GOOD,
        "client_certificate_demanded",
        clients=ClientCertificates((ROOT,)),
    ),
)
