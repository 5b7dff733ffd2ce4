"""Every option, in the order in which it is recommended: the smallest change that needs no new trust first."""

from bot.core.option import Option
from bot.core.options import (
    clear_use_for_app_service,
    fqdn_in_pool,
    migrate_to_v2,
    set_host_name,
    set_sni_name,
    upload_ilb_certificate,
    upload_root_certificate,
    wildcard_certificate,
)

OPTIONS: tuple[Option, ...] = (
    clear_use_for_app_service.OPTION,
    set_host_name.OPTION,
    upload_ilb_certificate.OPTION,
    upload_root_certificate.OPTION,
    set_sni_name.OPTION,
    fqdn_in_pool.OPTION,
    wildcard_certificate.OPTION,
    migrate_to_v2.OPTION,
)
