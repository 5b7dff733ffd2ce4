"""Over chains that others made: yes or no, cause and depth are as `openssl verify -purpose sslserver` has them."""

from functools import cache

import pytest

from tests.corpus.limbo import CASES, EXPIRED, NAME, ORDER, Answer, LimboCase, cases

pytestmark = pytest.mark.skipif(not CASES.exists(), reason="../shared/limbo is not on this machine")

OUT_OF_ORDER = (
    "the chain is sent out of order; OpenSSL sorts it, and Microsoft's page demands the right order"
    " (application-gateway-backend-health-troubleshooting), so it is told where no gateway says that it is content"
)
FOR_CLIENTS = "a client's certificate; OpenSSL was not asked for a server's purpose here, which a gateway does ask for"
SAN_ONLY = (
    "the subject alternative name has no DNS name; OpenSSL then takes the common name, Microsoft's page says that only"
    " a certificate without any subject alternative name is known by its common name"
)
DIFFERENCES: dict[str, tuple[Answer | None, str]] = {
    "pathlen::intermediate-pathlen-may-increase": (Answer(ORDER), OUT_OF_ORDER),
    "pathlen::self-issued-certs-pathlen": (Answer(ORDER), OUT_OF_ORDER),
    "pathlen::max-chain-depth-1-exhausted": (Answer(ORDER), OUT_OF_ORDER),
    "pathlen::intermediate-pathlen-too-long": (
        Answer(25, 2),
        "OpenSSL 3.0 gives the depth above the CA whose limit is exceeded, OpenSSL 4 that of the CA itself",
    ),
    "rfc5280::nc::invalid-email-address": (Answer(26, 0), FOR_CLIENTS),
    "rfc5280::nc::nc-permits-email-literal-asterisk-rejects-user": (Answer(26, 0), FOR_CLIENTS),
    "rfc5280::nc::nc-permits-email-literal-asterisk-rejects-subdomain": (
        Answer(26, 0),
        FOR_CLIENTS,
    ),
    "rfc5280::nc::nc-permits-email-literal-double-asterisk-rejects-single": (
        Answer(26, 0),
        FOR_CLIENTS,
    ),
    "rfc5280::validity::notafter-exact": (
        None,
        "the last second: RFC 5280, 4.1.2.5 includes it and so does OpenSSL 4, OpenSSL 3.0 does not",
    ),
    "rfc5280::intermediate-ca-without-ca-bit": (
        Answer(79, 1),
        "it is no CA (79), which OpenSSL 3.0 says as well if it is not asked for a purpose (26)",
    ),
    "webpki::san::wildcard-embedded-leftmost-san": (
        Answer(NAME, 0),
        "ba*.example.com; RFC 6125, 6.4.3 leaves it to the client, and what a gateway does is not documented",
    ),
    "bettertls::nameconstraints::tc817": (Answer(NAME, 0), SAN_ONLY),
    "bettertls::nameconstraints::tc944": (Answer(NAME, 0), SAN_ONLY),
}


@cache
def all_cases() -> tuple[LimboCase, ...]:
    return tuple(cases())


def test_yes_or_no_cause_and_depth_are_openssls() -> None:
    wrong = {
        it.id: (it.openssl, it.found())
        for it in all_cases()
        if it.id not in DIFFERENCES and not _agrees(it.openssl, it.found())
    }
    assert not wrong


def test_the_argued_differences_are_still_the_only_ones() -> None:
    differing = {it.id: it for it in all_cases() if it.id in DIFFERENCES}
    assert set(differing) == set(DIFFERENCES)
    for name, (expected, _) in DIFFERENCES.items():
        assert differing[name].found() == ((expected,) if expected else ()), name
        assert not _agrees(differing[name].openssl, differing[name].found()), name


def test_every_kind_of_answer_is_there() -> None:
    """So that agreement is not had by finding the same everywhere."""
    codes = {it.openssl.code for it in all_cases()}
    assert len(all_cases()) > 600
    assert {0, 2, 7, 19, 20, 25, 26, 34, 47, 48, EXPIRED, NAME} <= codes


def _agrees(openssl: Answer, found: tuple[Answer, ...]) -> bool:
    return openssl in found if openssl.code else not found
