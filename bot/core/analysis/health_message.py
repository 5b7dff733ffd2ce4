"""Azure's backend-health texts -> a class of fault.

The texts change (copy-edits, "whitelisted" and "allow-listed", typographic quotes, other words for the same thing) and
are sometimes misleading, so a message is normalised and matched on fragments of its meaning, in whatever order they
stand, never as a whole sentence. The raw text is kept beside the class wherever it is shown. Wordings:
https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting,
https://learn.microsoft.com/troubleshoot/azure/application-gateway/create-gateway-internal-load-balancer-app-service-environment
and https://learn.microsoft.com/azure/app-service/environment/integrate-with-application-gateway
"""

import html
import re
from functools import lru_cache
from typing import Literal

MessageClass = Literal[
    "not_allow_listed",
    "name_mismatch",
    "not_in_date",
    "certificate_invalid",
    "intermediate_missing",
    "leaf_missing",
    "leaf_not_first",
    "root_unknown",
    "root_mismatch",
    "root_unreadable",
    "verify_failed",
    "status",
    "body",
    "timeout",
    "no_connection",
    "dns",
    "https_failed",
    "proxy_protocol",
    "not_retrieved",
    "other",
]

_NO_MATCH = r"\bnot match|mismatch|\bdiffer"
_MISSING = r"\b(?:missing|lack(?:s|ing)?|absent|not (?:\w+ )?(?:found|present|sent))\b"
_UNABLE = r"\b(?:not|unable|failed?)\b"

# In order: the first entry whose fragments all occur wins. Narrow ones stand before wide ones. A fragment is a regular
# expression in the normalised text: every "-n't" is "not" there, and every word for allow-listing "allowlist...".
FRAGMENTS: tuple[tuple[MessageClass, tuple[str, ...]], ...] = (
    # It quotes the text that the probe expects, which may be anything.
    ("body", (r"\bresponse body\b|\bbody of the\b", rf"{_NO_MATCH}|\bnot contain")),
    ("not_retrieved", (r"\bhealth (?:status|data)\b", _UNABLE, r"\b(?:retriev|fetch|obtain)")),
    ("not_retrieved", (r"\bgateway (?:is |was |can |could )?(?:not (?:be )?reach|unreachable)",)),
    ("not_allow_listed", (r"\bnot (?:\w+ ){0,4}allowlist",)),
    ("root_unreadable", (r"\bnot find\b", r"\btrusted root certificate", r"\binformation\b")),
    ("root_mismatch", (r"\broot certificates?\b.* (?:server|backend)", _NO_MATCH)),
    ("root_mismatch", (r"\bnot (?:been )?signed by (?:any|one) (?:of the )?(?:trusted )?root",)),
    (
        "leaf_not_first",
        (r"\bleaf\b", r"\bnot (?:the |at the |on )?(?:top|first)|\bmust be topmost"),
    ),
    (
        "leaf_missing",
        (rf"\bleaf certificate (?:is |was )?{_MISSING}|{_MISSING} (?:the |its )?leaf",),
    ),
    (
        "intermediate_missing",
        (
            rf"\bintermediate certificates? (?:is |was |are )?{_MISSING}|{_MISSING} (?:the |its )?intermediate",
        ),
    ),
    ("intermediate_missing", (r"\bincomplete\b", r"\bonly (?:of )?(?:the |its )?leaf")),
    ("name_mismatch", (r"\bcommon name\b|\bcn\b|\bsubject alternative name", _NO_MATCH)),
    ("name_mismatch", (r"\binvalid (?:cn|common name)\b",)),
    ("name_mismatch", (r"\bhost ?name\b", r"\bnot (?:among|one of|in) the (?:\w+ )?names\b")),
    ("certificate_invalid", (r"\bcertificate\b", r"\bmarked (?:as )?invalid|\brevoked\b")),
    ("not_in_date", (r"\bdate\b", r"\b(?:not within|outside)\b", r"\bvalid")),
    ("not_in_date", (r"\bcertificate\b.*\b(?:expired|not yet valid)\b",)),
    ("root_unknown", (r"\bnot (?:been )?(?:signed|issued) by an? (?:wellknown|publicly known)",)),
    ("root_unknown", (r"\binvalid (?:ca|certificate authority)\b",)),
    (
        "root_unknown",
        (r"\bcertificate\b", r"\b(?:signed|issued) by an? (?:\w+ )?(?:unknown|untrusted)\b"),
    ),
    (
        "root_unknown",
        (r"\bissued by an? (?:authority|ca)\b", r"\b(?:unknown|not known|not trusted)\b"),
    ),
    ("root_unknown", (r"\bself[- ]signed certificate\b", r"\bnot trusted\b|\buntrusted\b")),
    (
        "verify_failed",
        (r"\bvalidity\b", r"\bcertificate\b", r"\bnot (?:be )?verif|\bunable to verify"),
    ),
    ("status", (r"\bstatus code\b", rf"{_NO_MATCH}|\binvalid\b|\bunexpected\b")),
    ("timeout", (r"\btime taken\b|\b(?:probe|request) (?:has )?timed? ?out\b",)),
    (
        "timeout",
        (
            r"\btook (?:longer|more time)\b|\bnot (?:answer|respond) in time\b",
            r"\btime-?out|\bin time\b",
        ),
    ),
    ("status", (r"\b(?:answered|responded)\b.* [1-5]\d\d\b", r"\bprobe\b", r"\b(?:accept|expect)")),
    ("dns", (r"\bnot create a probe\b|\bno probe could be created\b",)),
    (
        "dns",
        (
            r"\bfqdn\b|\b(?:host )?name\b",
            r"\b(?:not (?:be )?resolve|unable to resolve|failed to resolve)",
        ),
    ),
    ("https_failed", (r"\bhttps probe connection error\b",)),
    ("https_failed", (r"\b(?:tls|ssl) handshake\b", r"\bfail")),
    ("no_connection", (rf"{_UNABLE} (?:be )?(?:to )?connect(?:ed)? to\b",)),
    (
        "no_connection",
        (r"\bconnection (?:to|with)\b", r"\bnot be (?:established|made|opened)\b|\brefused\b"),
    ),
    ("no_connection", (rf"{_UNABLE} (?:to )?(?:establish|open|make) an? (?:tcp )?connection\b",)),
    (
        "no_connection",
        (r"\b(?:server|backend)\b", r"\bnot (?:be )?reach(?:ed|able)\b|\bunreachable\b"),
    ),
    ("proxy_protocol", (r"\bproxy protocol\b",)),
)

