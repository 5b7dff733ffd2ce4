"""Does a certificate cover a host name? RFC 6125 as Application Gateway applies it.

If the certificate has a subject alternative name, only that counts; the common name is used only without one
(learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting).
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import idna

from bot.core.model.certificate import Certificate
from bot.core.model.glob import matches_glob


def covers(certificate: Certificate, host: str) -> bool:
    """Whether one of the certificate's names stands for `host`."""
    return any(matches(pattern, host) for pattern in certificate_names(certificate))


def certificate_names(certificate: Certificate) -> tuple[str, ...]:
    """The names that count: those of the subject alternative name, else the common name."""
    if certificate.has_san:
        return certificate.dns_names
    return (certificate.common_name,) if certificate.common_name else ()


def matches(pattern: str, host: str) -> bool:
    """RFC 6125, 6.4.3: a wildcard is the whole left-most label and stands for exactly one label."""
    wanted = _labels(host)
    offered = _labels(pattern)
    if len(offered) != len(wanted):
        return False
    if offered[0] == "*":
        return len(offered) > 2 and offered[1:] == wanted[1:]
    return offered == wanted


@lru_cache(maxsize=4096)
def ascii_name(host: str) -> str:
    """The name as DNS, SNI and the Host header carry it: labels with other letters as `xn--...` (RFC 5890, UTS 46).

    A name, or a label of it, that has no such form stays as it is: whoever sends it has to refuse it.
    """
    return (
        host if host.isascii() else ".".join(map(_ascii_label, re.split("[.\u3002\uff0e]", host)))
    )


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label
    try:
        return idna.encode(label, uts46=True).decode()
    except idna.IDNAError:
        return label


def fits(pattern: str, host: str) -> bool:
    """Whether a listener's host name takes `host`: `*` stands for any characters, dots too, `?` for one.

    learn.microsoft.com/azure/application-gateway/multiple-site-overview#wildcard-host-names-in-listener
    """
    return matches_glob(ascii_name(pattern).lower(), ascii_name(host).lower(), one="?")


def is_wildcard(pattern: str) -> bool:
    """Whether a listener's host name stands for more than itself."""
    return "*" in pattern or "?" in pattern


def parent(hosts: Iterable[str]) -> str | None:
    """The one domain that all hosts are direct children of; None if there is none with two labels or more."""
    parents = {_labels(host)[1:] for host in hosts}
    if len(parents) != 1:
        return None
    (labels,) = parents
    return ".".join(labels) if len(labels) >= 2 else None


@lru_cache(maxsize=4096)
def _labels(name: str) -> tuple[str, ...]:
    return tuple(ascii_name(name).lower().rstrip(".").split("."))
