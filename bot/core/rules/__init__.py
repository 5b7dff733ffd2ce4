"""Every rule, in the order in which a person would rule causes out: the gateway, the way, TLS, HTTP, the rest."""

from bot.core.rule import Rule
from bot.core.rules import (
    backend_name_not_resolved,
    certificate_name_mismatch,
    certificate_not_allow_listed,
    certificate_not_in_date,
    gateway_failed,
    gateway_generation_retired,
    gateway_reports_unhealthy,
    gateway_stopped,
    host_is_ip,
    port_refused,
    port_silent,
    probe_status_unexpected,
    root_not_trusted,
    stored_certificate_expiring,
    tls_handshake_failed,
)

RULES: tuple[Rule, ...] = (
    gateway_stopped.RULE,
    backend_name_not_resolved.RULE,
    port_refused.RULE,
    port_silent.RULE,
    tls_handshake_failed.RULE,
    certificate_not_allow_listed.RULE,
    root_not_trusted.RULE,
    certificate_name_mismatch.RULE,
    certificate_not_in_date.RULE,
    probe_status_unexpected.RULE,
    gateway_reports_unhealthy.RULE,
    host_is_ip.RULE,
    gateway_failed.RULE,
    stored_certificate_expiring.RULE,
    gateway_generation_retired.RULE,
)
