"""Azure's health texts, in the wordings of 2018 to 2025."""

# Azure texts stand here as they are, one a line.
# ruff: noqa: E501

import pytest

from bot.core.health_message import FRAGMENTS, MEANING, MessageClass, classify

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
    ("other", "Something nobody has seen yet."),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), TEXTS)
def test_each_wording_has_its_class(kind: MessageClass, text: str) -> None:
    assert classify(text) == kind
    assert classify(text.upper()) == kind


def test_every_class_has_a_text_here_and_a_meaning() -> None:
    classes = {kind for kind, _ in FRAGMENTS} | {"other"}
    assert {kind for kind, _ in TEXTS} == classes == set(MEANING)


def test_no_message_is_no_class() -> None:
    assert classify(None) == "other"
