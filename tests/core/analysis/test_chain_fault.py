"""Each fault of a chain has exactly one name, and exactly one rule says it."""

from dataclasses import replace
from typing import Any

import pytest

from bot.core.analysis.chain_fault import ChainFault, ChainFaultKind, chain_fault
from bot.core.case.finding import Match
from bot.core.case.view import BackendView
from bot.core.model.certificate import Certificate
from bot.core.model.marked import plain
from bot.core.model.observation import Trust
from bot.core.rules import RULES
from tests.core.make import APP, HOST, ILB, ROOT, answered, case, certificate, document
from tests.core.rules.chains import (
    CA_AS_SERVER,
    IN_ROOT,
    ISSUING,
    LEAF,
    LISTED,
    LONELY,
    NOT_IN_ROOT,
    OTHER_ROOT,
    SELF_SIGNED,
    authority,
    empty_v2,
    v2,
)

SAID_BY: dict[ChainFaultKind, str] = {
    "self_signed_not_ca": "self_signed_not_ca",
    "leaf_not_first": "leaf_not_first",
    "leaf_missing": "leaf_missing",
    "intermediate_missing": "intermediate_missing",
    "out_of_order": "chain_out_of_order",
    "root_not_trusted": "root_not_trusted",
}

TOP = authority("top CA")
LOWER = authority("issuing CA", issuer=TOP.subject)


@pytest.mark.parametrize(
    ("base", "chain", "trust", "kind"),
    [
        (v2(), (SELF_SIGNED,), (Trust(SELF_SIGNED.sha256, 0, "ok"),), "self_signed_not_ca"),
        (v2(**LISTED), (SELF_SIGNED,), IN_ROOT, "self_signed_not_ca"),
        (v2(**LISTED), (ISSUING, LEAF), IN_ROOT, "leaf_not_first"),
        (v2(**LISTED), (ISSUING, LEAF), NOT_IN_ROOT, "leaf_not_first"),
        (v2(**LISTED), (ILB, LEAF, ISSUING), IN_ROOT, "leaf_not_first"),
        (v2(**LISTED), (ISSUING,), IN_ROOT, "leaf_missing"),
        (v2(**LISTED), (ISSUING, ROOT), IN_ROOT, "leaf_missing"),
        (v2(**LISTED), (LEAF,), NOT_IN_ROOT, "intermediate_missing"),
        (empty_v2(), (LONELY,), (), "intermediate_missing"),
        (empty_v2(), (LONELY, ISSUING), (), "intermediate_missing"),
        (v2(**LISTED), (LEAF, ROOT, ISSUING), IN_ROOT, "out_of_order"),
        (v2(**LISTED), (LEAF, TOP, LOWER), IN_ROOT, "out_of_order"),
        (v2(), (APP, ROOT), IN_ROOT, "root_not_trusted"),
        (v2(), (APP,), NOT_IN_ROOT, "root_not_trusted"),
        (empty_v2(), (LEAF, ISSUING), (), "root_not_trusted"),
        (v2(**LISTED), (LEAF, ISSUING), NOT_IN_ROOT, "root_not_trusted"),
        (
            v2(**LISTED),
            (LONELY, OTHER_ROOT),
            (*NOT_IN_ROOT, Trust(OTHER_ROOT.sha256, 0, "ok")),
            "root_not_trusted",
        ),
        (v2(), (CA_AS_SERVER,), (Trust(CA_AS_SERVER.sha256, 0, "ok"),), "root_not_trusted"),
    ],
)
def test_every_fault_has_one_kind_and_one_rule(
    base: Any, chain: tuple[Certificate, ...], trust: tuple[Trust, ...], kind: ChainFaultKind
) -> None:
    made = case(base, answered(*chain, trust=trust))
    fault = chain_fault(BackendView(made, made.backends[0]))
    assert isinstance(fault, ChainFault)
    assert fault.kind == kind
    assert (fault.says == "") == (fault.cause is None)
    assert (fault.cause is None) == (kind not in ("root_not_trusted", "intermediate_missing"))
    said = [rule.id for rule in RULES for it in rule.check(made) if isinstance(it, Match)]
    assert [it for it in said if it in SAID_BY.values()] == [SAID_BY[kind]]
    if kind in ("leaf_not_first", "leaf_missing"):
        assert "certificate_name_mismatch" not in said


@pytest.mark.parametrize(
    ("base", "chain", "public"),
    [
        (v2(**LISTED), (LEAF, ISSUING), 20),
        (v2(**LISTED), (LEAF, ISSUING, ROOT), 20),
        (v2(**LISTED), (LEAF, ISSUING, certificate("stray.example")), 20),
        (v2(**LISTED), (CA_AS_SERVER,), 20),
        (v2(**LISTED), (replace(CA_AS_SERVER, dns_names=(HOST,), has_san=True), ROOT), 20),
        (empty_v2(), (LEAF, ISSUING), 0),
        (v2(**LISTED, validateCertChainAndExpiry=False), (SELF_SIGNED,), 20),
        (document(), (SELF_SIGNED,), 20),
        (v2(**LISTED), (), 20),
    ],
)
def test_no_fault_in_good_chains_and_where_nobody_looks(
    base: Any, chain: tuple[Certificate, ...], public: int
) -> None:
    made = case(base, answered(*chain, trust=IN_ROOT, public=public))
    assert chain_fault(BackendView(made, made.backends[0])) is None


def test_an_issuer_that_another_backend_sent_as_its_root_is_no_missing_intermediate() -> None:
    sent = {HOST: answered(LONELY), None: answered(ILB, replace(OTHER_ROOT, subject="CN=some CA"))}
    made = case(empty_v2(), by_sni={**sent})
    fault = chain_fault(BackendView(made, made.backends[0]))
    assert isinstance(fault, ChainFault)
    assert fault.kind == "root_not_trusted"


def test_the_root_by_its_name_is_shown_with_the_answer() -> None:
    made = case(v2(**LISTED), answered(LEAF, ISSUING, trust=NOT_IN_ROOT))
    fault = chain_fault(BackendView(made, made.backends[0]))
    assert isinstance(fault, ChainFault)
    assert not fault.root_sent
    assert plain(fault.evidence[1].text).startswith(
        f"against root root ({ROOT.sha256}): unable to get"
    )
