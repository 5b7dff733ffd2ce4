"""Azure's health texts, in the wordings of 2018 to 2025."""

# Azure texts stand here as they are, one a line.
# ruff: noqa: E501

from collections.abc import Callable

import pytest

from bot.core.analysis.health_message import (
    FRAGMENTS,
    MEANING,
    MessageClass,
    classify,
    received_status,
)

TEXTS: list[tuple[MessageClass, str]] = [
    ("not_allow_listed", "Backend server certificate isn't allow-listed with Application Gateway."),
    ("not_allow_listed", "Backend server certificate is not whitelisted with Application Gateway."),
    ("not_allow_listed", "Backend server certificate is not  allowlisted with\nApplication Gateway."),
    ("name_mismatch", "The Common Name of the leaf certificate presented by the backend server does not match the Probe or Backend Setting hostname of the application gateway."),
    ("name_mismatch", "The Common Name (CN) of the backend certificate doesn\u2019t match."),
    ("name_mismatch", "The Common Name (CN) of the backend certificate does not match the host header of the probe."),
    ("not_in_date", 'Backend certificate is invalid. Current date isn\'t within the "Valid from" and "Valid to" date range on the certificate.'),
    ("intermediate_missing", "The **Intermediate certificate is missing** from the certificate chain presented by the backend server."),
    ("leaf_missing", "The Leaf certificate is missing from the certificate chain presented by the backend server."),
    ("leaf_not_first", "The Leaf certificate is not the topmost certificate in the chain presented by the backend server."),
    ("root_unknown", "The backend Server certificate is not signed by a well-known Certificate Authority (CA)."),
    ("root_unknown", "The Intermediate certificate is not signed by a well-known Certificate Authority (CA)."),
    ("root_unknown", "Invalid CA"),
    ("root_mismatch", "The Intermediate certificate not signed by any Root certificates uploaded to the application gateway."),
    ("root_mismatch", "The root certificate of the server certificate used by the backend doesn't match the trusted root certificate added to the application gateway."),
    ("verify_failed", "The validity of the backend certificate could not be verified. To find out the reason, check OpenSSL diagnostics for the message associated with error code 20"),
    ("status", "Status code of the backend's HTTP response did not match the probe setting. Expected:200-399 Received:404."),
    ("body", "Body of the backend's HTTP response did not match the probe setting. Received response body doesn't contain ok."),
    ("timeout", "Time taken by the backend to respond to application gateway's health probe is more than the timeout threshold in the probe setting."),
    ("dns", "Application Gateway could not create a probe for this backend. This usually happens when the FQDN of the backend is not entered correctly."),
    ("no_connection", "Application Gateway could not connect to the backend. Please check that the backend responds on the port used for the probe."),
    ("no_connection", "Cannot connect to server. Check whether any NSG/UDR/Firewall is blocking access to server."),
    ("proxy_protocol", "Verify that the backend server is set up to accept the Proxy protocol header sent by the probes."),
    ("not_retrieved", "The backend health status could not be retrieved. This happens when an NSG/UDR/Firewall on the application gateway subnet is blocking traffic"),
    ("root_unknown", "The server certificate used by the backend is not signed by a well-known Certificate Authority (CA). Allow the backend on the Application Gateway by uploading the root certificate of the server certificate used by the backend."),
    ("root_unknown", "The backend Server certificate is not signed by a well-known Certificate Authority (CA). To use unknown CA certificates, its Root certificate must be uploaded to the Backend Setting of the application gateway."),
    ("root_mismatch", "The root certificate of the server certificate used by the backend does not match the trusted root certificate added to the application gateway. Ensure that you add the correct root certificate to whitelist the backend."),
    ("body", "Body of the backend's HTTP response did not match the probe setting. Received response body does not contain ok."),
    ("dns", "Application Gateway could not create a probe for this backend. This usually happens when the FQDN of the backend has not been entered correctly."),
    ("no_connection", "Application Gateway could not connect to the backend. Check that the backend responds on the port used for the probe. Also check whether any NSG/UDR/Firewall is blocking access to the Ip and port of this backend."),
    ("no_connection", "Cannot connect to backend server. Check whether any NSG/UDR/Firewall is blocking access to the server. Check if application is running on correct port. To learn more visit - https://aka.ms/servernotreachable."),
    ("no_connection", "Server address cannot be reached. Check whether any NSG/UDR/Firewall is blocking access to server address."),
    ("no_connection", "Server port cannot be reached. Check whether any NSG/UDR/Firewall is blocking access to server port."),
    ("dns", "Backend server FQDN cannot be resolved. Check FQDN for correctness. If custom DNS server is used within VNET check if DNS is able to resolve FQDN."),
    ("timeout", "Probe timeout. Increase timeout value and try again."),
    ("status", "Probe status code mismatch. Received status code is different from expected."),
    ("status", "Received invalid status code: 403 in the backend server's HTTP response. As per the health probe configuration, 200-399 is the acceptable status code."),
    ("body", "Probe response body mismatch. Received response body does not contain expected value."),
    ("root_unknown", "Invalid certificate - Invalid CA."),
    ("name_mismatch", "Invalid certificate - Invalid CN."),
    ("https_failed", "HTTPS probe connection error. Check if backend server certificate is whitelisted. Check for backend certificate validity."),
    ("not_retrieved", "Unable to retrieve health status data. Check presence of NSG/UDR blocking access to ports 65503-65534 from Internet to Application Gateway."),
    ("not_retrieved", "Application Gateway not reachable. Check whether any NSG/UDR/Firewall blocking access to ports 65503-65534 on Application Gateway."),
    ("root_unreadable", "Application gateway could not find any certificate-related information in the trusted root certificate. Ensure the certificate file is not corrupt and re-add."),
    ("not_in_date", "Backend server certificate expired. Please upload a valid certificate."),
    ("intermediate_missing", "The backend server is presenting an incomplete certificate chain, including only the leaf certificate. Please ensure that the certificate chain is fully configured with all necessary certificates in the correct order."),
    ("leaf_missing", "The leaf certificate is missing from the certificate chain presented by the backend server. Please ensure that the certificate chain is complete and correctly ordered."),
    ("certificate_invalid", "Backend certificate has been marked invalid. Either the certificate is not within its validity period, or it has been revoked by the issuing authority, or there is a problem with the certificate chain."),
    ("not_allow_listed", "Backend server certificate is not whitelisted with Application Gateway. Make sure that the certificate uploaded to Application Gateway matches with the certificate configured in your backend server. To learn more visit - https://aka.ms/authcertificatemismatch"),
    ("other", "Something nobody has seen yet."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), TEXTS)
