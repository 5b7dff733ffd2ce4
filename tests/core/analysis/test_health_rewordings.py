"""Rewordings of every class of health message, generated: each is classified right, and none as another class.

`[a|b]` in a template stands for either; all combinations are tried as they are, and random ones after a series of
what happens to texts on their way (`tests.core.analysis.test_health_message`).
"""

# Texts stand here as they are, one a line.
# ruff: noqa: E501

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.analysis.health_message import MEANING, MessageClass, classify
from tests.core.analysis.test_health_message import DRIFT, TEXTS

_SERVER = "[backend|backend server]"
_LISTED = (
    "[whitelisted|white-listed|white listed|allow-listed|allowlisted|allow listed|safe-listed]"
)
_LIST = "[whitelist|white-list|allow list|allow-list|allowlist]"
_PRESENTED = f"[presented|sent] by the {_SERVER}"
_ORDERED = "[Ensure|Please ensure] [that the|the] [certificate chain|chain] is complete and correctly ordered[ on the backend server|]."
_BLOCKED = "[Check|Please check|Also check] [whether|if] any NSG/UDR/Firewall is blocking access to the [Ip and port|IP and port|server]."
_PORTS = "ports [65503-65534|65200-65535]"

TEMPLATES: tuple[tuple[MessageClass, str], ...] = (
    ("timeout", "[Time|The time] taken by the backend to respond to [application gateway's|the gateway's] [health probe|probe] [is more than|exceeds] the [timeout threshold|time-out] in the probe setting."),
    ("timeout", "[Probe timeout|Probe timed out|The probe has timed out]. Increase [timeout value|the timeout value] and try again."),
    ("dns", "Application Gateway [could not|couldn't|cannot|can't] create a probe for this backend. This usually happens when the FQDN of the backend [has not been|is not|isn't|hasn't been] entered correctly."),
    ("dns", "[Backend server FQDN|The FQDN of the backend] [cannot be|could not be|can't be|couldn't be|can not be] resolved. Check FQDN for correctness."),
    ("dns", "Application Gateway [is unable to|cannot|does not|doesn't] resolve the FQDN of the backend."),
    ("no_connection", f"[Application Gateway|The gateway] [could not|couldn't|cannot|can't|was unable to|is unable to|failed to] connect to [the backend|backend server|server|the backend server]. {_BLOCKED}"),
    ("no_connection", "[Connection|A connection] to the backend [could not|couldn't|cannot] be [established|made]. [Check|Please check] that the backend responds on the port used for the probe."),
    ("no_connection", f"Server [address|port] [cannot|can't|could not] be reached. {_BLOCKED}"),
    ("no_connection", f"{_BLOCKED} Application Gateway [could not|couldn't] connect to the backend."),
    ("status", "[Status code|The status code] of the [backend's HTTP response|HTTP response of the backend] [did not|didn't|does not|doesn't] match the probe setting. Expected:200-399 Received:[401|403|404|502|503]."),
    ("status", "[Received invalid status code: 404|Invalid status code 404 received] in the backend server's HTTP response. As per the health probe configuration, 200-399 is the acceptable status code."),
    ("status", "Probe status code mismatch. [Received status code is different from expected|Expected 200 vs Received 404]."),
    ("body", "[Body|The body] of the [backend's HTTP response|HTTP response of the backend] [did not|didn't|does not|doesn't] match the probe setting. Received response body [does not|doesn't|did not] contain [ok|status code 200|the leaf certificate is missing|whitelisted]."),
    ("body", "Probe response body mismatch. [Received response body does not contain expected value|Expected vs Received]."),
    ("name_mismatch", f"The [Common Name|Common Name (CN)|CN] of the [leaf certificate|certificate] {_PRESENTED} [does not|doesn't|did not] match the Probe or Backend Setting [hostname|host name] of the application gateway."),
    ("name_mismatch", "The [Common Name|Common Name (CN)|CN] of the backend certificate [does not|doesn't] match[| the host header of the probe| the host header entered in the health probe configuration]."),
    ("name_mismatch", "The [hostname|host header] of the probe [does not|doesn't] match the [Common Name (CN)|CN|Subject Alternative Name] of the backend certificate."),
    ("name_mismatch", "Invalid certificate - Invalid [CN|Common Name]."),
    ("not_in_date", '[Backend certificate is invalid.|The backend certificate is not valid.] [Current date|The current date] [is not|isn\'t] within the "Valid from" and "Valid to" date range on the certificate.'),
    ("not_in_date", "The current date is outside the validity [period|range] of the backend certificate."),
    ("not_in_date", "Backend server certificate [expired|has expired|is expired|is not yet valid]. Please upload a valid certificate."),
    ("certificate_invalid", "Backend certificate [has been|was|is] marked [invalid|as invalid]. Either the certificate is not within its validity period, or it has been revoked by the issuing authority, or there is a problem with the certificate chain."),
    ("intermediate_missing", f"The [Intermediate certificate is|Intermediate certificates are] [missing|not found] [from|in] the certificate chain {_PRESENTED}. {_ORDERED}"),
    ("intermediate_missing", f"The certificate chain {_PRESENTED} [lacks|is missing] the intermediate certificate. {_ORDERED}"),
    ("intermediate_missing", f"The {_SERVER} is presenting an incomplete certificate chain, including only [the leaf|its leaf] certificate. [Ensure|Please ensure] that the certificate chain is fully configured with all necessary certificates in the correct order."),
    ("leaf_missing", f"The Leaf certificate is [missing|not found] [from|in] the certificate chain {_PRESENTED}. {_ORDERED}"),
    ("leaf_missing", f"The certificate chain {_PRESENTED} [lacks|is missing] the leaf certificate. {_ORDERED}"),
    ("leaf_not_first", f"The Leaf certificate [is not|isn't] the [topmost|first|top-most] certificate in the chain {_PRESENTED}. {_ORDERED}"),
    ("root_unknown", f"[The|This] [backend Server|server|Intermediate] certificate[| used by the backend] [is not|isn't|has not been|hasn't been] signed by a [well-known|well known|publicly known] Certificate Authority (CA). {_ORDERED}"),
    ("root_unknown", "The server certificate used by the backend [is not|isn't] signed by a [well-known|well known] Certificate Authority (CA). [Allow|Whitelist|Allowlist] the backend on the Application Gateway by uploading the root certificate of the server certificate used by the backend."),
    ("root_unknown", "The backend Server certificate [is not|isn't] signed by a well-known CA. To use unknown CA certificates, its Root certificate must be uploaded to the Backend Setting."),
    ("root_unknown", "Invalid certificate - Invalid [CA|Certificate Authority]."),
    ("root_mismatch", f"The Intermediate certificate [not|is not|isn't] signed by any [Root|of the Root|trusted root] certificates uploaded to the application gateway. {_ORDERED}"),
    ("root_mismatch", "The root certificate of the server certificate used by the backend [does not|doesn't|did not] match the trusted root certificate added to the application gateway. Ensure that you add the correct root certificate to [whitelist|allowlist|allow-list|white-list] the backend."),
    ("root_mismatch", "The trusted root certificate added to the application gateway [does not|doesn't] match the root certificate of the server certificate used by the backend."),
    ("root_unreadable", "[Application gateway|The gateway] [could not|couldn't|cannot] find any certificate-related information in the trusted root certificate. Ensure the certificate file is not corrupt and re-add."),
    ("verify_failed", "The validity of the backend certificate [could not|couldn't|cannot|can't] be verified. To find out the reason, check [OpenSSL|Open SSL] diagnostics for the message associated with error code [10|18|19|20|21]"),
    ("verify_failed", "Application Gateway [is unable to|could not|cannot] verify the validity of the backend certificate. Error code 21"),
    ("not_allow_listed", f"[Backend server certificate|The backend server certificate|The certificate of the backend server] [is not|isn't] {_LISTED} [with|on|by] [Application Gateway|the Application Gateway].[| Make sure that the certificate uploaded to Application Gateway matches with the certificate configured in your backend server.]"),
    ("not_allow_listed", f"Backend server certificate [is not|isn't] [in|on] the {_LIST} of Application Gateway."),
    ("https_failed", f"HTTPS probe connection error. Check if backend server certificate is {_LISTED}. Check for backend certificate validity."),
    ("timeout", "[The backend|The backend server] took [longer|more time] to [answer|respond] than the [timeout|time-out] of the probe allows."),
    ("timeout", "The backend server [did not|didn't] [answer|respond] in time."),
    ("status", "The backend [answered|responded] with [HTTP 503|status 404|503], but the probe [accepts only|expects] 200-399."),
    ("https_failed", "The [TLS|SSL] handshake with the [backend|backend server] [failed|has failed|fails]."),
    ("dns", "The [name|host name] of the backend server [cannot|can't|could not] be resolved; check the DNS [configuration|settings] of the virtual network."),
    ("dns", "[Unable to|Failed to] resolve the [FQDN|host name] of the backend."),
    ("no_connection", "[Cannot|Could not|Unable to|Failed to] [establish|open] a [TCP connection|connection] with the backend server on [the given port|port 443]."),
    ("no_connection", "[Connection|The connection] [to|with] the backend on port 8443 was refused."),
    ("name_mismatch", "The [hostname|host name] of the probe [is not|isn't] [among|one of] the names of the certificate."),
    ("root_unknown", "[The certificate|The server certificate] of the backend is [signed|issued] by an [unknown|untrusted] [authority|CA]."),
    ("root_unknown", "The backend server's certificate was issued by [an authority|a CA] [unknown to|not known to|not trusted by] the gateway."),
    ("root_unknown", "The backend uses a [self-signed|self signed] certificate that [is not|isn't] trusted by the gateway."),
    ("proxy_protocol", "[Verify|Check|Please verify] that the backend server is set up to accept the [Proxy protocol|PROXY protocol] header sent by the probes."),
    ("not_retrieved", f"The backend health status [could not|couldn't|cannot|can't] be [retrieved|fetched]. This happens when an NSG/UDR/Firewall on the application gateway subnet is blocking traffic on {_PORTS} or if the FQDN configured in the backend pool [could not|couldn't] be resolved to an IP address."),
    ("not_retrieved", f"[Unable to|Could not|Cannot|Failed to] retrieve [health status data|the health status|backend health data]. Check presence of NSG/UDR blocking access to {_PORTS} from Internet to Application Gateway."),
    ("not_retrieved", f"[Application Gateway|The Application Gateway] [not reachable|is not reachable|isn't reachable|is unreachable|cannot be reached|could not be reached]. Check whether any NSG/UDR/Firewall blocking access to {_PORTS} on Application Gateway."),
)  # fmt: skip

