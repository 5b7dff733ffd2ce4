"""The messages of backend health, word for word, in the two eras of the documentation.

Texts: https://learn.microsoft.com/troubleshoot/azure/application-gateway/application-gateway-backend-health-troubleshooting
(MicrosoftDocs/SupportArticles-docs, support/azure/application-gateway). The older wording is that
of MicrosoftDocs/azure-docs, articles/application-gateway: the page of the same name in 2020, and
create-gateway-internal-load-balancer-app-service-environment.md in 2018.
"""

from enum import Enum
from typing import Literal

Era = Literal["allow-listed", "whitelisted"]


class Symptom(Enum):
    """Why a probe failed, as far as the gateway says; the value is the (newer, older) wording."""

    TIMEOUT = (
        "Time taken by the backend to respond to application gateway's health probe is more than "
        "the timeout threshold in the probe setting.",
        None,
    )
    DNS = (
        "Application Gateway could not create a probe for this backend. This usually happens when "
        "the FQDN of the backend is not entered correctly.",
        "Application Gateway could not create a probe for this backend. This usually happens when "
        "the FQDN of the backend has not been entered correctly.",
    )
    TCP = (
        "Application Gateway could not connect to the backend. Check that the backend responds on "
        "the port used for the probe. Also check whether any NSG/UDR/Firewall is blocking access "
        "to the Ip and port of this backend.",
        "Application Gateway could not connect to the backend. Please check that the backend "
        "responds on the port used for the probe. Also check whether any NSG/UDR/Firewall is "
        "blocking access to the Ip and port of this backend.",
    )
    STATUS = (
        "Status code of the backend's HTTP response did not match the probe setting. "
        "Expected:{expected} Received:{received}.",
        None,
    )
    BODY = (
        "Body of the backend's HTTP response did not match the probe setting. Received response "
        "body doesn't contain {expected}.",
        "Body of the backend's HTTP response did not match the probe setting. Received response "
        "body does not contain {expected}.",
    )
    NAME_V2 = (
        "The Common Name of the leaf certificate presented by the backend server does not match "
        "the Probe or Backend Setting hostname of the application gateway.",
        "The Common Name (CN) of the backend certificate does not match the host header of the "
        "probe.",
    )
    NAME_V1 = (
        "The Common Name (CN) of the backend certificate doesn't match.",
        "The Common Name (CN) of the backend certificate does not match the host header of the "
        "probe.",
    )
    EXPIRED = (
        'Backend certificate is invalid. Current date isn\'t within the "Valid from" and '
        '"Valid to" date range on the certificate.',
        'Backend certificate is invalid. Current date is not within the "Valid from" and '
        '"Valid to" date range on the certificate.',
    )
    INTERMEDIATE_MISSING = (
        "The Intermediate certificate is missing from the certificate chain presented by the "
        "backend server. Ensure the certificate chain is complete and correctly ordered on the "
        "backend server.",
        None,
    )
    LEAF_MISSING = (
        "The Leaf certificate is missing from the certificate chain presented by the backend "
        "server. Ensure the chain is complete and correctly ordered on the backend server.",
        None,
    )
    LEAF_NOT_FIRST = (
        "The Leaf certificate is not the topmost certificate in the chain presented by the backend "
        "server. Ensure the certificate chain is correctly ordered on the backend server.",
        None,
    )
    UNKNOWN_CA = (
        "The backend Server certificate is not signed by a well-known Certificate Authority (CA). "
        "To use unknown CA certificates, its Root certificate must be uploaded to the Backend "
        "Setting of the application gateway.",
        "The server certificate used by the backend is not signed by a well-known Certificate "
        "Authority (CA). Allow the backend on the Application Gateway by uploading the root "
        "certificate of the server certificate used by the backend.",
    )
    INTERMEDIATE_UNKNOWN_CA = (
        "The Intermediate certificate is not signed by a well-known Certificate Authority (CA). "
        "Ensure the certificate chain is complete and correctly ordered on the backend server.",
        None,
    )
    INTERMEDIATE_NOT_SIGNED_BY_ROOT = (
        "The Intermediate certificate not signed by any Root certificates uploaded to the "
        "application gateway. Ensure the certificate chain is complete and correctly ordered on "
        "the backend server.",
        None,
    )
    ROOT_MISMATCH = (
        "The root certificate of the server certificate used by the backend doesn't match the "
        "trusted root certificate added to the application gateway. Ensure that you add the "
        "correct root certificate to allowlist the backend.",
        "The root certificate of the server certificate used by the backend does not match the "
        "trusted root certificate added to the application gateway. Ensure that you add the "
        "correct root certificate to whitelist the backend.",
    )
    NOT_VERIFIED = (
        "The validity of the backend certificate could not be verified. To find out the reason, "
        "check OpenSSL diagnostics for the message associated with error code {code}",
        None,
    )
    NOT_ALLOW_LISTED = (
        "Backend server certificate isn't allow-listed with Application Gateway.",
        "Backend server certificate is not whitelisted with Application Gateway.",
    )

    def say(self, era: Era, **details: object) -> str:
        """The sentence of this era; `details` fill its blanks."""
        newer, older = self.value
        text: str = older if era == "whitelisted" and older else newer
        return text.format(**details)


# Seen in responses of real v2 gateways, e.g. MicrosoftDocs/azure-docs articles/spring-apps.
SUCCESS = "Success. Received {status} status code"

UNKNOWN = (
    "The backend health status could not be retrieved. This happens when an NSG/UDR/Firewall on "
    "the application gateway subnet is blocking traffic on ports 65503-65534 in case of v1 SKU, "
    "and ports 65200-65535 in case of the v2 SKU or if the FQDN configured in the backend pool "
    "could not be resolved to an IP address. To learn more visit - "
    "https://aka.ms/UnknownBackendHealth."
)
