"""Certificates of the random worlds, each made once in a process: signing is what costs."""

from collections.abc import Sequence
from functools import cache

from cryptography.hazmat.primitives.asymmetric import rsa

from bot.lab.pki import CURRENT, LONG, Issued, Validity, authority, leaf, rsa_key
from bot.lab.scenarios.common import PUBLIC_ISSUING


@cache
def root(name: str, validity: Validity = LONG) -> Issued:
    """A private root."""
    return authority(name, validity=validity)


@cache
def issuing(name: str, of: str, validity: Validity = LONG) -> Issued:
    """An intermediate of a private root."""
    return authority(name, issuer=root(of), validity=validity)


@cache
def signed(
    names: tuple[str, ...], issuer: Issued | None, validity: Validity = CURRENT, tag: str = ""
) -> Issued:
    """A server's certificate for these names; `tag` tells two for the same names apart (a renewed one)."""
    return leaf(names[0], dns_names=names, issuer=issuer, validity=validity)


@cache
def signed_with_rsa(names: tuple[str, ...], issuer: Issued | None) -> Issued:
    """The same with an RSA key, for cipher suites that sign with one."""
    return leaf(names[0], dns_names=names, issuer=issuer, key=_rsa())


@cache
def _rsa() -> rsa.RSAPrivateKey:
    return rsa_key()


@cache
def for_listener(name: str, validity: Validity = CURRENT) -> Issued:
    """What browsers are shown."""
    return leaf(name, issuer=PUBLIC_ISSUING, validity=validity)


def private(names: Sequence[str], of: str = "Contoso Root CA") -> Issued:
    """A certificate of the company's own CA: root, issuing CA, leaf."""
    return signed(tuple(names), issuing(f"{of} - Issuing", of))


def public(names: Sequence[str]) -> Issued:
    """A certificate of the well-known CA of this world."""
    return signed(tuple(names), PUBLIC_ISSUING)
