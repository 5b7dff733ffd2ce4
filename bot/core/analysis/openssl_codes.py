"""OpenSSL's verification codes: what each says of the certificate it is about, and what is to be done first.

Numbers and names: https://docs.openssl.org/master/man3/X509_STORE_CTX_get_error/ and openssl/x509_vfy.h. A gateway
quotes the number where it has no words of its own ("check OpenSSL diagnostics ... error code N"):
https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting
"""

from dataclasses import dataclass
from typing import Literal

CodeKind = Literal[
    "issuer_unknown",
    "date",
    "name",
    "signature",
    "revoked",
    "revocation",
    "not_a_ca",
    "path_length",
    "purpose",
    "name_constraint",
    "weak",
    "other",
]
"""What a code is about. `issuer_unknown`: the way up ends too early, and only the certificates show why; `revocation`:
it could not be checked whether a certificate is `revoked`."""


@dataclass(frozen=True, slots=True)
class VerifyCode:
    """One X509_V_ERR_* code. `says` is what it says of a certificate, as it reads after the certificate's name."""

    number: int
    name: str
    kind: CodeKind
    says: str

    @property
    def label(self) -> str:
        """Number and name, to look it up."""
        return f"{self.number}, {self.name}" if self.name else str(self.number)

    @property
    def first_step(self) -> str:
        """What somebody has to do about that certificate."""
        return _STEPS.get(self.number) or (_STEPS_BY_KIND[self.kind] if self.name else _ASK)


def verify_code(number: int) -> VerifyCode:
    """What a number means; one that is not documented has no name, and kind `other`."""
    says = "is not accepted, for a reason that OpenSSL's documentation does not list"
    return _KNOWN.get(number) or VerifyCode(number, "", "other", says)


