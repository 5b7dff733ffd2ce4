"""A scenario as Python source: what a random world comes to, to be kept with the others under `bot/lab/scenarios`.

Its certificates are written as the calls that make such ones again (keys are never kept), and so is whatever the
gateway's document quotes of them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from bot.lab import pki
from bot.lab.azure.trust import is_ca
from bot.lab.pki import Issued
from bot.lab.scenario import Scenario

_MADE_BY_ITSELF = (x509.SubjectKeyIdentifier, x509.AuthorityKeyIdentifier)
_WIDTH = 100
_USUAL_LEAF = (
    x509.BasicConstraints(ca=False, path_length=None),
    x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),
)
_USUAL_CA = (x509.BasicConstraints(ca=True, path_length=None),)


def scenario_source(scenario: Scenario) -> str:
    """A module whose SCENARIO is this one, with fresh certificates."""
    writer = _Writer(str(scenario.gateways[0]["id"]))
    writer.learn(scenario)
    made = writer.written(scenario)
    return "\n".join(
        (
            *writer.imports(),
            "",
            f"GATEWAY = {writer.gateway!r}",
            "",
            *writer.lines,
            f"SCENARIO = {made}",
            "",
        )
    )


@dataclass
class _Writer:
    """`lines` make the certificates; `names` are those of the variables, by SHA-256, `keys` by public key.

    `quoted` is what the document has of a certificate, `gateway` the id with which its other ids begin.
    """

    gateway: str
    lines: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    keys: dict[bytes, str] = field(default_factory=dict)
    quoted: dict[str, str] = field(default_factory=dict)
    modules: set[tuple[str, str]] = field(default_factory=set)

    def imports(self) -> Iterator[str]:
        yield "from cryptography import x509"
        yield ""
        yield from (f"from {module} import {name}" for module, name in sorted(self.modules))

    def learn(self, value: object) -> None:
        """Write every certificate that is somewhere in there, issuers first."""
        if isinstance(value, Issued):
            self._certificate(value)
        elif is_dataclass(value):
            self.learn([getattr(value, it.name) for it in fields(value)])
        elif isinstance(value, Mapping):
            self.learn(value.values())
        elif isinstance(value, Iterable) and not isinstance(value, str | bytes):
            for each in value:
                self.learn(each)

    def written(self, value: Any) -> str:
        """The expression that makes it."""
        if isinstance(value, Issued):
            return self.names[value.sha256]
        if isinstance(value, str):
            within = value.startswith(f"{self.gateway}/")
            own = f'f"{{GATEWAY}}{value[len(self.gateway) :]}"' if within else repr(value)
            return self.quoted.get(value, own)
        if isinstance(value, Enum):
            return f"{self._used(type(value))}.{value.name}"
        if is_dataclass(value):
            told = [it for it in fields(value) if _matters(value, it)]
            parts = [f"{it.name}={self.written(getattr(value, it.name))}" for it in told]
            return _inside(f"{self._used(type(value))}(", parts, ")")
        if isinstance(value, Mapping):
            return _inside("{", [f"{key!r}: {self.written(it)}" for key, it in value.items()], "}")
        if isinstance(value, frozenset):
            return f"frozenset({self.written(sorted(value))})"
        if isinstance(value, list | tuple):
            start, end = "[]" if isinstance(value, list) else "()"
            return _inside(start, list(map(self.written, value)), end)
        return repr(value)

    def _used(self, kind: type) -> str:
        self.modules.add((kind.__module__, kind.__name__))
        return kind.__name__

    def _pki(self, name: str) -> str:
        self.modules.add((pki.__name__, name))
        return name

    def _certificate(self, issued: Issued) -> None:
        if issued.sha256 in self.names:
            return
        if issued.issuer is not None:
            self._certificate(issued.issuer)
        name = f"certificate_{len(self.names)}"
        self.lines += [f"{name} = {self._issued(issued)}", ""]
        self.names[issued.sha256] = name
        self.keys.setdefault(_public(issued), f"{name}.key")
        for quoted in ("base64_der", "base64_pkcs7", "sha256"):
            self.quoted[getattr(issued, quoted)] = f"{name}.{quoted}"

    def _issued(self, issued: Issued) -> str:
        """The call that makes such a certificate, and what was done to it afterwards."""
        made = self._call(issued)
        used = issued.certificate.signature_hash_algorithm
        if used is not None and used.name in ("md5", "sha1"):
            return f"{self._pki('signed_with')}({used.name!r}, {made})"
        return f"{self._pki('damaged')}({made})" if _is_damaged(issued) else made

    def _call(self, issued: Issued) -> str:
        certificate = issued.certificate
        common = [
            str(it.value) for it in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        ]
        told = [repr(common[0] if common else "")]
        ca = is_ca(certificate)
        if not ca:
            told.append(f"dns_names={_dns_names(certificate)!r}")
        if issued.issuer is not None:
            told.append(f"issuer={self.names[issued.issuer.sha256]}")
        told.append(f"validity={self._pki('Validity')}{_days(certificate)}")
        key = self.keys.get(_public(issued))
        if key is None and isinstance(issued.key, RSAPrivateKey):
            key = f"{self._pki('rsa_key')}({issued.key.key_size})"
        if key is not None:
            told.append(f"key={key}")
        more = ", ".join(_more_extensions(certificate, _USUAL_CA if ca else _USUAL_LEAF))
        if more:
            told.append(f"extensions=[{more}]")
        return f"{self._pki('authority' if ca else 'leaf')}({', '.join(told)})"


def _inside(start: str, parts: list[str], end: str) -> str:
    """On one line if that is short, else each part on a line of its own."""
    alone = "," if start == "(" and len(parts) == 1 else ""
    line = f"{start}{', '.join(parts)}{alone}{end}"
    if len(line) <= _WIDTH and "\n" not in line:
        return line
    lines = (f"    {line}" for part in parts for line in f"{part},".splitlines())
    return "\n".join((start, *lines, end))


def _matters(owner: object, part: Field[Any]) -> bool:
    """Whether a value is another than the one that it has anyway."""
    value = getattr(owner, part.name)
    if part.default_factory is not MISSING:
        return bool(value != part.default_factory())
    return bool(part.default is MISSING or value != part.default)


def _public(issued: Issued) -> bytes:
    return issued.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _is_damaged(issued: Issued) -> bool:
    above = issued.issuer or issued
    try:
        issued.certificate.verify_directly_issued_by(above.certificate)
    except InvalidSignature:
        return True
    return False


def _dns_names(certificate: x509.Certificate) -> tuple[str, ...]:
    for it in certificate.extensions:
        if isinstance(it.value, x509.SubjectAlternativeName):
            return tuple(it.value.get_values_for_type(x509.DNSName))
    return ()


def _days(certificate: x509.Certificate) -> tuple[int, int]:
    now = datetime.now(UTC)
    ends = (certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    first, last = (round((it - now).total_seconds() / 86_400) for it in ends)
    return first, last


def _more_extensions(
    certificate: x509.Certificate, usual: tuple[x509.ExtensionType, ...]
) -> Iterator[str]:
    """Those beside the usual ones, in the bytes that they have."""
    for it in certificate.extensions:
        own = isinstance(it.value, (*_MADE_BY_ITSELF, x509.SubjectAlternativeName))
        if not own and it.value not in usual:
            data = it.value.public_bytes()
            oid = f"x509.ObjectIdentifier({it.oid.dotted_string!r})"
            yield f"(x509.UnrecognizedExtension({oid}, {data!r}), {it.critical})"
