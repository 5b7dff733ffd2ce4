"""v2: the backend sends an expired certificate that its chain does not need."""

from collections.abc import Iterator

from bot.core.analysis import commands
from bot.core.analysis.certificate_validity import checked_certificates
from bot.core.case.finding import Evidence, Match
from bot.core.case.rule import Rule, each_backend
from bot.core.case.view import BackendView
from bot.core.model.marked import mark


def check(view: BackendView) -> Iterator[Match]:
    """OpenSSL goes another way to a trusted root, so only a stricter client objects."""
    seen = view.of_probe.handshake
    if seen is None or not seen.chain:
        return
    checked = checked_certificates(view, seen)
    for it in checked.unneeded:
        if not it.valid_at(view.case.now):
            yield Match(
                f"{mark(view.server)} also sends {mark(it.subject)} (issued by {mark(it.issuer)}), which is"
                f" out of"
                " date, but the chain leads to a trusted root without it.",
                (
                    Evidence(
                        f"{mark(it.subject)} is valid from {it.not_before:%Y-%m-%d %H:%M} to"
                        f" {it.not_after:%Y-%m-%d %H:%M} UTC (SHA-256 {it.sha256})",
                        commands.show_chain(view.probe_attempt),
                    ),
                ),
                view.backend,
            )


RULE = Rule(
    id="unneeded_certificate_expired",
    severity="warning",
    symptom="The backend sends an expired certificate that its chain does not need (v2).",
    cause="A cross-signed root was left in the bundle, as with DST Root CA X3 in 2021: clients that trust"
    " the root itself do not look at it, older ones do.",
    remedy="Take the expired certificate out of the bundle on the backend.",
    sources=(
        "https://letsencrypt.org/docs/dst-root-ca-x3-expiration-september-2021/",
        "https://docs.openssl.org/master/man3/X509_VERIFY_PARAM_set_flags/",
    ),
    check=each_backend(check),
)