# fmt: off
_ROWS: tuple[tuple[int, str, CodeKind, str], ...] = (
    (1, "UNSPECIFIED", "other", "makes OpenSSL stop without a reason: mostly a name in it is malformed"),
    (2, "UNABLE_TO_GET_ISSUER_CERT", "issuer_unknown", "is trusted, but its own issuer is not known"),
    (3, "UNABLE_TO_GET_CRL", "revocation", "cannot be checked: its revocation list was not to be had"),
    (4, "UNABLE_TO_DECRYPT_CERT_SIGNATURE", "signature", "has a signature that cannot be read"),
    (5, "UNABLE_TO_DECRYPT_CRL_SIGNATURE", "revocation", "has a revocation list whose signature cannot be read"),
    (6, "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY", "signature", "was issued with a key that cannot be read"),
    (7, "CERT_SIGNATURE_FAILURE", "signature", "has a signature that its issuer's key did not make"),
    (8, "CRL_SIGNATURE_FAILURE", "revocation", "has a revocation list with a wrong signature"),
    (9, "CERT_NOT_YET_VALID", "date", "is not valid yet"),
    (10, "CERT_HAS_EXPIRED", "date", "has expired"),
    (11, "CRL_NOT_YET_VALID", "revocation", "has a revocation list that is not valid yet"),
    (12, "CRL_HAS_EXPIRED", "revocation", "has a revocation list that has expired"),
    (13, "ERROR_IN_CERT_NOT_BEFORE_FIELD", "date", "has a first day that cannot be read"),
    (14, "ERROR_IN_CERT_NOT_AFTER_FIELD", "date", "has a last day that cannot be read"),
    (15, "ERROR_IN_CRL_LAST_UPDATE_FIELD", "revocation", "has a revocation list with an unreadable date"),
    (16, "ERROR_IN_CRL_NEXT_UPDATE_FIELD", "revocation", "has a revocation list with an unreadable date"),
    (17, "OUT_OF_MEM", "other", "could not be checked for want of memory"),
    (18, "DEPTH_ZERO_SELF_SIGNED_CERT", "issuer_unknown", "is self-signed and not trusted"),
    (19, "SELF_SIGNED_CERT_IN_CHAIN", "issuer_unknown", "is the root that is sent, and not trusted"),
    (20, "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "issuer_unknown", "has an issuer that is neither sent nor trusted"),
    (21, "UNABLE_TO_VERIFY_LEAF_SIGNATURE", "issuer_unknown", "is sent alone, without its issuer"),
    (22, "CERT_CHAIN_TOO_LONG", "path_length", "stands at the end of too long a chain"),
    (23, "CERT_REVOKED", "revoked", "has been revoked by its CA"),
    (24, "NO_ISSUER_PUBLIC_KEY", "not_a_ca", "is no CA, or has no key (before OpenSSL 3.0 the code of an invalid CA)"),
    (25, "PATH_LENGTH_EXCEEDED", "path_length", "may have fewer CAs below it than it has (pathLenConstraint)"),
    (26, "INVALID_PURPOSE", "purpose", "may not be used for servers (its key usage or extended key usage excludes it)"),
    (27, "CERT_UNTRUSTED", "other", "is marked as not trusted for servers"),
    (28, "CERT_REJECTED", "other", "is marked as rejected for servers"),
    (29, "SUBJECT_ISSUER_MISMATCH", "issuer_unknown", "has another issuer than the certificate above it"),
    (30, "AKID_SKID_MISMATCH", "issuer_unknown", "names another key of its issuer than the one above it has"),
    (31, "AKID_ISSUER_SERIAL_MISMATCH", "issuer_unknown", "names another serial number of its issuer"),
    (32, "KEYUSAGE_NO_CERTSIGN", "not_a_ca", "may not sign certificates (keyUsage lacks keyCertSign)"),
    (33, "UNABLE_TO_GET_CRL_ISSUER", "revocation", "has a revocation list whose issuer is not known"),
    (34, "UNHANDLED_CRITICAL_EXTENSION", "other", "has a critical extension that OpenSSL does not know"),
    (35, "KEYUSAGE_NO_CRL_SIGN", "revocation", "may not sign revocation lists"),
    (36, "UNHANDLED_CRITICAL_CRL_EXTENSION", "revocation", "has a revocation list with an unknown critical extension"),
    (37, "INVALID_NON_CA", "not_a_ca", "is marked as a CA where a server's own certificate has to be"),
    (38, "PROXY_PATH_LENGTH_EXCEEDED", "path_length", "may have fewer proxy certificates below it"),
    (39, "KEYUSAGE_NO_DIGITAL_SIGNATURE", "purpose", "may not sign (keyUsage lacks digitalSignature)"),
    (40, "PROXY_CERTIFICATES_NOT_ALLOWED", "other", "is a proxy certificate, which is not accepted"),
    (41, "INVALID_EXTENSION", "other", "has an invalid or inconsistent extension"),
    (42, "INVALID_POLICY_EXTENSION", "other", "has an invalid policy extension"),
    (43, "NO_EXPLICIT_POLICY", "other", "lacks the policy that a CA above it requires"),
    (44, "DIFFERENT_CRL_SCOPE", "revocation", "is not covered by the revocation list that was found"),
    (45, "UNSUPPORTED_EXTENSION_FEATURE", "other", "has an extension that OpenSSL supports only in part"),
    (46, "UNNESTED_RESOURCE", "other", "has addresses (RFC 3779) that its issuer does not have"),
    (47, "PERMITTED_VIOLATION", "name_constraint", "has a name for which a CA above it may not issue (permitted)"),
    (48, "EXCLUDED_VIOLATION", "name_constraint", "has a name that a CA above it excludes"),
    (49, "SUBTREE_MINMAX", "name_constraint", "stands below name constraints with a minimum or maximum"),
    (50, "APPLICATION_VERIFICATION", "other", "was refused by the program itself"),
    (51, "UNSUPPORTED_CONSTRAINT_TYPE", "name_constraint", "stands below name constraints of an unsupported kind"),
    (52, "UNSUPPORTED_CONSTRAINT_SYNTAX", "name_constraint", "stands below name constraints that are malformed"),
    (53, "UNSUPPORTED_NAME_SYNTAX", "name_constraint", "has a malformed name, which no name constraint can be held to"),
    (54, "CRL_PATH_VALIDATION_ERROR", "revocation", "has a revocation list that cannot be verified"),
    (55, "PATH_LOOP", "other", "leads round in a circle"),
    (56, "SUITE_B_INVALID_VERSION", "weak", "has a version that Suite B excludes"),
    (57, "SUITE_B_INVALID_ALGORITHM", "weak", "has a kind of key that Suite B excludes"),
    (58, "SUITE_B_INVALID_CURVE", "weak", "has a curve that Suite B excludes"),
    (59, "SUITE_B_INVALID_SIGNATURE_ALGORITHM", "weak", "has a signature that Suite B excludes"),
    (60, "SUITE_B_LOS_NOT_ALLOWED", "weak", "has a curve that this level of Suite B excludes"),
    (61, "SUITE_B_CANNOT_SIGN_P_384_WITH_P_256", "weak", "is signed with a shorter curve than its own"),
    (62, "HOSTNAME_MISMATCH", "name", "is not for the host name that was asked for"),
    (63, "EMAIL_MISMATCH", "name", "is not for the e-mail address that was asked for"),
    (64, "IP_ADDRESS_MISMATCH", "name", "is not for the IP address that was asked for"),
    (65, "DANE_NO_MATCH", "other", "does not match DNS (TLSA)"),
    (66, "EE_KEY_TOO_SMALL", "weak", "has too short a key"),
    (67, "CA_KEY_TOO_SMALL", "weak", "is of a CA with too short a key"),
    (68, "CA_MD_TOO_WEAK", "weak", "is signed with too weak a hash"),
    (69, "INVALID_CALL", "other", "could not be checked: the program asked wrongly"),
    (70, "STORE_LOOKUP", "other", "could not be checked: looking for its issuer failed"),
    (71, "NO_VALID_SCTS", "other", "lacks the timestamps of Certificate Transparency"),
    (72, "PROXY_SUBJECT_NAME_VIOLATION", "other", "is a proxy certificate with a wrong subject"),
    (73, "OCSP_VERIFY_NEEDED", "revocation", "cannot be checked: an OCSP response is needed"),
    (74, "OCSP_VERIFY_FAILED", "revocation", "cannot be checked: its OCSP response is not accepted"),
    (75, "OCSP_CERT_UNKNOWN", "revocation", "is not known to its CA's OCSP service"),
    (76, "UNSUPPORTED_SIGNATURE_ALGORITHM", "signature", "is signed in a way that OpenSSL does not know"),
    (77, "SIGNATURE_ALGORITHM_MISMATCH", "signature", "is signed in another way than its issuer's key can"),
    (78, "SIGNATURE_ALGORITHM_INCONSISTENCY", "signature", "says in two places differently how it is signed"),
    (79, "INVALID_CA", "not_a_ca", "issued the certificate below it, but is no CA"),
    (80, "PATHLEN_INVALID_FOR_NON_CA", "other", "is no CA, but limits the CAs below it"),
    (81, "PATHLEN_WITHOUT_KU_KEY_CERT_SIGN", "other", "limits the CAs below it, but may not sign certificates"),
    (82, "KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA", "other", "is no CA, but its key usage says that it signs certificates"),
    (83, "ISSUER_NAME_EMPTY", "other", "does not say who issued it"),
    (84, "SUBJECT_NAME_EMPTY", "other", "is a CA without a name"),
    (85, "MISSING_AUTHORITY_KEY_IDENTIFIER", "other", "lacks the identifier of its issuer's key"),
    (86, "MISSING_SUBJECT_KEY_IDENTIFIER", "other", "lacks the identifier of its key"),
    (87, "EMPTY_SUBJECT_ALT_NAME", "other", "has an empty subject alternative name"),
    (88, "EMPTY_SUBJECT_SAN_NOT_CRITICAL", "other", "has neither a subject nor a critical subject alternative name"),
    (89, "CA_BCONS_NOT_CRITICAL", "other", "is a CA whose basicConstraints are not critical"),
    (90, "AUTHORITY_KEY_IDENTIFIER_CRITICAL", "other", "has a critical authority key identifier"),
    (91, "SUBJECT_KEY_IDENTIFIER_CRITICAL", "other", "has a critical subject key identifier"),
    (92, "CA_CERT_MISSING_KEY_USAGE", "other", "is a CA without key usage"),
    (93, "EXTENSIONS_REQUIRE_VERSION_3", "other", "has extensions, but not version 3"),
    (94, "EC_KEY_EXPLICIT_PARAMS", "other", "has an EC key that spells out its curve instead of naming it"),
    (95, "RPK_UNTRUSTED", "other", "is a raw public key that is not trusted"),
)
# fmt: on

_KNOWN = {
    number: VerifyCode(number, f"X509_V_ERR_{name}", kind, says)
    for number, name, kind, says in _ROWS
}

_ANEW = "Have it issued again, without that."
_ASK = "Run `openssl verify -show_chain` over the chain as it is sent, to see the same."
_REAL_CA = "Have the certificate below it issued by a real CA: basicConstraints CA:TRUE, keyUsage keyCertSign."

_STEPS_BY_KIND: dict[CodeKind, str] = {
    "issuer_unknown": "Find out which certificate issued it, and get that one from the CA.",
    "date": _ANEW,
    "name": "Compare its names with the host that the gateway asks for.",
    "signature": "Install it again from the file that the CA gave out; if that does not help, have it issued again.",
    "revoked": "Make a new key, and get a new certificate for it.",
    "revocation": "Let the gateway's subnet reach the addresses of the CA's revocation lists (CRL Distribution Points"
    " in the certificate).",
    "not_a_ca": _REAL_CA,
    "path_length": _ANEW,
    "purpose": "Have it issued again with extendedKeyUsage serverAuth.",
    "name_constraint": "Get a certificate from a CA that may issue for its names, or have that CA issued again with"
    " other name constraints.",
    "weak": "Make a new key of RSA 2048 bits or more (or EC P-256), and have a certificate issued for it.",
    "other": _ANEW,
}

_STEPS = {
    9: "Check the clock of whoever issued it; until its first day, install one that is valid now.",
    10: "Renew it.",
    **dict.fromkeys((17, 27, 28, 50, 65, 69, 70, 95), _ASK),
    22: "Use a CA with fewer intermediates.",
    25: "Have the server's certificate issued by a CA higher up, or have that CA's certificate issued again without the"
    " limit.",
    34: "Have it issued again without that extension, or with it not marked critical.",
    37: _ANEW,
    67: "Use a CA whose key has RSA 2048 bits or more (or EC P-256).",
    68: "Have it issued again, signed with SHA-256 or better.",
    94: "Make a new key on a named curve (`openssl ecparam -name prime256v1 -genkey`), and have a certificate issued"
    " for it.",
}
