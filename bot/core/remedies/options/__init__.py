"""The options, one remedy per file, in order of recommendation: the smallest change that needs no new trust first.

In: a `Case`, one of its backends and what the rules found. Out: a proposal of edits or steps, or why the option does
not apply. Whether it would help is decided by `bot.core.remedies.what_if`.
"""

from bot.core.remedies.option import Option
from bot.core.remedies.options import (
    admit_gateway,
    clear_path_override,
    clear_use_for_app_service,
    complete_chain,
    correct_dns,
    correct_dns_record,
    correct_port,
    correct_probe_match,
    correct_probe_path,
    fqdn_in_pool,
    let_large_hello_through,
    migrate_to_v2,
    open_network_path,
    raise_probe_timeout,
    raise_request_timeout,
    renew_certificate,
    reorder_rules,
    replace_backend_certificate,
    replace_expired_certificate,
    send_to_other_pool,
    set_host_name,
    set_sni_name,
    start_gateway,
    upload_ilb_certificate,
    upload_root_certificate,
    wildcard_certificate,
)

OPTIONS: tuple[Option, ...] = (
    clear_use_for_app_service.OPTION,
    set_sni_name.OPTION,
    set_host_name.OPTION,
    correct_probe_path.OPTION,
    clear_path_override.OPTION,
    raise_probe_timeout.OPTION,
    raise_request_timeout.OPTION,
    replace_expired_certificate.OPTION,
    upload_ilb_certificate.OPTION,
    upload_root_certificate.OPTION,
    fqdn_in_pool.OPTION,
    reorder_rules.OPTION,
    correct_probe_match.OPTION,
    start_gateway.OPTION,
    correct_port.OPTION,
    send_to_other_pool.OPTION,
    correct_dns_record.OPTION,
    let_large_hello_through.OPTION,
    correct_dns.OPTION,
    open_network_path.OPTION,
    admit_gateway.OPTION,
    renew_certificate.OPTION,
    complete_chain.OPTION,
    replace_backend_certificate.OPTION,
    wildcard_certificate.OPTION,
    migrate_to_v2.OPTION,
)