def test_each_wording_has_its_class(kind: MessageClass, text: str) -> None:
    assert classify(text) == kind
    assert classify(text.upper()) == kind


def bold(text: str) -> str:
    """Every second word in bold, as documentation and portals have it."""
    words = text.split()
    return " ".join(f"**{it}**" if number % 2 else it for number, it in enumerate(words))


DRIFT: dict[str, Callable[[str], str]] = {
    "lower case": str.lower,
    "no full stop": lambda it: it.rstrip("."),
    "another sentence behind it": lambda it: f"{it} To learn more visit https://aka.ms/agw.",
    "another sentence before it": lambda it: f"Error: ApplicationGatewayProbe. {it}",
    "doubled blanks": lambda it: it.replace(" ", "  "),
    "no-break blanks": lambda it: it.replace(" ", "\u00a0"),
    "line breaks": lambda it: it.replace(" ", "\r\n"),
    "HTML line breaks": lambda it: it.replace(" ", "<br />"),
    "bold": bold,
    "HTML bold": lambda it: f"The <b>{it}</b> <STRONG>",
    "curly apostrophe": lambda it: it.replace("'", "\u2019"),
    "opening apostrophe": lambda it: it.replace("'", "\u2018"),
    "modifier apostrophe": lambda it: it.replace("'", "\u02bc"),
    "accent": lambda it: it.replace("'", "\u00b4"),
    "number entity": lambda it: it.replace("'", "&#39;"),
    "hexadecimal entity": lambda it: it.replace("'", "&#x27;").replace('"', "&quot;"),
    "named entity": lambda it: it.replace("'", "&rsquo;").replace(" ", "&nbsp;"),
    "spelled out": lambda it: it.replace("isn't", "is not").replace("doesn't", "does not"),
    "contracted": lambda it: it.replace("is not", "isn't").replace("does not", "doesn't"),
    "no-break hyphen": lambda it: it.replace("-listed", "\u2011listed").replace(
        "-known", "\u2011known"
    ),
    "no hyphen": lambda it: it.replace("-listed", "listed").replace("-known", " known"),
}


@pytest.mark.unmeasured
@pytest.mark.parametrize("drift", DRIFT)
@pytest.mark.parametrize(("kind", "text"), TEXTS)
def test_drift_does_not_change_the_class(kind: MessageClass, text: str, drift: str) -> None:
    assert classify(DRIFT[drift](text)) == kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "No results.",
        "Backend pool [app] has no healthy servers that can handle the request",
    ],
)
def test_what_the_portal_says_of_no_backend_is_no_fault_of_one(text: str) -> None:
    assert classify(text) == "other"


def test_every_class_has_a_text_here_and_a_meaning() -> None:
    classes = {kind for kind, _ in FRAGMENTS} | {"other"}
    assert {kind for kind, _ in TEXTS} == classes == set(MEANING)


def test_no_message_is_no_class() -> None:
    assert classify(None) == "other"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Status code of the backend's HTTP response did not match. Expected:200-399 Received:403.", 403),
        ("Status code mismatch. Expected: 200 Received: 503", 503),
        ("Received invalid status code: 404 in the backend server's HTTP response. 200-399 is acceptable.", 404),
        ("Probe status code mismatch. Received status code is different from expected.", None),
        ("Body of the backend's HTTP response did not match. Received 403.", None),
        (None, None),
    ],
)  # fmt: skip
def test_the_status_that_the_gateway_received_is_read(text: str | None, status: int | None) -> None:
    assert received_status(text) == status
