"""Chains as backends send them, and the v2 gateways that judge them."""

from typing import Any

from bot.core.model.certificate import Certificate
from bot.core.model.observation import Trust
from bot.core.remedies.edit_builder import certificate_text
from tests.core.make import HOST, ROOT, certificate, document, item, ref, root, v2_settings


def authority(name: str, issuer: str = "CN=private CA") -> Certificate:
    """An intermediate CA."""
    return certificate(name, issuer=issuer, is_ca=True, has_san=False, dns_names=())


ISSUING = authority("issuing CA")
LEAF = certificate(HOST, issuer=ISSUING.subject)
LONELY = certificate(HOST, issuer="CN=some CA")
SELF_SIGNED = certificate(HOST, issuer=f"CN={HOST}", self_signed=True)
CA_AS_SERVER = root(HOST)
OTHER_ROOT = root("other CA")

IN_ROOT = (Trust(ROOT.sha256, 0, "ok"),)
NOT_IN_ROOT = (Trust(ROOT.sha256, 20, "unable to get local issuer certificate"),)

NOT_VERIFIED = (
    "The validity of the backend certificate could not be verified. To find out the reason, check OpenSSL"
    " diagnostics for the message associated with error code {}"
)
"""The gateway's message where it quotes a number, as
https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting
has it."""

LISTED: dict[str, Any] = {"trustedRootCertificates": [ref("trustedRootCertificates", "root")]}


def v2(*, stored: Any = None, **changes: Any) -> dict[str, Any]:
    """A v2 gateway that has the private root (or `stored`); `LISTED` makes the settings refer to it."""
    data = certificate_text(ROOT) if stored is None else stored
    return document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[v2_settings(**changes)],
        trustedRootCertificates=[item("trustedRootCertificates", "root", data=data)],
    )


def empty_v2(**changes: Any) -> dict[str, Any]:
    """A v2 gateway without any root of its own."""
    return document(tier="Standard_v2", backendHttpSettingsCollection=[v2_settings(**changes)])


def refused(code: int, about: Certificate | None = None, depth: int = 0) -> tuple[Trust, ...]:
    """OpenSSL's answer for the root: a code about one certificate."""
    digest = about.sha256 if about else None
    return (Trust(ROOT.sha256, code, f"text of {code}", depth, digest, related=True),)


def path(*chain: Certificate) -> tuple[Trust, ...]:
    """OpenSSL's answer for the root where it accepts: the chain as it built it, root and all."""
    return (
        Trust(ROOT.sha256, 0, "ok", path=tuple(it.sha256 for it in (*chain, ROOT)), related=True),
    )
