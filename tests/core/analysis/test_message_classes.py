"""Each documented message about TLS: our own look names the same fault; where we cannot look, the message speaks.

Texts: learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting,
its older copies in MicrosoftDocs/azure-docs, and create-gateway-internal-load-balancer-app-service-environment.
"""

from datetime import timedelta
from typing import Any

import pytest

from bot.core.analysis.contradiction import ANSWER, CERTIFICATE
from bot.core.analysis.health_message import MEANING, MessageClass, classify
from bot.core.analysis.reported_health import REACH, UNTELLING
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.observation import NotConnected, NotTried, Outcome, Trust
from bot.core.rules import RULES
from tests.core.make import (
    APP,
    HOST,
    ILB,
    NOT_SEEN,
    NOW,
    SERVER,
    answered,
    case,
    certificate,
    document,
)
from tests.core.rules.chains import (
    IN_ROOT,
    ISSUING,
    LEAF,
    LISTED,
    NOT_IN_ROOT,
    OTHER_ROOT,
    SELF_SIGNED,
    empty_v2,
    v2,
)
from tests.core.rules.handshakes import HUNG_UP, OLD_VERSION

OLD = certificate(HOST, not_after=NOW - timedelta(days=1))
IN_OTHER = (*NOT_IN_ROOT, Trust(OTHER_ROOT.sha256, 0, "ok"))
BY_OTHER = certificate(HOST, issuer=OTHER_ROOT.subject)

NOT_LISTED = "Backend server certificate is not whitelisted with Application Gateway."
NAME_V1 = "The Common Name (CN) of the backend certificate doesn't match."
NAME_V2 = (
    "The Common Name of the leaf certificate presented by the backend server does not match the Probe"
    " or Backend Setting hostname of the application gateway."
)
EXPIRED = (
    'Backend certificate is invalid. Current date is not within the "Valid from" and "Valid to" date'
    " range on the certificate."
)
NO_INTERMEDIATE = (
    "The **Intermediate certificate is missing** from the certificate chain presented by the backend"
    " server. Ensure the certificate chain is complete and correctly ordered on the backend server."
)
NO_LEAF = (
    "The Leaf certificate is missing from the certificate chain presented by the backend server."
)
LEAF_LATER = "The Leaf certificate is not the topmost certificate in the chain presented by the backend server."
UNKNOWN_CA = (
    "The backend Server certificate is not signed by a well-known Certificate Authority (CA). To use"
    " unknown CA certificates, its Root certificate must be uploaded to the Backend Setting."
)
UNKNOWN_INTERMEDIATE = (
    "The Intermediate certificate is not signed by a well-known Certificate Authority (CA)."
)
NO_ROOT_SIGNED = (
    "The Intermediate certificate not signed by any Root certificates uploaded to the application"
    " gateway. Ensure the certificate chain is complete and correctly ordered on the backend server."
)
OTHER = (
    "The root certificate of the server certificate used by the backend doesn't match the trusted root"
    " certificate added to the application gateway."
)
VERIFY = (
    "The validity of the backend certificate could not be verified. To find out the reason, check"
    " OpenSSL diagnostics for the message associated with error code 20"
)

SAME: list[tuple[str, Any, Outcome, str]] = [
    (NOT_LISTED, None, answered(ILB), "certificate_not_allow_listed"),
    (
        NAME_V1,
        document(servers=("other.example",)),
        answered(certificate(HOST)),
        "certificate_name_mismatch",
    ),
    (NAME_V2, empty_v2(), answered(ILB, public=0), "certificate_name_mismatch"),
    (EXPIRED, empty_v2(), answered(OLD, public=0), "certificate_not_in_date"),
    (NO_INTERMEDIATE, v2(**LISTED), answered(LEAF, trust=NOT_IN_ROOT), "intermediate_missing"),
    (NO_INTERMEDIATE, empty_v2(), answered(SELF_SIGNED), "self_signed_not_ca"),
    (NO_LEAF, v2(**LISTED), answered(ISSUING, trust=IN_ROOT), "leaf_missing"),
    (LEAF_LATER, v2(**LISTED), answered(ISSUING, LEAF, trust=IN_ROOT), "leaf_not_first"),
    (UNKNOWN_CA, empty_v2(), answered(BY_OTHER, OTHER_ROOT, trust=IN_OTHER), "root_not_trusted"),
    (UNKNOWN_INTERMEDIATE, empty_v2(), answered(LEAF, ISSUING), "root_not_trusted"),
    (
        NO_ROOT_SIGNED,
        v2(**LISTED),
        answered(LEAF, ISSUING, trust=NOT_IN_ROOT),
        "root_not_trusted",
    ),
    (OTHER, v2(**LISTED), answered(BY_OTHER, OTHER_ROOT, trust=IN_OTHER), "root_not_trusted"),
    (VERIFY, v2(**LISTED), answered(LEAF, ISSUING, trust=NOT_IN_ROOT), "root_not_trusted"),
]