_CHOICE = re.compile(r"\[([^\[\]]*)\]")


def wordings(template: str) -> Iterator[str]:
    """Every way to read a template."""
    choice = _CHOICE.search(template)
    if choice is None:
        yield template
        return
    for word in choice[1].split("|"):
        yield from wordings(template[: choice.start()] + word + template[choice.end() :])


@pytest.mark.unmeasured
@pytest.mark.parametrize(("kind", "template"), TEMPLATES)
def test_every_rewording_has_its_class_and_no_other(kind: MessageClass, template: str) -> None:
    wrong = {text: got for text in wordings(template) if (got := classify(text)) != kind}
    assert not wrong


def test_every_class_is_reworded() -> None:
    assert {kind for kind, _ in TEMPLATES} | {"other"} == set(MEANING)
    assert sum(1 for _, template in TEMPLATES for _ in wordings(template)) > 2_000


@st.composite
def reworded(draw: st.DrawFn) -> tuple[MessageClass, str]:
    kind, text = draw(st.sampled_from(TEMPLATES + tuple(TEXTS)))
    while choice := _CHOICE.search(text):
        word = draw(st.sampled_from(choice[1].split("|")))
        text = text[: choice.start()] + word + text[choice.end() :]
    return kind, text


@given(reworded(), st.lists(st.sampled_from(sorted(DRIFT)), max_size=4, unique=True))
def test_no_series_of_changes_on_the_way_makes_it_another_class(
    said: tuple[MessageClass, str], drifts: list[str]
) -> None:
    kind, text = said
    # Stars inside a tag would make it no tag.
    for drift in sorted(drifts, key=lambda it: it != "bold"):
        text = DRIFT[drift](text)
    assert classify(text) == kind
