"""Which of the certificates stored on the gateway count: those that HTTP settings of a live route refer to."""

from bot.core.case.case import Case
from bot.core.model.asked_once import asked_once
from bot.core.model.gateway import StoredCertificate


@asked_once
def certificates_in_use(case: Case) -> tuple[StoredCertificate, ...]:
    """Each once: authentication certificates (v1) and trusted roots (v2), by the settings' ids."""
    settings = {backend.settings for backend in case.backends}
    found = {
        stored.id: stored
        for it in sorted(settings, key=lambda each: each.id)
        for stored in (*case.gateway.allow_list(it), *case.gateway.roots(it))
    }
    return tuple(found.values())
