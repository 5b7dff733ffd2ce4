"""Azure's backend-health texts -> a class of fault.

The texts change (copy-edits, "whitelisted" and "allow-listed", typographic quotes) and are sometimes misleading, so a
message is normalised and matched on the fragments that stayed, never as a whole sentence. The raw text is kept
beside the class wherever it is shown. Wordings:
https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting
and https://learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment
"""

import html
import re
from typing import Literal

MessageClass = Literal[
    "not_allow_listed",
    "name_mismatch",
    "not_in_date",
    "intermediate_missing",
    "leaf_missing",
    "leaf_not_first",
    "root_unknown",
    "root_mismatch",
    "verify_failed",
    "status",
    "body",
    "timeout",
    "no_connection",
    "dns",
    "proxy_protocol",
    "not_retrieved",
    "other",
]

# In order: the first entry whose fragments all occur wins. Narrow ones stand before wide ones.
FRAGMENTS: tuple[tuple[MessageClass, tuple[str, ...]], ...] = (
    ("not_retrieved", ("health status could not be retrieved",)),
    ("not_allow_listed", ("not allowlisted with",)),
    ("root_mismatch", ("root certificate of the server certificate", "not match")),
    ("root_mismatch", ("not signed by any root certificates uploaded",)),
    ("intermediate_missing", ("intermediate certificate is missing",)),
    ("leaf_missing", ("leaf certificate is missing",)),
    ("leaf_not_first", ("leaf certificate is not the topmost",)),
    ("name_mismatch", ("common name", "not match")),
    ("not_in_date", ("current date is not within",)),
    ("root_unknown", ("not signed by a wellknown certificate authority",)),
    ("root_unknown", ("invalid ca",)),
    ("verify_failed", ("validity of the backend certificate could not be verified",)),
    ("status", ("status code of the backend", "not match")),
    ("status", ("received invalid status code",)),
    ("body", ("body of the backend", "not match")),
    ("timeout", ("time taken by the backend to respond",)),
    ("dns", ("could not create a probe for this backend",)),
    ("no_connection", ("could not connect to the backend",)),
    ("no_connection", ("cannot connect to server",)),
    ("proxy_protocol", ("proxy protocol header",)),
)

MEANING: dict[MessageClass, str] = {
    "not_allow_listed": "the certificate it serves is not among the allow-listed ones",
    "name_mismatch": "the name in its certificate is not the one the gateway asks for",
    "not_in_date": "its certificate is out of date, or not valid yet",
    "intermediate_missing": "it does not send its intermediate certificate",
    "leaf_missing": "it does not send its own (leaf) certificate",
    "leaf_not_first": "it sends its certificates in the wrong order",
    "root_unknown": "its certificate comes from a CA that the gateway does not know",
    "root_mismatch": "its certificate does not end in a root uploaded to the gateway",
    "verify_failed": "its certificate could not be verified",
    "status": "it answers the health probe with an unexpected status",
    "body": "its answer to the health probe lacks the expected text",
    "timeout": "it does not answer the health probe in time",
    "no_connection": "the gateway cannot connect to it",
    "dns": "its name does not resolve for the gateway",
    "proxy_protocol": "it does not accept the PROXY protocol header",
    "not_retrieved": "Azure could not fetch the health from the gateway",
    "other": "the gateway calls it unhealthy",
}

_MARKUP = re.compile(r"</?(?:b|strong|i|em|br|p)\s*/?>", re.IGNORECASE)
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4`]")
_HYPHENS = re.compile("[\u2010\u2011\u2012\u2013]")

_REPLACEMENTS = (
    ("isn't", "is not"),
    ("doesn't", "does not"),
    ("hasn't", "has not"),
    ("well-known", "wellknown"),
    ("allow-list", "allowlist"),
    ("well known", "wellknown"),
    ("allow list", "allowlist"),
    ("white-list", "allowlist"),
    ("whitelist", "allowlist"),
)


def classify(message: str | None) -> MessageClass:
    """The class of a health message; `other` for none and for unknown texts."""
    text = normalise(message or "")
    for kind, fragments in FRAGMENTS:
        if all(fragment in text for fragment in fragments):
            return kind
    return "other"


def normalise(message: str) -> str:
    """Lower case, one blank between words, no markup, contractions spelled out, one word for allow-listing."""
    text = _MARKUP.sub(" ", html.unescape(message)).lower()
    text = _HYPHENS.sub("-", _APOSTROPHES.sub("'", text))
    text = re.sub(r"[\s*]+", " ", text)
    for old, new in _REPLACEMENTS:
        text = text.replace(old, new)
    return text.strip()