def found(made: Case) -> list[str]:
    """What is found about backends; the notes about the gateway itself do not matter here."""
    return [it.rule for it in diagnose(made, RULES).findings if it.match.backend is not None]


@pytest.mark.parametrize(("message", "base", "outcome", "rule"), SAME)
def test_our_own_look_names_the_fault_and_nothing_speaks_against_the_message(
    message: str, base: Any, outcome: Outcome, rule: str
) -> None:
    assert found(case(base, outcome, message=message)) == [rule]


@pytest.mark.parametrize(("message", "base", "outcome", "rule"), SAME)
def test_the_message_speaks_where_we_cannot_look(
    message: str, base: Any, outcome: Outcome, rule: str
) -> None:
    assert found(case(base, NotTried("outside"), message=message)) == ["gateway_reports_unhealthy"]


SAID: dict[MessageClass, str] = {
    "not_allow_listed": NOT_LISTED,
    "name_mismatch": NAME_V2,
    "not_in_date": EXPIRED,
    "intermediate_missing": NO_INTERMEDIATE,
    "leaf_missing": NO_LEAF,
    "leaf_not_first": LEAF_LATER,
    "root_unknown": UNKNOWN_CA,
    "root_mismatch": OTHER,
    "verify_failed": VERIFY,
    "status": "Status code of the backend's HTTP response did not match the probe setting.",
    "body": "Body of the backend's HTTP response did not match the probe setting.",
    "timeout": "Time taken by the backend to respond to application gateway's health probe is more than",
    "no_connection": "Application Gateway could not connect to the backend.",
    "dns": "Application Gateway could not create a probe for this backend.",
    "proxy_protocol": "Verify that the backend server is set up to accept the Proxy protocol header",
    "not_retrieved": "The backend health status could not be retrieved.",
    "certificate_invalid": "Backend certificate has been marked invalid.",
    "root_unreadable": "Could not find any certificate-related information in the trusted root certificate.",
    "https_failed": "HTTPS probe connection error.",
    "other": "New words of the gateway.",
}
WELL = {
    "v1": (document(), answered(APP)),
    "v2": (v2(**LISTED), answered(LEAF, ISSUING, trust=IN_ROOT)),
}
FAILING: dict[str, Outcome] = {
    "another certificate": answered(ILB, trust=NOT_IN_ROOT),
    "no handshake": HUNG_UP,
    "no version in common": OLD_VERSION,
}
FURTHER: dict[str, frozenset[MessageClass]] = {
    "another certificate": ANSWER,
    "no handshake": (CERTIFICATE | ANSWER) - {"not_in_date"},
    "no version in common": (CERTIFICATE | ANSWER) - {"not_in_date"},
}
generations = pytest.mark.parametrize("generation", WELL)
classes = pytest.mark.parametrize("says", SAID)


def speaking(made: Case, message: str) -> set[str]:
    """The rules that tell what the gateway says, whether as evidence or as a reason for staying undecided."""
    diagnosis = diagnose(made, RULES)
    assert diagnosis.verdict != "healthy"
    seen = {
        it.rule for it in diagnosis.findings for told in it.match.evidence if message in told.text
    }
    return seen | {it.rule for it in diagnosis.undecided if message in it.undecided.because}


def test_every_class_of_message_is_here() -> None:
    assert set(SAID) == set(MEANING)
    assert all(classify(text) == kind for kind, text in SAID.items())


@classes
@generations
def test_the_gateways_word_is_told_where_we_see_nothing_wrong(
    generation: str, says: MessageClass
) -> None:
    base, well = WELL[generation]
    assert speaking(case(base, well, message=SAID[says]), SAID[says])


@classes
@generations
@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_the_gateways_word_is_told_where_we_saw_nothing(
    outcome: Outcome, generation: str, says: MessageClass
) -> None:
    assert speaking(case(WELL[generation][0], outcome, message=SAID[says]), SAID[says])


@classes
@generations
@pytest.mark.parametrize("fails", FAILING)
def test_a_message_that_proves_a_longer_way_than_ours_is_told_as_a_disagreement(
    fails: str, generation: str, says: MessageClass
) -> None:
    made = case(WELL[generation][0], FAILING[fails], message=SAID[says])
    disagrees = "gateway_disagrees" in speaking(made, SAID[says])
    further = says in FURTHER[fails] or (says == "not_in_date" and fails == "another certificate")
    assert disagrees == further


@classes
@generations
def test_a_refused_port_is_no_fault_where_the_message_proves_that_it_is_open(
    generation: str, says: MessageClass
) -> None:
    refused = NotConnected("refused", SERVER, "connection refused")
    diagnosis = diagnose(case(WELL[generation][0], refused, message=SAID[says]), RULES)
    accused = "port_refused" in {it.rule for it in diagnosis.errors}
    doubted = "port_refused" in {it.rule for it in diagnosis.undecided}
    assert (accused, doubted) == (
        says in REACH | UNTELLING | {"not_retrieved"},
        says in CERTIFICATE | ANSWER | {"proxy_protocol"},
    )
