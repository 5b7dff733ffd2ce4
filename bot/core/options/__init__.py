"""Every option, in the order in which it is recommended: the smallest change that needs no new trust first."""

from bot.core.option import Option
from bot.core.options import (
    clear_use_for_app_service,
    correct_port,
    correct_probe_match,
    correct_probe_path,
    fqdn_in_pool,
    let_large_hello_through,
    migrate_to_v2,
    open_network_path,
    raise_probe_timeout,
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
    raise_probe_timeout.OPTION,
    replace_expired_certificate.OPTION,
    upload_ilb_certificate.OPTION,
    upload_root_certificate.OPTION,
    fqdn_in_pool.OPTION,
    correct_probe_match.OPTION,
    start_gateway.OPTION,
    correct_port.OPTION,
    send_to_other_pool.OPTION,
    let_large_hello_through.OPTION,
    open_network_path.OPTION,
    replace_backend_certificate.OPTION,
    wildcard_certificate.OPTION,
    migrate_to_v2.OPTION,
)
