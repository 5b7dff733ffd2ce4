"""v2: chains that lead to a trusted root, and that OpenSSL does not accept for another reason."""

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from bot.lab.pki import Extension, Issued, authority, damaged, leaf, rsa_key, signed_with
from bot.lab.scenario import Scenario
from bot.lab.scenarios.shapes import HOST, ISSUING, ROOT, one_site, scenario_of, web_server

_REPLACE = "replace_backend_certificate"


def _constrained(name: str, **trees: list[x509.GeneralName]) -> Issued:
    """An intermediate that may issue only for some names."""
    given = {"permitted_subtrees": None, "excluded_subtrees": None, **trees}
    limits: Extension = (x509.NameConstraints(**given), True)
    return authority(name, issuer=ROOT, extensions=[limits])


def _limited(issuer: Issued, length: int) -> Issued:
    """An intermediate below which there may be only so many others."""
    basic: Extension = (x509.BasicConstraints(ca=True, path_length=length), True)
    return authority("Contoso Servers Only CA", issuer=issuer, extensions=[basic])


_FABRIKAM = _constrained("Fabrikam CA", permitted_subtrees=[x509.DNSName("fabrikam.com")])
_NOT_CONTOSO = _constrained("Partners CA", excluded_subtrees=[x509.DNSName("contoso.com")])
_SERVERS_ONLY = _limited(ROOT, 0)
_BRANCH = authority("Contoso Branch CA", issuer=_SERVERS_ONLY)
_NO_CA = leaf("issuing.contoso.net", issuer=ROOT)
_FOR_CLIENTS: Extension = (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False)
_UNKNOWN: Extension = (
    x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\x05\x00"),
    True,
)
_RSA = rsa_key()
_RSA_ISSUING = authority("Contoso RSA Issuing CA", issuer=ROOT, key=_RSA)
_RSA_ROOT = authority("Contoso RSA Root CA", key=_RSA)


def _of(
    name: str, title: str, summary: str, site: Issued, cause: str, root: Issued = ROOT
) -> Scenario:
    return scenario_of(
        name,
        title,
        summary,
        gateway=one_site(name, trusts=[root]),
        backends=[web_server(site.path)],
        cause=cause,
        option=_REPLACE,
    )


CHAIN_CODES: tuple[Scenario, ...] = (
    _of(
        "name-not-permitted",
        "The issuing CA may not issue for this name",
        "It has name constraints for another domain; the root is uploaded and sent, so trust is not the reason.",
        leaf(HOST, issuer=_FABRIKAM),
        "name_constraint_violated",
    ),
    _of(
        "name-excluded",
        "The issuing CA excludes this name",
        "Its name constraints exclude the company's own domain.",
        leaf(HOST, issuer=_NOT_CONTOSO),
        "name_constraint_violated",
    ),
    _of(
        "issuer-not-ca",
        "A server's certificate was used to issue another",
        "What stands above the leaf is no CA.",
        leaf(HOST, issuer=_NO_CA),
        "issuer_not_ca",
    ),
    _of(
        "path-length-exceeded",
        "There is one CA too many in the chain",
        "An intermediate may issue for servers only, and another CA was put below it.",
        leaf(HOST, issuer=_BRANCH),
        "path_length_exceeded",
    ),
    _of(
        "client-certificate-on-server",
        "A certificate for clients was installed on the server",
        "Its extended key usage allows client authentication only.",
        leaf(HOST, issuer=ISSUING, extensions=[_FOR_CLIENTS]),
        "certificate_purpose_unfit",
    ),
    _of(
        "critical-extension",
        "The certificate has a critical extension that nobody knows",
        "OpenSSL must refuse what it does not understand if it is critical.",
        leaf(HOST, issuer=ISSUING, extensions=[_UNKNOWN]),
        "chain_check_failed",
    ),
    _of(
        "signature-damaged",
        "The certificate was changed after it was signed",
        "One bit of its signature is wrong.",
        damaged(leaf(HOST, issuer=ISSUING)),
        "signature_invalid",
    ),
    _of(
        "md5-signature",
        "The certificate is signed with MD5",
        "Every OpenSSL refuses that with its default settings.",
        signed_with("md5", leaf(HOST, issuer=_RSA_ISSUING)),
        "certificate_too_weak",
    ),
    _of(
        "sha1-signature",
        "The certificate is signed with SHA-1",
        "The gateway says so by OpenSSL's number only.",
        signed_with("sha1", leaf(HOST, issuer=_RSA_ISSUING)),
        "certificate_too_weak",
    ),
    _of(
        "sha1-intermediate",
        "The intermediate is signed with SHA-1",
        "The server's own certificate is fine.",
        leaf(
            HOST,
            issuer=signed_with("sha1", authority("Contoso SHA-1 Issuing CA", issuer=_RSA_ROOT)),
        ),
        "certificate_too_weak",
        _RSA_ROOT,
    ),
)
