"""One place says whose dates count, so rules, options and contradictions cannot go apart over them."""

from dataclasses import replace
from datetime import timedelta

from bot.core.analysis.certificate_validity import checked_certificates
from bot.core.analysis.probe_fault import certificate_at_fault
from bot.core.case.case import Case
from bot.core.case.diagnosis import diagnose
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.observation import Trust
from bot.core.remedies.edit_builder import certificate_text
from bot.core.rules import RULES
from tests.core.make import NOW, ROOT, answered, case, document, handshake, item, ref, v2_settings
from tests.core.rules.chains import ISSUING, LEAF

OLD = replace(ROOT, not_after=NOW - timedelta(days=1), sha256="e" * 64, der=b"old root")
RENEWED = replace(ROOT, sha256="d" * 64, der=b"renewed root")


def trusting(*roots: Certificate) -> Case:
    """A v2 gateway that trusts all of these, and a chain that ends in each."""
    names = [f"root{number}" for number, _ in enumerate(roots)]
    base = document(
        tier="Standard_v2",
        backendHttpSettingsCollection=[
            v2_settings(
                trustedRootCertificates=[ref("trustedRootCertificates", it) for it in names]
            )
        ],
        trustedRootCertificates=[
            item("trustedRootCertificates", name, data=certificate_text(it))
            for name, it in zip(names, roots, strict=True)
        ],
    )
    trust = tuple(Trust(it.sha256, 0, "ok") for it in roots)
    return case(base, answered(LEAF, ISSUING, trust=trust), known=roots, state="healthy")


def test_one_root_in_date_is_enough_for_rules_and_for_whoever_asks_what_is_wrong() -> None:
    both = trusting(OLD, RENEWED)
    view = BackendView(both, both.backends[0])
    assert not certificate_at_fault(view)
    assert "trusted_root_expired" not in {it.rule for it in diagnose(both, RULES).findings}
    alone = trusting(OLD)
    view = BackendView(alone, alone.backends[0])
    assert certificate_at_fault(view)
    assert "trusted_root_expired" in {it.rule for it in diagnose(alone, RULES).findings}


def test_v1_checks_the_first_certificate_only() -> None:
    v1 = case(document(), answered(LEAF, ISSUING))
    checked = checked_certificates(BackendView(v1, v1.backends[0]), handshake(LEAF, OLD))
    assert (checked.own, checked.sent, checked.roots) == (LEAF, (LEAF,), ())
    assert checked.late == ()
    assert checked.late_root is None


def test_v2_checks_nothing_where_it_is_told_not_to() -> None:
    made = case(
        document(
            tier="Standard_v2",
            backendHttpSettingsCollection=[v2_settings(validateCertChainAndExpiry=False)],
        ),
        answered(LEAF),
    )
    checked = checked_certificates(BackendView(made, made.backends[0]), handshake(OLD, LEAF))
    assert (checked.own, checked.sent, checked.late) == (LEAF, (), ())