MEANING: dict[MessageClass, str] = {
    "not_allow_listed": "the certificate it serves is not among the allow-listed ones",
    "name_mismatch": "the name in its certificate is not the one the gateway asks for",
    "not_in_date": "its certificate is out of date, or not valid yet",
    "certificate_invalid": "its certificate counts as invalid: for its dates, a revocation, or its chain",
    "intermediate_missing": "it does not send its intermediate certificate",
    "leaf_missing": "it does not send its own (leaf) certificate",
    "leaf_not_first": "it sends its certificates in the wrong order",
    "root_unknown": "its certificate comes from a CA that the gateway does not know",
    "root_mismatch": "its certificate does not end in a root uploaded to the gateway",
    "root_unreadable": "a trusted root stored on the gateway cannot be read",
    "verify_failed": "its certificate could not be verified",
    "status": "it answers the health probe with an unexpected status",
    "body": "its answer to the health probe lacks the expected text",
    "timeout": "it does not answer the health probe in time",
    "no_connection": "the gateway cannot connect to it",
    "dns": "its name does not resolve for the gateway",
    "https_failed": "the gateway's HTTPS connection to it fails",
    "proxy_protocol": "it does not accept the PROXY protocol header",
    "not_retrieved": "Azure could not fetch the health from the gateway",
    "other": "the gateway calls it unhealthy",
}

_MARKUP = re.compile(r"</?(?:b|strong|i|em|br|p)\s*/?>", re.IGNORECASE)
_APOSTROPHES = re.compile("[\u2018\u2019\u02bc\u00b4`]")
_HYPHENS = re.compile("[\u2010\u2011\u2012\u2013]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")

_REPLACEMENTS = (
    (re.compile(r"\bcan(?:no|')t\b"), "can not"),
    (re.compile(r"\b(\w+)n't\b"), r"\1 not"),
    (re.compile(r"\bwell[- ]known\b"), "wellknown"),
    (re.compile(r"\b(?:allow|white|safe)[- ]?list"), "allowlist"),
)

# "Expected:200-399 Received:403." and "Received invalid status code: 403 in the backend server's HTTP response."
_RECEIVED = re.compile(r"\breceived(?: invalid status code)? ?:? ?([1-5]\d\d)\b")


@lru_cache(maxsize=4096)  # A pool may hold 1,200 members, and every rule asks for each of them.
def classify(message: str | None) -> MessageClass:
    """The class of a health message; `other` for none and for unknown texts."""
    text = normalise(message or "")
    for kind, fragments in _COMPILED:
        if all(fragment.search(text) for fragment in fragments):
            return kind
    return "other"


def received_status(message: str | None) -> int | None:
    """The HTTP status that the gateway says it received; None if the message names none."""
    if classify(message) != "status":
        return None
    found = _RECEIVED.search(normalise(message or ""))
    return int(found[1]) if found else None


def normalise(message: str) -> str:
    """Lower case, one blank between words, no markup, contractions spelled out, one word for allow-listing."""
    text = _MARKUP.sub(" ", html.unescape(message)).lower()
    text = _INVISIBLE.sub("", _HYPHENS.sub("-", _APOSTROPHES.sub("'", text)))
    text = re.sub(r"[\s*]+", " ", text)
    for old, new in _REPLACEMENTS:
        text = old.sub(new, text)
    return text.strip()


_COMPILED = tuple((kind, tuple(map(re.compile, fragments))) for kind, fragments in FRAGMENTS)
