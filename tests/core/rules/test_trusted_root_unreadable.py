from dataclasses import replace
from typing import Any

import pytest

from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.model.certificate import Certificate
from bot.core.model.observation import Outcome, Response, Trust
from bot.core.rules import RULES
from bot.core.rules.trusted_root_unreadable import RULE
from tests.core.asking import left_open, matches, quiet
from tests.core.clients import looked_at
from tests.core.make import NOT_SEEN, ROOT, answered, blind, case, certificate, item, ref
from tests.core.remedies.options.trying import best, carried_out, trials
from tests.core.rules.chains import IN_ROOT, ISSUING, LEAF, LISTED, NOT_IN_ROOT, NOT_VERIFIED, v2

BROKEN = "bm90IG9uZQ=="
MISMATCH = "The root certificate of the server certificate doesn't match the trusted root."
NO_DATA = (
    "Application gateway could not find any certificate-related information in the trusted root certificate. Ensure"
    " the certificate file is not corrupt and re-add."
)


def broken(**root: Any) -> Any:
    base = v2(stored=BROKEN, **LISTED)
    if root:
        base["properties"]["trustedRootCertificates"] = [
            item("trustedRootCertificates", "root", **root)
        ]
    return base


def with_second() -> Any:
    """The settings list a root, and one that cannot be read."""
    listed = [ref("trustedRootCertificates", it) for it in ("root", "broken")]
    base = v2(trustedRootCertificates=listed)
    stored = item("trustedRootCertificates", "broken", data=BROKEN)
    base["properties"]["trustedRootCertificates"].append(stored)
    return base


def serving(*chain: Certificate, message: str | None = MISMATCH, base: Any = None) -> Case:
    sent = answered(*(chain or (LEAF, ISSUING, ROOT)), trust=IN_ROOT)
    return case(base or broken(), sent, message=message)


@pytest.mark.parametrize("message", [MISMATCH, NO_DATA, NOT_VERIFIED.format(20)])
def test_matches_a_root_that_is_none_where_the_gateway_finds_none(message: str) -> None:
    (summary,) = matches(RULE, serving(message=message))
    assert summary.startswith(
        "What https trusts as the root root cannot be read as a certificate (it was not parsed),"
        " and the gateway has no root for 10.1.5.11: "
    )


def test_the_root_that_the_server_sends_is_uploaded() -> None:
    base = broken()
    made = serving()
    assert [it.rule for it in diagnose(made, RULES).errors] == ["trusted_root_unreadable"]
    assert best(made, base) == "upload_root_certificate"
    _, changed = carried_out("upload_root_certificate", made, base)
    assert (
        len(changed["backendHttpSettingsCollection"][0]["properties"]["trustedRootCertificates"])
        == 2
    )


def test_a_root_that_nobody_has_is_asked_for_and_takes_its_place() -> None:
    base = broken()
    sent = answered(LEAF, ISSUING)
    found = trials(case(base, sent, message=MISMATCH), base)
    assert not any(it.works for it in found.values() if it.option.id != "remove_cause")
    steps = found["remove_cause"].steps
    assert any("root-cert update" in it and "-n root " in it for it in steps)


def test_is_quiet_where_the_gateway_is_content_silent_or_says_something_else() -> None:
    sent = answered(LEAF, ISSUING, ROOT, trust=IN_ROOT)
    assert quiet(RULE, case(broken(), sent, state="healthy"))
    assert quiet(RULE, case(broken(), sent, state=None))
    assert quiet(RULE, serving(message=None))
    assert quiet(RULE, serving(message=NOT_VERIFIED.format(10)))
    assert quiet(RULE, case(broken(), sent, state="healthy", message=MISMATCH))


def test_is_quiet_where_another_root_accepts_it_or_the_root_is_in_key_vault() -> None:
    assert quiet(RULE, serving(base=with_second()))
    assert quiet(RULE, serving(base=broken(keyVaultSecretId="https://vault.example/secrets/root")))


def test_only_what_cannot_be_read_is_to_be_replaced() -> None:
    base = with_second()
    made = case(base, answered(LEAF, ISSUING, trust=NOT_IN_ROOT), message=MISMATCH)
    steps = trials(made, base)["remove_cause"].steps
    replaced = [it for it in steps if "root-cert update" in it]
    assert len(replaced) == 1
    assert "-n broken " in replaced[0]


def clients_get(*chain: Certificate) -> Case:
    """The probe has a host of its own; clients get this chain."""
    base = broken()
    base["properties"]["probes"][0]["properties"]["host"] = "probe.example"
    probed = (certificate("probe.example"), ISSUING)

    def page(asked: Any) -> Outcome:
        sent = probed if asked.sni == "probe.example" else chain
        return replace(answered(*sent, trust=IN_ROOT), http=Response(200, None, ""))

    return looked_at(base, page, state="unhealthy", message=MISMATCH)


def test_clients_are_concerned_where_they_get_the_same_chain() -> None:
    probe, clients = diagnose(clients_get(certificate("probe.example"), ISSUING), RULES).errors[:2]
    assert (probe.rule, probe.match.concerns) == ("trusted_root_unreadable", "probe")
    assert clients.match.concerns == "clients"
    made = clients_get(LEAF, ISSUING)
    found = [it for it in diagnose(made, RULES).errors if it.rule == "trusted_root_unreadable"]
    assert [it.match.concerns for it in found] == ["probe"]


@pytest.mark.parametrize("outcome", NOT_SEEN)
def test_a_missing_handshake_or_report_is_left_open(outcome: Outcome) -> None:
    assert "root_not_trusted" in left_open(RULE, blind(broken(), outcome))
    seen = answered(LEAF, ISSUING, trust=(Trust(ROOT.sha256, 0, "ok"),))
    assert "root_not_trusted" in left_open(RULE, blind(broken(), seen))
